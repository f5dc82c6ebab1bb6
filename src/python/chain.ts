/**
 * Items one after the other in shared memory, beneath a queue and a channel.
 *
 * ```
 * chain  GUARD, COUNT, FIRST, LAST
 * item   LATER, POLICY, OWNER, FLAGS, TICKET, FREIGHT, then its value
 * ```
 * Invariant     following LATER from FIRST ends at 0; COUNT items lie on the way, LAST is the last
 * Publication   all inside the guard, but COUNT, which may be read outside
 * Death         FIRST and LATER are the truth: the next who enters counts and finds LAST again
 * Explored by   test/python/chain.model.ts
 */
import { load, read, store, type Words, write } from "#platform/atomics"
import { enter, leave } from "../internal/memory/guard.ts"

const GUARD = 0
const COUNT = 1
const FIRST = 2
const LAST = 3

/** Words of a chain. */
export const CHAIN_WORDS = 4

const LATER = 0

/** Words of an item. */
export const ITEM = {
  /** What becomes of it when its interpreter ends: one of UNBOUND. */
  POLICY: 1,
  /** Its interpreter's id. */
  OWNER: 2,
  FLAGS: 3,
  /** The word on which its sender waits until it is received; 0 when nobody waits. */
  TICKET: 4,
  /** The queues that the value names: a freight. 0 when it names none. */
  FREIGHT: 5,
  VALUE: 6,
} as const

/** Flags of an item: packed by Python; without its value, for its interpreter has ended. */
export const FLAG = { PACKED: 1, UNBOUND: 2 } as const

/** What becomes of items when the interpreter that put them ends. */
export const UNBOUND = { REMOVE: 1, ERROR: 2, REPLACE: 3 } as const

/** Enters a chain's guard; what a dead owner left is mended. */
export function enterChain(words: Words, chain: number, me: number): void {
  if (enter(words, chain + GUARD, me)) repair(words, chain)
}

/** Leaves the guard. */
export function leaveChain(words: Words, chain: number, me: number): void {
  leave(words, chain + GUARD, me)
}

function repair(words: Words, chain: number): void {
  let count = 0
  let last = 0
  for (let item = read(words, chain + FIRST); item !== 0; item = read(words, item + LATER)) {
    last = item
    count++
  }
  write(words, chain + LAST, last)
  store(words, chain + COUNT, count)
}

/** Items in the chain: exact inside the guard. */
export function lengthOf(words: Words, chain: number): number {
  return load(words, chain + COUNT)
}

/** Appends an item. Inside the guard. */
export function append(words: Words, chain: number, item: number): void {
  const count = read(words, chain + COUNT)
  write(words, item + LATER, 0)
  write(words, count === 0 ? chain + FIRST : read(words, chain + LAST) + LATER, item)
  write(words, chain + LAST, item)
  store(words, chain + COUNT, count + 1)
}

/** Takes the first item out; 0 when there is none. Inside the guard. */
export function takeFirst(words: Words, chain: number): number {
  const item = read(words, chain + FIRST)
  if (item === 0) return 0
  write(words, chain + FIRST, read(words, item + LATER))
  store(words, chain + COUNT, read(words, chain + COUNT) - 1)
  return item
}

/** Takes out all items that `isWanted` says yes to. Inside the guard. */
export function takeWhere(
  words: Words,
  chain: number,
  isWanted: (item: number) => boolean,
): number[] {
  const taken: number[] = []
  let before = chain + FIRST
  for (let item = read(words, before); item !== 0; item = read(words, item + LATER)) {
    if (isWanted(item)) {
      write(words, before, read(words, item + LATER))
      taken.push(item)
    } else before = item + LATER
  }
  repair(words, chain)
  return taken
}

/**
 * The interpreter `owner` has ended: its items lose their value, or are taken out, as it asked.
 * Inside the guard.
 */
export function unbind(words: Words, chain: number, owner: number): number[] {
  return takeWhere(words, chain, (item) => {
    if (read(words, item + ITEM.OWNER) !== owner) return false
    write(words, item + ITEM.FLAGS, FLAG.UNBOUND)
    write(words, item + ITEM.TICKET, 0)
    return read(words, item + ITEM.POLICY) === UNBOUND.REMOVE
  })
}
