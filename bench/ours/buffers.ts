/** Buffers that change hands: moved, and shared. */
import { type Channel, channel, go, move, sharedBytes, task } from "heddle"
import { check, repeated, timed } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"

export const sendBackMoved = task(
  import.meta.url,
  "sendBackMoved",
  async (from: Channel<Uint8Array>, to: Channel<Uint8Array>): Promise<void> => {
    for await (const bytes of from) {
      bytes[0]++
      await to.send(move(bytes))
    }
  },
)

export const sendBackShared = task(
  import.meta.url,
  "sendBackShared",
  async (from: Channel<Uint8Array>, to: Channel<Uint8Array>): Promise<void> => {
    for await (const bytes of from) {
      bytes[0]++
      await to.send(bytes)
    }
  },
)

export function measureMove(context: Context, size: number): Promise<Sample> {
  const count = context.count(2_000)
  return repeated(context, count, async () => {
    const there = channel<Uint8Array>(4)
    const back = channel<Uint8Array>(4)
    const echo = go(sendBackMoved, there, back)
    let bytes: Uint8Array = new Uint8Array(size)
    const duration = await timed(async () => {
      for (let i = 0; i < count; i++) {
        await there.send(move(bytes))
        bytes = await back.receive()
      }
    })
    check("first byte", bytes[0], count & 255)
    check("length", bytes.length, size)
    there.close()
    await echo
    return duration
  })
}

export function measureShared(context: Context, size: number): Promise<Sample> {
  const count = context.count(20_000)
  const bytes = sharedBytes(size)
  return repeated(context, count, async () => {
    const there = channel<Uint8Array>(4)
    const back = channel<Uint8Array>(4)
    const echo = go(sendBackShared, there, back)
    bytes[0] = 0
    const duration = await timed(async () => {
      for (let i = 0; i < count; i++) {
        await there.send(bytes)
        await back.receive()
      }
    })
    check("first byte", bytes[0], count & 255)
    there.close()
    await echo
    return duration
  })
}
