/** A question and its answer, across two isolates. */
import type { Scenario } from "../harness/scenario.ts"
import { microseconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "actor-ping-far",
  question: "How long does a question to an actor of another isolate take?",
  unit: microseconds,
  conditions:
    "one actor asks another one for a number + 1 and waits, both hot; erlang: a scheduler each; comedy: a worker thread",
  warmUp: "one run",
  targets: [{ ours: "heddle", against: "erlang", must: 1 }],
  contenders: {
    heddle: async (context) =>
      (await import("../ours/actor.ts")).measurePing(context, "far", 50_000),
    erlang: { language: "erlang", workload: "actor-ping-far", count: 200000 },
    "comedy, threaded": async (context) =>
      (await import("../peers/node/actor-comedy.js")).measurePing(context, "threaded"),
  },
}
