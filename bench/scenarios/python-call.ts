/** A call in another Python interpreter. */
import type { Scenario } from "../harness/scenario.ts"
import { microseconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "python-call",
  question: "How long does Interpreter.call take, the result included?",
  unit: microseconds,
  conditions: "pow(2, 5), pickled as CPython does, one call after the other",
  warmUp: "a tenth of the calls",
  targets: [{ ours: "heddle", must: 100, aim: 50 }],
  contenders: {
    heddle: async (context) => {
      const count = context.count(5_000)
      return (await import("../ours/python.ts")).inside(context, count, "call", count)
    },
  },
}
