/** Small integers through a queue from one Python interpreter to another. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "python-queue-ints",
  question: "How many small integers a second go through a queue, one putting, one getting?",
  unit: millionPerSecond,
  conditions: "a queue of concurrent.interpreters, 1000 items at most, a call for each",
  warmUp: "one whole stream",
  targets: [{ ours: "heddle", against: "native, multiprocessing", must: 1.5, aim: 2 }],
  contenders: {
    heddle: async (context) => {
      const count = context.count(200_000)
      return (await import("../ours/python.ts")).inside(context, count, "stream", count, 0)
    },
    "native, multiprocessing": { language: "python", workload: "ints", count: 200_000 },
  },
}
