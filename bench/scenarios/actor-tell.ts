/** Messages without an answer, at home. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "actor-tell",
  question: "How many messages a second does an actor tell another one of the same isolate?",
  unit: millionPerSecond,
  conditions:
    "a number each, added up; the teller waits every 256 messages until they were taken; erlang and nact do not wait; xstate calls the receiver directly",
  warmUp: "one run",
  targets: [{ ours: "heddle", against: "erlang", must: 1 }],
  contenders: {
    heddle: async (context) => (await import("../ours/actor.ts")).measureTell(context, "here"),
    erlang: { language: "erlang", workload: "actor-tell", count: 2000000 },
    nact: async (context) => (await import("../peers/node/actor-nact.ts")).measureTell(context),
    xstate: async (context) => (await import("../peers/node/actor-xstate.ts")).measureTell(context),
  },
}
