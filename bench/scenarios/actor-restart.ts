/** Back after a failure. */
import type { Scenario } from "../harness/scenario.ts"
import { milliseconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "actor-restart",
  question: "How long is a supervised actor away that has failed?",
  unit: milliseconds,
  conditions:
    "from the question that makes it fail to the answer of the next life; erlang: supervisor, exit, and a call that is tried until it is answered",
  warmUp: "none",
  targets: [{ ours: "heddle", must: 1 }],
  contenders: {
    heddle: async (context) => (await import("../ours/actor.ts")).measureRestart(context, "fail"),
    erlang: { language: "erlang", workload: "actor-restart", count: 1000 },
  },
}
