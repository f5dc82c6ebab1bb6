/** Throughput of small remote tasks. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"
import { poolContenders } from "../peers/node/contenders.ts"
import { NPM_POOLS } from "../peers/node/pools.ts"
import { inFlight } from "../workloads/calls.ts"

export const scenario: Scenario = {
  name: "task-in-flight",
  question: "How many small tasks a second with 10,000 in flight?",
  unit: millionPerSecond,
  conditions:
    "a number there, a number back, copied; waves of 10,000, 200,000 in all; a promise each",
  warmUp: "200,000 calls",
  targets: [
    { ours: "heddle", against: NPM_POOLS, must: 25, aim: 45 },
    { ours: "heddle", against: "MessagePort", must: 5, aim: 12 },
  ],
  contenders: {
    heddle: async (context) => (await import("../ours/tasks.ts")).measureInFlight(context),
    ...poolContenders("increment", inFlight),
    "go, goroutine and result": { language: "go", workload: "spawn", count: 1_000_000 },
    "java, executor": { language: "java", workload: "executor", count: 1_000_000 },
  },
}
