/** Poolifier's own benchmark: many factorials at once. */
import type { Scenario } from "../harness/scenario.ts"
import { seconds } from "../harness/units.ts"
import { poolContenders } from "../peers/node/contenders.ts"
import { NPM_POOLS } from "../peers/node/pools.ts"
import { factorials, factorialsOnOneThread } from "../workloads/calls.ts"

export const scenario: Scenario = {
  name: "factorial",
  question: "How long do 100,000 times factorial(1000) take, called all at once?",
  unit: seconds,
  conditions: "a number there, a bigint of about 1 KB back; one promise each; one worker per core",
  warmUp: "5,000 calls (none on one thread, where it would change nothing)",
  targets: [
    { ours: "heddle", against: "one thread", must: 1.7, aim: 1.9 },
    { ours: "heddle", against: NPM_POOLS, must: 1.5 },
  ],
  contenders: {
    heddle: async (context) => (await import("../ours/tasks.ts")).measureFactorials(context),
    "one thread": factorialsOnOneThread,
    ...poolContenders("factorial", factorials),
  },
}
