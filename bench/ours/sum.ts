/** Sums blocks of shared memory that isolates take from a channel. */
import { type Channel, channel, go, sharedArray, start, task } from "heddle"
import { check, repeated, timed } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"
import { BLOCK_LENGTH, BLOCKS, fillBlock, sumBlock, sumOfBlock } from "../workloads/blocks.ts"

/** Blocks taken from the channel at once: as many as pay for waking a receiver. */
const BATCH = 8

/**
 * Computes in functions that do not await. Called from the loop itself, `sumBlock` would be
 * compiled into the asynchronous function, by the engine's middle compiler, and stay there at half
 * its speed; so it would in a bare worker.
 */
function sumBatch(batch: readonly Int32Array[]): number {
  return batch.reduce((sum, block) => sum + sumBlock(block), 0)
}

export const sumBlocks = task(
  import.meta.url,
  "sumBlocks",
  async (blocks: Channel<Int32Array>): Promise<number> => {
    let sum = 0
    for await (const batch of blocks.batches(BATCH)) sum += sumBatch(batch)
    return sum
  },
)

export async function measureSum(
  context: Context,
  count: number,
  isolates: number,
): Promise<Sample> {
  await start({ isolates })
  const blocks = Array.from({ length: BLOCKS }, () => {
    const block = sharedArray(Int32Array, BLOCK_LENGTH)
    fillBlock(block)
    return block
  })
  const passes = count / BLOCK_LENGTH
  return repeated(context, count, async () => {
    let sum = 0
    const duration = await timed(async () => {
      const queue = channel<Int32Array>(BLOCKS)
      const summing = Array.from({ length: isolates }, () => go(sumBlocks, queue))
      for (let i = 0; i < passes; i++) await queue.send(blocks[i % BLOCKS])
      queue.close()
      for (const part of await Promise.all(summing)) sum += part
    })
    check("sum", sum, passes * sumOfBlock)
    return duration
  })
}
