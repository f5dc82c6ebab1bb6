/** How soon one more Python interpreter has run something. */
import type { Scenario } from "../harness/scenario.ts"
import { milliseconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "python-start",
  question: "How long until a further interpreter has run an empty script?",
  unit: milliseconds,
  conditions: "create() and exec(''); cold: the first one, no thread of which has begun to load",
  warmUp: "none: start-up is the question; the cache on disk is filled",
  targets: [
    { ours: "cold", must: 250, aim: 120 },
    { ours: "from the spare", must: 10, aim: 2 },
  ],
  contenders: {
    cold: async () => (await import("../ours/python.ts")).furtherReady(false),
    "from the spare": async () => (await import("../ours/python.ts")).furtherReady(true),
  },
}
