/** What an idle actor weighs. */
import type { Scenario } from "../harness/scenario.ts"
import { bytes } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "actor-memory",
  question: "How many bytes does an idle actor take?",
  unit: bytes,
  conditions:
    "resident memory without free heap after 50,000 actors have handled one message, less that before; erlang: erlang:memory(total)",
  warmUp: "5,000 actors",
  targets: [{ ours: "heddle", must: 1_000, aim: 430 }],
  contenders: {
    heddle: {
      run: async (context) => (await import("../ours/actor.ts")).measureMemory(context),
      nodeArgs: ["--expose-gc"],
    },
    erlang: { language: "erlang", workload: "actor-memory", count: 50000 },
    nact: {
      run: async (context) => (await import("../peers/node/actor-nact.ts")).measureMemory(context),
      nodeArgs: ["--expose-gc"],
    },
    xstate: {
      run: async (context) =>
        (await import("../peers/node/actor-xstate.ts")).measureMemory(context),
      nodeArgs: ["--expose-gc"],
    },
  },
}
