/** Four Fibonacci numbers in a pool of two interpreters, against one interpreter. */
import type { Scenario } from "../harness/scenario.ts"
import { seconds } from "../harness/units.ts"

const N = { full: 30, quick: 24, smoke: 8 } as const

export const scenario: Scenario = {
  name: "python-fib",
  question: "How long do four fib(30) take in Python?",
  unit: seconds,
  conditions: "Python code as it is; the pool's interpreters run already; native: one process",
  warmUp: "fib(30) once in each interpreter",
  targets: [{ ours: "pool of two", against: "one interpreter", must: 1.8, aim: 1.95 }],
  contenders: {
    "pool of two": async (context) => {
      return (await import("../ours/python.ts")).inside(context, 1, "fib_pool", N[context.size])
    },
    "one interpreter": async (context) => {
      return (await import("../ours/python.ts")).inside(context, 1, "fib_alone", N[context.size])
    },
    "native, one": { language: "python", workload: "fib", count: N },
  },
}
