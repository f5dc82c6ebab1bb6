/** Each message is made and sent by itself. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

const ours = ["heddle, object", "heddle, int32"]
const against = ["java, flag mailboxes", "java, LinkedTransferQueue"]

export const scenario: Scenario = {
  name: "actors-c",
  question:
    "samsquire's actors, c: how many messages a second when messages are created and sent one by one?",
  unit: millionPerSecond,
  conditions:
    "two actors send to each other; heddle: one trySend of an object of three numbers, or of a number alone, through channels of 65,536; java: a new object in a list of one",
  warmUp: "one whole run; java two",
  targets: [
    { ours, against, must: 10 },
    { ours: "heddle, object", against },
  ],
  contenders: {
    "heddle, object": async (context) => {
      return (await import("../ours/actors.ts")).measureOneByOne(context)
    },
    "heddle, int32": async (context) => {
      return (await import("../ours/actors.ts")).measureIntsOneByOne(context)
    },
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
