/** Code that uses nothing of the runtime must not pay for it. */
import type { Scenario } from "../harness/scenario.ts"
import { seconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "plain-code",
  question: "Does plain code run as fast under Heddle as under plain Node?",
  unit: seconds,
  conditions:
    "recursion, JSON, sorting and maps on main; under Heddle with the register hook and idle isolates",
  warmUp: "five whole passes, in which the heap grows; fifteen are timed",
  targets: [{ ours: "under heddle", against: "plain Node", must: 0.99, aim: 1 }],
  contenders: {
    "under heddle": {
      nodeArgs: ["--import", "heddle/register"],
      run: async (context) => {
        await (await import("../ours/idle.ts")).startIdle()
        return (await import("../workloads/plain-code.ts")).measurePlainCode(context)
      },
    },
    "plain Node": async (context) => {
      return (await import("../workloads/plain-code.ts")).measurePlainCode(context)
    },
  },
}
