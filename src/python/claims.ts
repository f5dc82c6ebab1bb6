/**
 * Who runs something in an interpreter: claims, requests and their answers, in words of its row.
 *
 * Invariant     whoever changes CLAIM from 0 owns REQUEST and REPLY until it stores 0. The
 *               interpreter is asked while TURN and DONE differ; it answers once
 * Publication   REQUEST is written before TURN is counted up, REPLY before DONE is
 * Death         of the interpreter: DONE is counted up after ID became 0, so whoever reads DONE,
 *               then ID, hears of it. Of the claimant: main finds its claim, which the answer ends,
 *               or main itself when none is to come. The guard protects these two from each other
 * Explored by   test/python/claims.model.ts
 */
import {
  add,
  compareExchange,
  load,
  notify,
  read,
  store,
  type Words,
  write,
} from "#platform/atomics"
import { enter, leave } from "../internal/memory/guard.ts"
import { type At, bump, CLAIM, ROW, WORLD } from "./world.ts"

/** What is in a row for its claimant; 0 for what there is not. */
export interface Left {
  /** The answer, and the queues that it names: a freight. */
  readonly block: number
  readonly freight: number
  /** A request that nobody took. */
  readonly request: number
}

/** Claims the row of the interpreter `id`. */
export function claimRow(
  words: Words,
  row: number,
  id: number,
  claim: number,
): "claimed" | "running" | "missing" {
  if (compareExchange(words, row + ROW.CLAIM, 0, claim) !== 0) return "running"
  if (load(words, row + ROW.ID) === id + 1) return "claimed"
  compareExchange(words, row + ROW.CLAIM, claim, 0)
  return "missing"
}

/**
 * Asks the interpreter of a claimed row: what DONE is until it has answered; undefined when it is
 * no more.
 */
export function postRequest(
  words: Words,
  row: number,
  id: number,
  block: number,
): number | undefined {
  const seen = load(words, row + ROW.DONE)
  if (load(words, row + ROW.ID) !== id + 1) return undefined
  write(words, row + ROW.REQUEST, block)
  bump(words, row + ROW.TURN)
  return seen
}

/** The request to the interpreter of this row, which owns the block from here on; 0: none. */
export function takeRequest(words: Words, row: number): number {
  if (load(words, row + ROW.TURN) === load(words, row + ROW.DONE)) return 0
  return taken(words, row + ROW.REQUEST)
}

/**
 * Answers the claimant of a row with a block and its freight; false when it has died: the claim is
 * over, nobody reads.
 */
export function finishClaim(
  { words, me }: At,
  world: number,
  row: number,
  block: number,
  freight: number,
): boolean {
  enter(words, world + WORLD.GUARD, me)
  const heard = load(words, row + ROW.CLAIM) !== CLAIM.ORPHAN
  if (heard) {
    write(words, row + ROW.FREIGHT, freight)
    write(words, row + ROW.REPLY, block)
  }
  add(words, row + ROW.DONE, 1)
  // Last: the next to claim reads DONE as it is then.
  if (!heard) store(words, row + ROW.CLAIM, 0)
  leave(words, world + WORLD.GUARD, me)
  if (heard) notify(words, row + ROW.DONE)
  return heard
}

/** Takes what is in a row whose interpreter has answered or died. */
export function takeAnswer(words: Words, row: number): Left {
  const request = taken(words, row + ROW.REQUEST)
  const freight = taken(words, row + ROW.FREIGHT)
  return { block: taken(words, row + ROW.REPLY), freight, request }
}

/** Ends the claim of whoever calls. */
export function unclaim(words: Words, row: number): void {
  store(words, row + ROW.CLAIM, 0)
}

/**
 * The interpreter `id` has died: if it had claimed this row, the claim is over when no answer is to
 * come, and otherwise with the answer, which nobody hears. Returns what is in the row, to be
 * released.
 */
export function orphanClaim(
  { words, me }: At,
  world: number,
  row: number,
  id: number,
): Left | undefined {
  const claim = load(words, row + ROW.CLAIM)
  if (claim !== id + 1 && claim !== ((id + 1) | CLAIM.HIDDEN)) return undefined
  enter(words, world + WORLD.GUARD, me)
  const isDead = load(words, row + ROW.ID) === 0
  const over = isDead || load(words, row + ROW.TURN) === load(words, row + ROW.DONE)
  const left = over ? takeAnswer(words, row) : undefined
  store(words, row + ROW.CLAIM, over ? 0 : CLAIM.ORPHAN)
  leave(words, world + WORLD.GUARD, me)
  // Whoever died may have asked and woken nobody.
  if (!over) notify(words, row + ROW.TURN)
  return left
}

function taken(words: Words, word: number): number {
  const value = read(words, word)
  write(words, word, 0)
  return value
}
