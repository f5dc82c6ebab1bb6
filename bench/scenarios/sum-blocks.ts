/** Computing on shared memory: the blocks are handed over, never copied. */
import type { Scenario } from "../harness/scenario.ts"
import { seconds } from "../harness/units.ts"

/** 15,258 blocks of 65,536 numbers, as near to 1e9 as whole blocks come. */
const COUNT = 15_258 * 65_536

export const scenario: Scenario = {
  name: "sum-blocks",
  question: "How long does summing 1e9 int32 in shared blocks take?",
  unit: seconds,
  conditions:
    "64 blocks of 65,536 numbers, handed out in turn through a queue, at most 8 at a time; summed by " +
    "calls of 1,024",
  warmUp: "one whole sum",
  targets: [
    { ours: "heddle, two isolates", against: "heddle, one isolate", must: 1.8, aim: 1.95 },
    { ours: "heddle, two isolates", must: 0.7, aim: 0.57 },
  ],
  contenders: {
    "heddle, one isolate": async (context) => {
      return (await import("../ours/sum.ts")).measureSum(context, context.count(COUNT, 65_536), 1)
    },
    "heddle, two isolates": async (context) => {
      return (await import("../ours/sum.ts")).measureSum(context, context.count(COUNT, 65_536), 2)
    },
    "plain, one thread": async (context) => {
      const { measureSum } = await import("../workloads/plain.ts")
      return measureSum(context, context.count(COUNT, 65_536))
    },
    "go, two goroutines": {
      language: "go",
      workload: "sum",
      count: COUNT,
      least: 65_536,
      args: [2],
    },
    "java, two threads": {
      language: "java",
      workload: "sum",
      count: COUNT,
      least: 65_536,
      args: [2],
    },
  },
}
