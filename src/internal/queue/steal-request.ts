/**
 * Who wants a fork of somebody's join.
 *
 * A fork costs its owner a few nanoseconds while nobody wants it: it lies on a private stack, and
 * the owner only peeks at a shared word. An isolate with nothing to do sets its bit there; an owner
 * that sees one takes the bit, puts its oldest fork into a list of shared ones and rings. When the
 * owner comes to that fork itself and nobody has begun it, it takes it back.
 *
 * Invariant     a fork handed over is in one list, or in the hands of the one who took it out under
 *               the list's guard; so it is run once
 * Liveness      a bit seen too late, or taken for nothing, costs speed only: nobody waits for a
 *               fork but its owner, which takes it back unless somebody is at it
 * Death         the bit of the dead is taken once and rings nobody; a fork in their hands names
 *               them as HOLDER, and the owner finds it there
 * Explored by   test/internal/queue/steal-request.model.ts
 */
import { and, load, or, type Words } from "#platform/atomics"
import { ISOLATES_MAX } from "#platform/limits"
import { ring } from "../memory/doorbell.ts"
import { HEAD_WANTED } from "../memory/layout.ts"
import { isAlive, ownerOf, slotOf } from "../memory/owners.ts"
import { append, forksOf, lengthHint, putBack as putInList, remove, steal } from "./task-list.ts"

/**
 * The word of wishes by itself; not 0 when somebody wants a fork. Whoever forks peeks at it each
 * time, so it is a view that never changes and is read in place: both halve the price of a fork.
 */
export function wishesIn({ buffer }: Words): Words {
  return new Int32Array(buffer, HEAD_WANTED * 4, 1)
}

/** The isolate `me` wants a fork. It looks at all lists once more after saying so. */
export function want(words: Words, me: number): void {
  or(words, HEAD_WANTED, 1 << slotOf(me))
}

/** The isolate `me` has something to do. */
export function wantNoMore(words: Words, me: number): void {
  and(words, HEAD_WANTED, ~(1 << slotOf(me)))
}

/** Takes one bit, and rings those who may have set it. */
function answerOne(words: Words): void {
  for (let wishes = load(words, HEAD_WANTED); wishes !== 0; wishes = load(words, HEAD_WANTED)) {
    const bit = wishes & -wishes
    if ((and(words, HEAD_WANTED, ~bit) & bit) === 0) continue
    let lives = false
    for (let slot = 31 - Math.clz32(bit); slot < ISOLATES_MAX; slot += 32) {
      const token = ownerOf(words, slot)
      if (token === 0) continue
      lives = true
      ring(words, token)
    }
    if (lives) return
  }
}

/** Hands a record over to whoever wants it; the owner is `me`. */
export function hand(words: Words, record: number, me: number): void {
  append(words, forksOf(slotOf(me)), record, record, 1, me)
  answerOne(words)
}

/**
 * Takes a fork from the list of `slot` for the isolate `me`; 0 when there is none, or somebody is
 * inside.
 */
export function takeFork(words: Words, slot: number, me: number): number {
  const list = forksOf(slot)
  return lengthHint(words, list) === 0 ? 0 : steal(words, list, 1, me)
}

/** Takes one's own fork back; false when somebody has it, or had it. */
export function takeBack(words: Words, record: number, me: number): boolean {
  const list = forksOf(slotOf(me))
  return lengthHint(words, list) > 0 && remove(words, list, record, me)
}

/**
 * Puts back a fork that `me` cannot run. Its `owner` may have found it gone, and waits: it looks
 * again.
 */
export function putBack(words: Words, record: number, owner: number, me: number): void {
  putInList(words, forksOf(slotOf(owner)), record, owner, me)
  if (isAlive(words, owner)) ring(words, owner)
}
