/** Balance of tasks: 0.2 to 2 times the base. */
import type { Scenario } from "../harness/scenario.ts"
import { percentOfIdeal } from "../harness/units.ts"
import { poolContenders } from "../peers/node/contenders.ts"
import { unequalLoad } from "../workloads/calls.ts"

export const scenario: Scenario = {
  name: "load-random",
  question: "How near to ideal (work / cores) are 400 tasks, 0.2 to 2 times the base?",
  unit: percentOfIdeal,
  conditions:
    "400 calls at once, base 200,000 rounds of a generator, seed 12345; ideal from one thread",
  warmUp: "the whole load once on one thread and once on the pool",
  targets: [{ ours: "heddle", must: 85, aim: 95 }],
  contenders: {
    heddle: async (context) => (await import("../ours/tasks.ts")).measureLoad(context, "random"),
    ...poolContenders("spin", (context, run) => unequalLoad(context, "random", run)),
  },
}
