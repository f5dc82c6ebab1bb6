/** What main asks of the main interpreter of a Python, whose number is 0. */
import type { Words } from "#platform/atomics"
import type { Here } from "../internal/loop/here.ts"
import { claimRow, postRequest, takeAnswer, unclaim } from "./claims.ts"
import { type Simple, SimpleReader, type Tuple } from "./foreign.ts"
import { CLAIM } from "./world.ts"

/** Asks what lies in `block`; nobody else claims this row. */
export function askFromMain(words: Words, row: number, block: number): void {
  claimRow(words, row, 0, CLAIM.HOST)
  postRequest(words, row, 0, block)
}

/** The answer, once it is there: how it went, and what follows from that. */
export function answerToMain({ words, memory, arena }: Here, row: number): readonly Simple[] {
  const { block } = takeAnswer(words, row)
  unclaim(words, row)
  const { items } = new SimpleReader(memory, block).next() as Tuple
  arena.release(block)
  return items
}
