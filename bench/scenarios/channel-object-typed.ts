/** With a schema the codec is compiled. */
import type { Scenario } from "../harness/scenario.ts"
import { millionPerSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "channel-object-typed",
  question: "How many objects of about 100 bytes a second through a channel, typed?",
  unit: millionPerSecond,
  conditions:
    "{id, name, tags[3], pos{x, y, ok}}, made by the sender, copied; a struct's codec, compiled",
  warmUp: "one whole stream",
  targets: [{ ours: "heddle", against: "postMessage", must: 15, aim: 23 }],
  contenders: {
    heddle: async (context) => {
      return (await import("../ours/channels.ts")).measureObjects(context, "typed")
    },
    postMessage: async (context) => {
      const { stream } = await import("../peers/node/message-port.ts")
      return stream(context, "object", context.count(300_000))
    },
    "go, pointer": { language: "go", workload: "objects", count: 5_000_000, args: [1024] },
    "erlang, copied": { language: "erlang", workload: "objects", count: 1_000_000 },
  },
}
