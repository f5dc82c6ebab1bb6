/**
 * Shared objects: blocks that several isolates hold, freed when the last lets go.
 *
 * ```
 * word 0      kind, not 0 while the object lives
 * word 1      the inbox's, of an object that is a node
 * REFERENCES  isolates that hold it, plus messages in flight that carry it
 * HOLDERS     one bit per isolate that holds it, in two words
 * SPARE       a word that is the object's own, too
 * BODY        the object's own words
 * ```
 * An isolate holds an object at most once, however many local handles it has; its own count is the
 * garbage collector's. A message in flight owns one reference, which its decoder adopts.
 *
 * Publication   storing the kind publishes a fresh object's words to whoever walks over all objects
 * Invariant     REFERENCES >= set bits + messages in flight; so it never reaches 0 too early
 * Death         every step adds before it marks and unmarks before it subtracts: dying between
 *               leaks one reference. `forsake` returns the references of the dead
 * Explored by   test/internal/memory/objects.model.ts
 */
import {
  add,
  and,
  compareExchange,
  load,
  or,
  peek,
  read,
  store,
  subtract,
  type Words,
  write,
} from "#platform/atomics"
import type { Arena } from "./arena.ts"
import { slotOf } from "./owners.ts"

const KIND = 0
const REFERENCES = 2
const HOLDERS = 3

/** A word of the object's own, in front of the others. */
export const SPARE = 5

/** First word of an object's own part. */
export const BODY = 6

/** Kind of a living object. */
export function kindOf(words: Words, object: number): number {
  return read(words, object + KIND)
}

function holdersWord(object: number, slot: number): number {
  return object + HOLDERS + (slot >>> 5)
}

/** Gives a fresh object its kind; the isolate `me` holds it. */
export function create(words: Words, object: number, kind: number, me: number): void {
  const slot = slotOf(me)
  write(words, object + REFERENCES, 1)
  write(words, holdersWord(object, slot), 1 << (slot & 31))
  store(words, object + KIND, kind)
}

/** One more reference, for a message about to leave. The caller holds the object. */
export function retain(words: Words, object: number): void {
  add(words, object + REFERENCES, 1)
}

/** As many more references, for messages to come. The caller holds the object. */
export function retainMany(words: Words, object: number, count: number): void {
  add(words, object + REFERENCES, count)
}

/** Returns references of messages that did not come; the caller holds the object. */
export function returnMany(words: Words, object: number, count: number): void {
  subtract(words, object + REFERENCES, count)
}

/** One more reference, unless there is none left: then it is being destroyed. */
export function retainLiving(words: Words, object: number): boolean {
  let count = load(words, object + REFERENCES)
  while (count > 0) {
    const seen = compareExchange(words, object + REFERENCES, count, count + 1)
    if (seen === count) return true
    count = seen
  }
  return false
}

/** A message's reference becomes that of the isolate `me`, or is dropped when it has one. */
export function adopt(words: Words, object: number, me: number): void {
  const slot = slotOf(me)
  const bit = 1 << (slot & 31)
  const holders = holdersWord(object, slot)
  // Nobody else writes this bit: a plain look is enough to see that it is set.
  if ((peek(words, holders) & bit) !== 0) subtract(words, object + REFERENCES, 1)
  else or(words, holders, bit)
}

/** Drops a message's reference. True when it was the last: the caller destroys the object. */
export function drop(words: Words, object: number): boolean {
  return subtract(words, object + REFERENCES, 1) === 1
}

/** The isolate `me` lets go. True when it was the last: the caller destroys the object. */
export function letGo(words: Words, object: number, me: number): boolean {
  const slot = slotOf(me)
  const bit = 1 << (slot & 31)
  if ((and(words, holdersWord(object, slot), ~bit) & bit) === 0) return false
  return drop(words, object)
}

/** Whether one isolate holds the object and nobody else: then nobody else ever will. */
export function isHeldOnce(words: Words, object: number): boolean {
  return load(words, object + REFERENCES) === 1
}

/** Whether the isolate with this token holds the object now. */
export function isHeldBy(words: Words, object: number, token: number): boolean {
  const slot = slotOf(token)
  return (load(words, holdersWord(object, slot)) & (1 << (slot & 31))) !== 0
}

/** Returns the references of a dead isolate; answers the objects that nobody holds any more. */
export function forsake(words: Words, arena: Arena, token: number): number[] {
  const slot = slotOf(token)
  const bit = 1 << (slot & 31)
  const orphans: number[] = []
  arena.forEachObject((object) => {
    const held = (and(words, holdersWord(object, slot), ~bit) & bit) !== 0
    if (held && drop(words, object)) orphans.push(object)
  })
  return orphans
}

/** Gives an object's block back; nobody holds it any more. */
export function destroy(words: Words, arena: Arena, object: number): void {
  store(words, object + KIND, 0)
  arena.release(object)
}
