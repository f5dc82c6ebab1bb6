/** What an isolate weighs. */
import type { Scenario } from "../harness/scenario.ts"
import { mebibytes } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "idle-memory",
  question: "How much memory does an idle isolate take?",
  unit: mebibytes,
  conditions:
    "anonymous resident memory (RssAnon) 15 s after 8 isolates have run their first task, less that " +
    "before their start, by 8: the runtime's own share included",
  warmUp: "none",
  targets: [{ ours: "heddle", must: 9, aim: 5 }],
  contenders: {
    heddle: async (context) => (await import("../ours/idle.ts")).measureMemory(context),
    "bare Worker": async (context) =>
      (await import("../peers/node/idle.ts")).measureMemory(context),
  },
}
