/** A Python program of one line, end to end. */
import type { Scenario } from "../harness/scenario.ts"
import { milliseconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "python-hello",
  question: 'How long does a process take that runs print("hello")?',
  unit: milliseconds,
  conditions: "from the start of the process to its end, the cache on disk filled",
  warmUp: "the same once",
  targets: [{ ours: "heddle run", must: 600, aim: 300 }],
  contenders: {
    "heddle run": async () => (await import("../ours/python.ts")).hello("heddle"),
    python3: async () => (await import("../ours/python.ts")).hello("python3"),
  },
}
