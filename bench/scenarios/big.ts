/** Many actors ping each other at random. */
import { BIG_ACTORS, BIG_PINGS } from "../harness/savina.ts"
import type { Contender, Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

const ours = (isolates: number): Contender => {
  return async (context) =>
    (await import("../ours/savina.ts")).measureBig(context, BIG_PINGS, isolates)
}

/** Erlang counts messages: a ping and its answer for each ping of each. */
const EACH = 2 * BIG_ACTORS

const erlang = (schedulers: number): Contender => {
  const count = EACH * BIG_PINGS
  return { language: "erlang", workload: "big", count, least: EACH, args: [schedulers] }
}

export const scenario: Scenario = {
  name: "big",
  question: "How many messages a second do 120 actors exchange that ping each other (Savina)?",
  unit: millionPerSecond,
  conditions:
    "20,000 pings each (nact: 500), to one of the 120 at random, the next when the last is answered; " +
    "a ping carries its sender; making the actors and stopping them included; actors spread over the " +
    "isolates, processes over the schedulers",
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
    nact: async (context) => (await import("../peers/node/savina-nact.ts")).measureBig(context),
  },
}
