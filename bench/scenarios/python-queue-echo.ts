/** There and back between two Python interpreters. */
import type { Scenario } from "../harness/scenario.ts"
import { microseconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "python-queue-echo",
  question: "How long is a small integer's way to another interpreter and back?",
  unit: microseconds,
  conditions:
    "two queues of concurrent.interpreters, one item at a time; CPython's own look every 10 ms, " +
    "so that natively it is 10,200 µs: the targets are 100 and 500 times less",
  warmUp: "a tenth of the items",
  targets: [{ ours: "heddle", must: 102, aim: 20.4 }],
  contenders: {
    heddle: async (context) => {
      const count = context.count(20_000)
      return (await import("../ours/python.ts")).inside(context, count, "echo", count)
    },
    "native, multiprocessing": { language: "python", workload: "echo", count: 5_000 },
  },
}
