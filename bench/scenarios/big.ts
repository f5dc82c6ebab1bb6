/** Many actors ping each other at random. */
import { BIG_ACTORS, BIG_PINGS, runners, TARGETS } from "../harness/savina.ts"
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

/** Erlang counts messages: a ping and its answer for each ping of each. */
const EACH = 2 * BIG_ACTORS

export const scenario: Scenario = {
  name: "big",
  question: "How many messages a second do 120 actors exchange that ping each other (Savina)?",
  unit: millionPerSecond,
  conditions:
    "20,000 pings each (nact: 500), to one of the 120 at random, the next when the last is answered; " +
    "a ping carries its sender; making the actors and stopping them included; actors spread over the " +
    "isolates, processes over the schedulers",
  warmUp: "one run",
  targets: TARGETS,
  contenders: runners(
    (isolates) => async (context) =>
      (await import("../ours/savina.ts")).measureBig(context, BIG_PINGS, isolates),
    { workload: "big", count: EACH * BIG_PINGS, least: EACH },
    async (context) => (await import("../peers/node/savina-nact.ts")).measureBig(context),
  ),
}
