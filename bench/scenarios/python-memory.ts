/** What one more Python interpreter costs in memory. */
import type { Scenario } from "../harness/scenario.ts"
import { mebibytes } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "python-memory",
  question: "How much does the process grow with each further interpreter?",
  unit: mebibytes,
  conditions: "resident memory, four more interpreters that have run an empty script",
  warmUp: "one further interpreter and the spare",
  targets: [{ ours: "heddle", must: 75, aim: 50 }],
  contenders: {
    heddle: async () => (await import("../ours/python.ts")).furtherMemory(),
  },
}
