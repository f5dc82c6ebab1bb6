/** Blocks of 65,536 numbers and their sum. Imports nothing that starts a runtime. */
import { sumChunk } from "./functions.js"

export const BLOCK_LENGTH = 65_536
export const BLOCKS = 64
const CHUNK = 1024

/** Fills a block with 0 … 1023, over and over. */
export function fillBlock(block: Int32Array): Int32Array {
  for (let i = 0; i < block.length; i++) block[i] = i & 1023
  return block
}

/** What a filled block sums to. */
export const sumOfBlock = (BLOCK_LENGTH / 1024) * ((1023 * 1024) / 2)

/** Sums a block chunk by chunk: a kernel called often is compiled best. */
export function sumBlock(block: Int32Array): number {
  let sum = 0
  for (let from = 0; from < block.length; from += CHUNK) sum += sumChunk(block, from, from + CHUNK)
  return sum
}
