/** What an isolate weighs. */
import type { Scenario } from "../harness/scenario.ts"
import { mebibytes } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "idle-memory",
  question: "How much memory does an idle isolate take?",
  unit: mebibytes,
  conditions:
    "anonymous resident memory (RssAnon) after starting 8 isolates that have run a task each, less " +
    "that before, by 8: the runtime's own share included",
  warmUp: "none",
  targets: [{ ours: "heddle", must: 9, aim: 5 }],
  contenders: {
    heddle: async () => (await import("../ours/idle.ts")).measureMemory(),
    "bare Worker": async () => (await import("../peers/node/idle.ts")).measureMemory(),
  },
}
