/** Fresh shared memory with living isolates, for tests of what lies in it. */
import type { Arena } from "../../src/internal/memory/arena.ts"
import { found } from "../../src/internal/memory/chunks.ts"
import {
  ARENA,
  CHUNK_WORDS,
  HEAD_VERSION,
  LAYOUT_VERSION,
} from "../../src/internal/memory/layout.ts"
import { newToken, settle } from "../../src/internal/memory/owners.ts"

/** Words of a memory with about `chunks` chunks. */
export function wordsFor(chunks: number): number {
  return (Math.ceil((ARENA + 1024) / CHUNK_WORDS) + chunks) * CHUNK_WORDS
}

/** A founded memory of about `chunks` chunks and the tokens of `isolates` living isolates. */
export function freshMemory(
  chunks: number,
  isolates: number,
): { words: Int32Array; tokens: number[] } {
  const words = new Int32Array(new SharedArrayBuffer(wordsFor(chunks) * 4))
  words[HEAD_VERSION] = LAYOUT_VERSION
  found(words)
  const tokens: number[] = []
  for (let slot = 0; slot < isolates; slot++) {
    const token = newToken(words, slot)
    settle(words, token)
    tokens.push(token)
  }
  return { words, tokens }
}

/** Acquires blocks of `bytes`, or shared objects, until there is none. */
export function exhaust(arena: Arena, bytes: number, objects = false): number[] {
  const blocks: number[] = []
  for (;;) {
    const block = objects ? arena.acquireObject(bytes) : arena.acquire(bytes)
    if (block === 0) return blocks
    blocks.push(block)
  }
}

/** A generator of non-negative integers below a bound, the same for the same seed. */
export function chance(seed: number): (bound: number) => number {
  let state = seed | 1
  return (bound) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
}
