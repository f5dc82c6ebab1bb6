/** A question and its answer, at home. */
import type { Scenario } from "../harness/scenario.ts"
import { microseconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "actor-ping",
  question: "How long does a question to an actor of the same isolate take?",
  unit: microseconds,
  conditions:
    "one actor asks another one for a number + 1 and waits; erlang: both on one scheduler",
  warmUp: "one run",
  targets: [{ ours: "heddle", against: "erlang", must: 1 }],
  contenders: {
    heddle: async (context) =>
      (await import("../ours/actor.ts")).measurePing(context, "here", 500_000),
    erlang: { language: "erlang", workload: "actor-ping", count: 1000000 },
    nact: async (context) => (await import("../peers/node/actor-nact.ts")).measurePing(context),
    "comedy, in memory": async (context) =>
      (await import("../peers/node/actor-comedy.js")).measurePing(context, "in-memory"),
  },
}
