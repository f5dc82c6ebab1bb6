/** A token goes round a ring of actors. */
import { RING_HOPS } from "../harness/savina.ts"
import type { Contender, Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

const ours = (isolates: number): Contender => {
  return async (context) =>
    (await import("../ours/savina.ts")).measureRing(context, RING_HOPS, isolates)
}

const erlang = (schedulers: number): Contender => {
  return { language: "erlang", workload: "threadring", count: RING_HOPS, args: [schedulers] }
}

export const scenario: Scenario = {
  name: "threadring",
  question: "How many hops a second does a token make in a ring of 100 actors (Savina)?",
  unit: millionPerSecond,
  conditions:
    "100,000 hops, a number each, one message on its way at a time; making the ring and stopping it " +
    "included; actors spread over the isolates, processes over the schedulers",
  warmUp: "one run",
  targets: [
    { ours: "heddle, one isolate", against: "erlang, one scheduler" },
    { ours: "heddle, two isolates", against: "erlang, two schedulers" },
  ],
  contenders: {
    "heddle, one isolate": ours(1),
    "heddle, two isolates": ours(2),
    "erlang, one scheduler": erlang(1),
    "erlang, two schedulers": erlang(2),
    nact: async (context) => (await import("../peers/node/savina-nact.ts")).measureRing(context),
  },
}
