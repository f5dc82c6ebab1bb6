/** Buffers over postMessage: transferred, and copied. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { check, repeated, timed } from "../../harness/measure.ts"
import type { Context, Sample } from "../../harness/scenario.ts"

export function measureTransfer(context: Context, size: number): Promise<Sample> {
  return thereAndBack(context, size, context.count(2_000), true)
}

export function measureCopy(context: Context, size: number): Promise<Sample> {
  return thereAndBack(context, size, context.count(size > 2 ** 22 ? 10 : 500), false)
}

async function thereAndBack(
  context: Context,
  size: number,
  count: number,
  transfer: boolean,
): Promise<Sample> {
  const worker = new Worker(new URL("./buffers-worker.ts", import.meta.url))
  return repeated(context, count, async () => {
    let bytes = new Uint8Array(size)
    const duration = await timed(async () => {
      for (let i = 0; i < count; i++) {
        const answer = once(worker, "message")
        worker.postMessage({ bytes, transfer }, transfer ? [bytes.buffer] : [])
        bytes = (await answer)[0]
      }
    })
    check("first byte", bytes[0], count & 255)
    return duration
  })
}
