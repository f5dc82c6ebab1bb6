/** Back after the death of an isolate. */
import type { Scenario } from "../harness/scenario.ts"
import { milliseconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "actor-restart-isolate",
  question: "How long is a supervised actor away whose isolate has died?",
  unit: milliseconds,
  conditions:
    "from the question that ends its isolate to the answer of the next life, in another isolate that runs; alone: one isolate, whose successor is kept ready",
  warmUp: "none",
  targets: [
    { ours: "heddle", must: 50 },
    { ours: "heddle, alone", must: 50 },
  ],
  contenders: {
    heddle: async (context) => (await import("../ours/actor.ts")).measureRestart(context, "exit"),
    "heddle, alone": async (context) =>
      (await import("../ours/actor.ts")).measureRestart(context, "exit", 1),
  },
}
