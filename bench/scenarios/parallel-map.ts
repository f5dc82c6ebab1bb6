/** What a parallel loop costs when its body does nothing. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "parallel-map",
  question: "How many numbers a second does `parallel.map` of a no-op take, over a million?",
  unit: millionPerSecond,
  conditions:
    "x => x + 1 over 1,000,000 numbers in a plain array, results in a plain array, in order",
  warmUp: "one whole pass",
  targets: [{ ours: "heddle", must: 30, aim: 50 }],
  contenders: {
    heddle: async (context) => (await import("../ours/parallel.ts")).measureMap(context),
    "Array.map on one thread": async (context) => {
      return (await import("../workloads/plain.ts")).measureMap(context)
    },
  },
}
