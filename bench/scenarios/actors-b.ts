/** Messages are made, sent and summed in large batches. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

const ours = ["heddle, shared blocks", "heddle, objects"]

export const scenario: Scenario = {
  name: "actors-b",
  question:
    "samsquire's actors, b: how many messages a second when lists of 25,000 messages are created, sent and summed?",
  unit: millionPerSecond,
  conditions:
    "two actors send to each other; a message says from, to and body; heddle: columns of a shared block, or objects by sendMany; java: a list of new objects",
  warmUp: "one whole run; java two",
  targets: [
    { ours, against: "java, creators and senders apart", must: 10 },
    { ours, against: ["java, flag mailboxes", "java, LinkedTransferQueue"] },
  ],
  contenders: {
    "heddle, shared blocks": async (context) => {
      return (await import("../ours/actors.ts")).measureBlocks(context)
    },
    "heddle, objects": async (context) => {
      return (await import("../ours/actors.ts")).measureObjects(context)
    },
    "java, creators and senders apart": {
      language: "java",
      workload: "actors-b-crowd",
      count: 50_000_000,
      least: 50_000,
    },
    "java, flag mailboxes": {
      language: "java",
      workload: "actors-b-flags",
      count: 50_000_000,
      least: 50_000,
    },
    "java, LinkedTransferQueue": {
      language: "java",
      workload: "actors-b-queue",
      count: 50_000_000,
      least: 50_000,
    },
  },
}
