/** What the questions about the balance of tasks have in common. */
import { poolContenders } from "../peers/node/contenders.ts"
import { unequalLoad } from "../workloads/calls.ts"
import type { Shape } from "../workloads/load.ts"
import type { Scenario } from "./scenario.ts"
import { percentOfIdeal } from "./units.ts"

/** The question for one shape of load; `sizes` is the shape in words. */
export function loadScenario(shape: Shape, sizes: string): Scenario {
  return {
    name: `load-${shape}`,
    question: `How near to ideal (work / cores) are 400 tasks, ${sizes}?`,
    unit: percentOfIdeal,
    conditions:
      "400 calls at once, base 200,000 rounds of a generator, seed 12345; ideal from one thread",
    warmUp: "the whole load once on one thread and once on the pool",
    targets: [{ ours: "heddle", must: 85, aim: 95 }],
    contenders: {
      heddle: async (context) => (await import("../ours/tasks.ts")).measureLoad(context, shape),
      ...poolContenders("spin", (context, run) => unequalLoad(context, shape, run)),
    },
  }
}
