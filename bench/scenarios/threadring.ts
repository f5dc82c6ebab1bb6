/** A token goes round a ring of actors. */
import { RING_HOPS, runners, TARGETS } from "../harness/savina.ts"
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "threadring",
  question: "How many hops a second does a token make in a ring of 100 actors (Savina)?",
  unit: millionPerSecond,
  conditions:
    "100,000 hops, a number each, one message on its way at a time; making the ring and stopping it " +
    "included; actors spread over the isolates, processes over the schedulers",
  warmUp: "one run",
  targets: TARGETS,
  contenders: runners(
    (isolates) => async (context) =>
      (await import("../ours/savina.ts")).measureRing(context, RING_HOPS, isolates),
    { workload: "threadring", count: RING_HOPS },
    async (context) => (await import("../peers/node/savina-nact.ts")).measureRing(context),
  ),
}
