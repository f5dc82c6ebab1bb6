/** What a fork costs that nobody steals, and what stealing gives. */
import type { Scenario, Size } from "../harness/scenario.ts"
import { seconds } from "../harness/units.ts"

const N: Record<Size, number> = { full: 36, quick: 32, smoke: 20 }

export const scenario: Scenario = {
  name: "fork-join",
  question: "How long does fib(36) take when every call is a fork?",
  unit: seconds,
  conditions: "fork-join down to n < 2, no cut-off; plain recursion is the same without forks",
  warmUp: "fib(36) once",
  targets: [
    { ours: "heddle, one isolate", against: "plain recursion", must: 1 / 4, aim: 1 / 1.6 },
    { ours: "heddle, two isolates", against: "heddle, one isolate", must: 1.25, aim: 1.4 },
  ],
  contenders: {
    "plain recursion": async (context) => {
      return (await import("../workloads/plain.ts")).measureFib(context, N[context.size])
    },
    "heddle, one isolate": async (context) => {
      return (await import("../ours/fork-join.ts")).measureFib(context, N[context.size], 1)
    },
    "heddle, two isolates": async (context) => {
      return (await import("../ours/fork-join.ts")).measureFib(context, N[context.size], 2)
    },
    "java, one thread": { language: "java", workload: "fork-join-fib", count: N, args: [1] },
    "java, two threads": { language: "java", workload: "fork-join-fib", count: N, args: [2] },
  },
}
