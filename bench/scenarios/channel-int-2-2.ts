/** Two senders and two receivers on one channel. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "channel-int-2-2",
  question: "How many integers a second go through one channel with two senders and two receivers?",
  unit: millionPerSecond,
  conditions: "4-byte integers, copied; a sender and a receiver in each of two isolates",
  warmUp: "one whole stream",
  targets: [{ ours: "heddle", aim: 30 }],
  contenders: {
    heddle: async (context) => (await import("../ours/channels.ts")).measureTwoToTwo(context),
    "MessagePort, two pairs": async (context) => {
      const { stream } = await import("../peers/node/message-port.ts")
      return stream(context, "int", context.count(500_000), 2)
    },
    "go, capacity 1024": {
      language: "go",
      workload: "ints22",
      count: 10_000_000,
      least: 2,
      args: [1024],
    },
  },
}
