/** Latency of a remote task while the runtime is hot. */
import type { Scenario } from "../harness/scenario.ts"
import { microseconds } from "../harness/units.ts"
import { poolContenders } from "../peers/node/contenders.ts"
import { NPM_POOLS } from "../peers/node/pools.ts"
import { oneByOne } from "../workloads/calls.ts"

export const scenario: Scenario = {
  name: "task-one-by-one",
  question: "How long does one small task take when each is awaited before the next?",
  unit: microseconds,
  conditions: "a number there, a number back, copied; 20,000 calls; one worker per core",
  warmUp: "20,000 calls",
  targets: [
    { ours: "heddle", against: NPM_POOLS, must: 4, aim: 8 },
    { ours: "heddle", against: "MessagePort" },
  ],
  contenders: {
    heddle: async (context) => (await import("../ours/tasks.ts")).measureOneByOne(context),
    ...poolContenders("increment", oneByOne),
    "go, two channels": { language: "go", workload: "roundtrip", count: 200_000 },
    "erlang, message and answer": { language: "erlang", workload: "roundtrip", count: 200_000 },
  },
}
