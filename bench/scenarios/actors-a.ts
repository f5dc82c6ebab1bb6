/** A batch handed over by reference: what is measured is the summing and the hand-over. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

const ours = ["heddle, handle", "heddle, number"]

export const scenario: Scenario = {
  name: "actors-a",
  question:
    "samsquire's actors, a: how many messages a second when the same list of 2,500 prepared messages is handed over again and again?",
  unit: millionPerSecond,
  conditions:
    "two actors send to each other; at most 512 lists on their way; heddle: the list is shared memory, handed over as a handle, or by its number where both actors know the lists; java: a list of objects by reference",
  warmUp: "one whole run; java two",
  targets: [{ ours, against: "java, flag mailboxes", must: 1 }],
  contenders: {
    "heddle, handle": async (context) => {
      return (await import("../ours/actors.ts")).measureHandedOver(context)
    },
    "heddle, number": async (context) => {
      return (await import("../ours/actors.ts")).measureHandedOverByNumber(context)
    },
    "java, flag mailboxes": {
      language: "java",
      workload: "actors-a-flags",
      count: 1_000_000_000,
      least: 5_000,
    },
    "java, LinkedTransferQueue": {
      language: "java",
      workload: "actors-a-queue",
      count: 1_000_000_000,
      least: 5_000,
    },
  },
}
