/** Small tasks in a pool of Python interpreters. */
import type { Scenario } from "../harness/scenario.ts"
import { microseconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "python-pool",
  question: "How long does InterpreterPoolExecutor take for each of many small tasks?",
  unit: microseconds,
  conditions: "pow(i, 2) by map, two interpreters; 5,000 a second are 200 µs, 15,000 are 67 µs",
  warmUp: "a tenth of the tasks",
  targets: [{ ours: "heddle", must: 200, aim: 67 }],
  contenders: {
    heddle: async (context) => {
      const count = context.count(5_000)
      return (await import("../ours/python.ts")).inside(context, count, "pool", count)
    },
  },
}
