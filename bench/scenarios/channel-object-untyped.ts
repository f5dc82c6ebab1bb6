/** Without a schema a value says itself what it is. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "channel-object-untyped",
  question: "How many objects of about 100 bytes a second through a channel, untyped?",
  unit: millionPerSecond,
  conditions:
    "{id, name, tags[3], pos{x, y, ok}}, made by the sender, copied; no schema: structured-clone semantics",
  warmUp: "one whole stream",
  targets: [{ ours: "heddle", against: "postMessage", must: 2, aim: 5 }],
  contenders: {
    heddle: async (context) => {
      return (await import("../ours/channels.ts")).measureObjects(context, "untyped")
    },
    postMessage: async (context) => {
      const { stream } = await import("../peers/node/message-port.ts")
      return stream(context, "object", context.count(300_000))
    },
    "go, pointer": { language: "go", workload: "objects", count: 5_000_000, args: [1024] },
    "erlang, copied": { language: "erlang", workload: "objects", count: 1_000_000 },
  },
}
