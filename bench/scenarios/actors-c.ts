/** Each message is made and sent by itself. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "actors-c",
  question:
    "samsquire's actors, c: how many messages a second when messages are created and sent one by one?",
  unit: millionPerSecond,
  conditions:
    "two actors send to each other; heddle: a channel of int32, one send per message; java: a list of one new object",
  warmUp: "one whole run; java two",
  targets: [
    { ours: "heddle", against: ["java, flag mailboxes", "java, LinkedTransferQueue"], must: 10 },
  ],
  contenders: {
    heddle: async (context) => (await import("../ours/actors.ts")).measureOneByOne(context),
    "java, flag mailboxes": {
      language: "java",
      workload: "actors-c-flags",
      count: 5_000_000,
      least: 2,
    },
    "java, LinkedTransferQueue": {
      language: "java",
      workload: "actors-c-queue",
      count: 5_000_000,
      least: 2,
    },
  },
}
