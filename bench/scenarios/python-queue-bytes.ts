/** Megabytes through a queue from one Python interpreter to another. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "python-queue-bytes",
  question: "How many bytes a second go through a queue in pieces of 1 MiB?",
  unit: millionPerSecond,
  conditions: "bytes objects, copied into shared memory and out of it; millions of bytes a second",
  warmUp: "one whole stream",
  targets: [{ ours: "heddle", must: 4_000, aim: 8_000 }],
  contenders: {
    heddle: async (context) => {
      const count = context.count(2_000)
      const { inside } = await import("../ours/python.ts")
      return await inside(context, count * 2 ** 20, "stream", count, 2 ** 20)
    },
    "native, multiprocessing": { language: "python", workload: "bytes", count: 500 },
  },
}
