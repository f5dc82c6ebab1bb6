/** The fast ways through a channel: batches, and tryReceive with a receive when it is empty. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

const ours = ["heddle, batches", "heddle, tryReceive"]

export const scenario: Scenario = {
  name: "channel-int",
  question: "How many integers a second go through a channel, one sender, one receiver?",
  unit: millionPerSecond,
  conditions:
    "4-byte integers, copied, each sent by a call of its own; heddle: capacity 4096, `of: i32`, both " +
    "sides wait as the runtime does (a short spin, then parked); main only looks on",
  warmUp: "one whole stream",
  targets: [
    { ours, against: "MessagePort", must: 80, aim: 100 },
    { ours, against: "go, capacity 1024", must: 3, aim: 4 },
  ],
  contenders: {
    "heddle, batches": async (context) => {
      return (await import("../ours/channels.ts")).measureInts(context, "batches")
    },
    "heddle, tryReceive": async (context) => {
      return (await import("../ours/channels.ts")).measureInts(context, "try")
    },
    MessagePort: async (context) => {
      const { stream } = await import("../peers/node/message-port.ts")
      return stream(context, "int", context.count(1_000_000))
    },
    "go, capacity 1024": { language: "go", workload: "ints", count: 10_000_000, args: [1024] },
    "go, unbuffered": { language: "go", workload: "ints", count: 5_000_000, args: [0] },
    "erlang, one way": { language: "erlang", workload: "ints", count: 2_000_000 },
    "java, ring of our own": { language: "java", workload: "ints-ring", count: 50_000_000 },
    "java, ArrayBlockingQueue": {
      language: "java",
      workload: "ints-array-blocking-queue",
      count: 5_000_000,
    },
  },
}
