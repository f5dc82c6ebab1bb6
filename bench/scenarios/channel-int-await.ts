/** The plain way through a channel: everybody's first program. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "channel-int-await",
  question: "How many integers a second with plain `await send` and `await receive`?",
  unit: millionPerSecond,
  conditions: "4-byte integers, copied, one await per message on both sides; capacity 4096",
  warmUp: "one whole stream",
  targets: [{ ours: "heddle, await", against: "MessagePort", must: 8, aim: 12 }],
  contenders: {
    "heddle, await": async (context) => {
      return (await import("../ours/channels.ts")).measureInts(context, "await")
    },
    "heddle, for await": async (context) => {
      return (await import("../ours/channels.ts")).measureInts(context, "iterate")
    },
    MessagePort: async (context) => {
      const { stream } = await import("../peers/node/message-port.ts")
      return stream(context, "int", context.count(1_000_000))
    },
    "go, unbuffered": { language: "go", workload: "ints", count: 5_000_000, args: [0] },
  },
}
