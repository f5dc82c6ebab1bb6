/** No grouping: each message can be received as soon as it is sent. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "channel-int-visible",
  question: "How many integers a second when each has to be visible at once?",
  unit: millionPerSecond,
  conditions: "4-byte integers, copied, one sender, one receiver, published after each send",
  warmUp: "one whole stream",
  targets: [{ ours: "heddle", aim: 30 }],
  contenders: {
    heddle: async (context) => {
      return (await import("../ours/channels.ts")).measureInts(context, "visible")
    },
    MessagePort: async (context) => {
      const { stream } = await import("../peers/node/message-port.ts")
      return stream(context, "int", context.count(1_000_000))
    },
    "go, capacity 1024": { language: "go", workload: "ints", count: 10_000_000, args: [1024] },
    "java, ring of our own": { language: "java", workload: "ints-ring", count: 50_000_000 },
  },
}
