/**
 * Who learns of an actor's exits: a chain of blocks under the guard of its mailbox. An isolate is
 * told by a node in its inbox, an actor by its system lane.
 *
 * ```
 * block   NEXT; TOKEN and COOKIE of an isolate, or TARGET, an actor; of an actor HEARD: twice
 *         the last life of whose end it was told; 1 less when it came after that end, of which it
 *         hears if no other life follows; and HEARING, see `postOnce`
 * ```
 * Protocol      whoever ends a life tells everybody, then says so by `vacate`; only then the next
 *               life begins. Main tells everybody again when that one died before: a watcher passes
 *               over the end of a life of which it has heard. When no life will follow, since the
 *               supervisor's isolate died, whoever tells makes the actor GONE after that, or main,
 *               when nobody tells
 * Invariant     an isolate's block is taken out and given back by that isolate alone, or by whoever
 *               finds it dead
 * Death         who dies while telling has told some. A linked actor hears once: what it is told
 *               and HEARD are written inside the guard of its mailbox, by whoever enters it next if
 *               who tells dies between the two
 * Invariant     the block of a linked actor that has not HEARD stays: who gives it back either told
 *               it, or was told of that end after all linked actors were
 * Explored by   test/internal/queue/watchers.model.ts, forsaken.model.ts
 */
import { peek, poke, read, type Words, write } from "#platform/atomics"
import { isAlive } from "../memory/owners.ts"
import { NEXT } from "./inbox.ts"
import {
  DOWN,
  enterBox,
  GONE,
  leaveBox,
  livesHint,
  postOnce,
  stateHint,
  WATCHERS,
} from "./mailbox.ts"

/** A link that is made again is not added while it is among so many. */
const LINKS_LOOKED_AT = 128

/** Bytes of a block. */
export const WATCHER_BYTES = 64

const TOKEN = 2
const COOKIE = 3
const TARGET = 4
const HEARD = 5
const HEARING = 6

/** One who is to be told. */
export interface Watcher {
  readonly block: number
  /** The isolate, and its name for what it watches; 0 for an actor. */
  readonly token: number
  readonly cookie: number
  /** The actor; 0 for an isolate. */
  readonly target: number
  /** What the actor has heard, as HEARD. */
  readonly heard: number
}

/** Makes a block for the isolate `token`. */
export function makeWatcher(words: Words, block: number, token: number, cookie: number): void {
  write(words, block + TOKEN, token)
  write(words, block + COOKIE, cookie)
  write(words, block + TARGET, 0)
}

/** Makes a block for an actor. */
export function makeLink(words: Words, block: number, target: number): void {
  write(words, block + TOKEN, 0)
  write(words, block + COOKIE, 0)
  write(words, block + TARGET, target)
  write(words, block + HEARING, 0)
}

/** What `watch` answers when the two are linked already. */
export const LINKED = -1

/**
 * Adds a block; the life whose end is the next to be told, or 0 when the actor is gone for good, or
 * LINKED: then nothing was added. The end of a life that is being told may be heard, or not.
 */
export function watch(words: Words, object: number, block: number, me: number): number {
  enterBox(words, object, me)
  let life = 0
  if (isLinked(words, object, read(words, block + TARGET))) life = LINKED
  else if (stateHint(words, object) !== GONE) {
    const isDown = stateHint(words, object) === DOWN
    life = livesHint(words, object) + (isDown ? 1 : 0)
    poke(words, block + HEARD, 2 * (life - 1) - (isDown ? 1 : 0))
    write(words, block + NEXT, read(words, object + WATCHERS))
    poke(words, object + WATCHERS, block)
  }
  leaveBox(words, object, me)
  return life
}

/** Whether the actor is linked already; of many links, the last ones are looked at. */
function isLinked(words: Words, object: number, target: number): boolean {
  if (target === 0) return false
  let at = read(words, object + WATCHERS)
  for (let looks = 0; at !== 0 && looks < LINKS_LOOKED_AT; looks++) {
    if (read(words, at + TARGET) === target) return true
    at = read(words, at + NEXT)
  }
  return false
}

/** Takes a block out; false when it is not in the chain. */
export function unwatch(words: Words, object: number, block: number, me: number): boolean {
  enterBox(words, object, me)
  const isIn = takeOut(words, object, block)
  leaveBox(words, object, me)
  return isIn
}

function takeOut(words: Words, object: number, block: number): boolean {
  let before = 0
  let at = read(words, object + WATCHERS)
  while (at !== 0 && at !== block) {
    before = at
    at = read(words, at + NEXT)
  }
  if (at === 0) return false
  if (before === 0) poke(words, object + WATCHERS, read(words, at + NEXT))
  else write(words, before + NEXT, read(words, at + NEXT))
  return true
}

/** Whether anybody is to be told: a hint, for whoever ends the life that would be told of. */
export function isWatched(words: Words, object: number): boolean {
  return peek(words, object + WATCHERS) !== 0
}

/** Who is to be told, first come first. Blocks of dead isolates are taken out, for `bury`. */
export function audience(
  words: Words,
  object: number,
  me: number,
  bury: (block: number) => void,
): Watcher[] {
  const found: Watcher[] = []
  const dead: number[] = []
  enterBox(words, object, me)
  for (let at = read(words, object + WATCHERS); at !== 0; ) {
    const block = at
    at = read(words, block + NEXT)
    const watcher = watcherAt(words, block)
    if (watcher.target !== 0 || isAlive(words, watcher.token)) found.push(watcher)
    else {
      takeOut(words, object, block)
      dead.push(block)
    }
  }
  leaveBox(words, object, me)
  for (const block of dead) bury(block)
  return found.reverse()
}

function watcherAt(words: Words, block: number): Watcher {
  const token = read(words, block + TOKEN)
  const cookie = read(words, block + COOKIE)
  const target = read(words, block + TARGET)
  return { block, token, cookie, target, heard: peek(words, block + HEARD) }
}

/** Whether an actor is still to be told of the end of that life; `final`: no other follows. */
export function isUnheard({ target, heard }: Watcher, life: number, final: boolean): boolean {
  return target !== 0 && heard < 2 * life - (final ? 0 : 1)
}

/**
 * Tells an actor that `isUnheard` of the end of that life by `record`, once, whoever dies; notes
 * that it has heard when that is 0. As `postOnce`.
 */
export function tellOnce(
  words: Words,
  { block, target }: Watcher,
  record: number,
  life: number,
  me: number,
): number {
  return postOnce(words, target, record, block + HEARD, 2 * life, me)
}

/** All blocks, out of the chain: of an actor that ends with its last reference. */
export function takeWatchers(words: Words, object: number, me: number): Watcher[] {
  const found: Watcher[] = []
  enterBox(words, object, me)
  for (let at = read(words, object + WATCHERS); at !== 0; at = read(words, at + NEXT))
    found.push(watcherAt(words, at))
  poke(words, object + WATCHERS, 0)
  leaveBox(words, object, me)
  return found
}
