/** Large memory crosses without being copied. */
import type { Contender, Context, Sample, Scenario } from "../harness/scenario.ts"
import { microseconds } from "../harness/units.ts"

const SIZES = { "64 KiB": 2 ** 16, "1 MiB": 2 ** 20, "64 MiB": 2 ** 26 }

function perSize(
  label: string,
  measure: (context: Context, bytes: number) => Promise<Sample>,
): Record<string, Contender> {
  return Object.fromEntries(
    Object.entries(SIZES).map(([size, bytes]) => [
      `${label} ${size}`,
      (context: Context) => measure(context, bytes),
    ]),
  )
}

export const scenario: Scenario = {
  name: "buffers",
  question: "How long does it take to hand a buffer to another isolate and get it back?",
  unit: microseconds,
  conditions:
    "one buffer goes there and back; the other side writes one byte, the sender checks it",
  warmUp: "200 times there and back",
  targets: [
    { ours: "move 64 MiB", against: "move 64 KiB", must: 0.5 },
    { ours: "sharedBytes 64 MiB", against: "sharedBytes 64 KiB", must: 0.5 },
    { ours: "move 64 MiB", against: "postMessage copy 64 MiB" },
  ],
  contenders: {
    ...perSize("move", async (context, bytes) => {
      return (await import("../ours/buffers.ts")).measureMove(context, bytes)
    }),
    ...perSize("sharedBytes", async (context, bytes) => {
      return (await import("../ours/buffers.ts")).measureShared(context, bytes)
    }),
    ...perSize("postMessage transfer", async (context, bytes) => {
      return (await import("../peers/node/buffers.ts")).measureTransfer(context, bytes)
    }),
    ...perSize("postMessage copy", async (context, bytes) => {
      return (await import("../peers/node/buffers.ts")).measureCopy(context, bytes)
    }),
  },
}
