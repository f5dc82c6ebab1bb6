/** How soon a program gets its first result. */
import type { Scenario } from "../harness/scenario.ts"
import { milliseconds } from "../harness/units.ts"
import { firstTaskContenders } from "../workloads/idle.ts"

export const scenario: Scenario = {
  name: "first-task",
  question: "How long from the first call to its result, nothing having been started before?",
  unit: milliseconds,
  conditions:
    "the library is imported already, except where the label says so; a number there and back",
  warmUp: "none: start-up is the question",
  targets: [{ ours: "heddle", must: 30 }],
  contenders: {
    heddle: async () => (await import("../ours/idle.ts")).measureFirstTask(),
    "heddle, import included": async () => {
      return (await import("../workloads/idle.ts")).measureFirstTaskWithImport()
    },
    "bare Worker": async () => (await import("../peers/node/idle.ts")).measureFirstMessage(),
    ...firstTaskContenders,
  },
}
