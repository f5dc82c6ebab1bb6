/** Messages without an answer, across two isolates. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "actor-tell-far",
  question: "How many messages a second does an actor tell another one of another isolate?",
  unit: millionPerSecond,
  conditions:
    "a number each, added up; the teller waits every 256 messages until they were taken; erlang: a scheduler each, no waiting",
  warmUp: "one run",
  targets: [{ ours: "heddle", against: "erlang", must: 1 }],
  contenders: {
    heddle: async (context) => (await import("../ours/actor.ts")).measureTell(context, "far"),
    erlang: { language: "erlang", workload: "actor-tell-far", count: 2000000 },
  },
}
