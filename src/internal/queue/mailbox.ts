/**
 * The mailbox of an actor: two chains of message records under a guard, in the actor's shared
 * object. Anybody posts; the isolate where the actor lives, its *home*, takes.
 *
 * ```
 * object   GUARD; FIRST, LAST, COUNT: messages; URGENT, URGENT_LAST: the system lane, which goes
 *          first; CURRENT: the message being handled; HOME: token, 0 while it lives nowhere; TOLD,
 *          PLACE; STATE; CAPACITY; LIFE: how often it was started; WATCHERS: chain of who learns of
 *          its exits
 * record   NEXT, STATE, HOLDER: token of the isolate that took it
 * ```
 * The object itself is the node that tells its home: it is in one inbox at most, that of PLACE.
 * TOLD is 0, or the token of whoever told; who finds it in its inbox clears it, and passes it on
 * when it lives elsewhere by now.
 *
 * Invariant     COUNT = length of the chain from FIRST
 * Invariant     the object is put into an inbox only inside the guard, when TOLD is 0, with TOLD
 *               set before
 * Publication   the records' words are plain; leaving the guard publishes, entering receives
 * Death         FIRST, URGENT and NEXT are the truth: the next who enters counts again. Who dies
 *               between TOLD and telling is found by the home after the death: `heal`. The home's
 *               own death: `orphan`
 * Explored by   nothing yet: no model of it stands, only test/actor
 */
import { peek, poke, read, store, type Words, write } from "#platform/atomics"
import { enter, leave } from "../memory/guard.ts"
import { BODY } from "../memory/objects.ts"
import { isAlive } from "../memory/owners.ts"
import { contains, NEXT, put } from "./inbox.ts"

const GUARD = BODY
const FIRST = BODY + 1
const LAST = BODY + 2
const COUNT = BODY + 3
const URGENT = BODY + 4
const URGENT_LAST = BODY + 5
const CURRENT = BODY + 6
const HOME = BODY + 7
const TOLD = BODY + 8
const STATE = BODY + 9
const CAPACITY = BODY + 10
const LIFE = BODY + 11
const WATCHERS = BODY + 12
const PLACE = BODY + 13

/** First word after the mailbox. */
export const MAILBOX_END: number = BODY + 14

/** It is being started, or runs. */
export const LIVES = 0
/** It has exited, and may be started again: messages wait. */
export const DOWN = 1
/** It has exited for good. */
export const GONE = 2

/** Word of a record: QUEUED, TAKEN by HOLDER, or what its room makes of it after that. */
export const RECORD_STATE = 2
/** Word of a record: who took it. */
export const RECORD_HOLDER = 3
export const QUEUED = 0
export const TAKEN = 1

/** What `post` answers when nothing was posted. */
export const CLOSED = -1
export const FULL = -2

/** Makes a fresh object's words a mailbox; it lives nowhere yet. */
export function found(words: Words, object: number, capacity: number): void {
  write(words, object + CAPACITY, capacity)
  write(words, object + STATE, DOWN)
}

function enterBox(words: Words, object: number, me: number): void {
  if (enter(words, object + GUARD, me)) repair(words, object)
}

function repair(words: Words, object: number): void {
  let count = 0
  let last = 0
  for (let at = read(words, object + FIRST); at !== 0; at = read(words, at + NEXT)) {
    last = at
    count++
  }
  write(words, object + LAST, last)
  poke(words, object + COUNT, count)
  last = 0
  for (let at = read(words, object + URGENT); at !== 0; at = read(words, at + NEXT)) last = at
  write(words, object + URGENT_LAST, last)
}

function append(words: Words, object: number, lane: number, record: number): void {
  write(words, record + NEXT, 0)
  const last = read(words, object + lane + 1)
  if (read(words, object + lane) === 0) write(words, object + lane, record)
  else write(words, last + NEXT, record)
  write(words, object + lane + 1, record)
}

/** Puts the object into its home's inbox unless it is there; the token to ring, or 0. */
function tellHome(words: Words, object: number, me: number): number {
  const home = read(words, object + HOME)
  if (read(words, object + STATE) !== LIVES || read(words, object + TOLD) !== 0) return 0
  if (!isAlive(words, home)) return 0
  write(words, object + TOLD, me)
  write(words, object + PLACE, home)
  return put(words, home, object, object) ? home : 0
}

/** Posts a message. The token of an isolate to ring, 0 when none needs it; CLOSED or FULL. */
export function post(words: Words, object: number, record: number, me: number): number {
  enterBox(words, object, me)
  const count = read(words, object + COUNT)
  let answer = CLOSED
  if (read(words, object + STATE) !== GONE) {
    if (count >= read(words, object + CAPACITY)) answer = FULL
    else {
      append(words, object, FIRST, record)
      poke(words, object + COUNT, count + 1)
      answer = tellHome(words, object, me)
    }
  }
  leave(words, object + GUARD, me)
  return answer
}

/** Posts to the system lane, which is never full. As `post`. */
export function postUrgent(words: Words, object: number, record: number, me: number): number {
  enterBox(words, object, me)
  let answer = CLOSED
  if (read(words, object + STATE) !== GONE) {
    append(words, object, URGENT, record)
    answer = tellHome(words, object, me)
  }
  leave(words, object + GUARD, me)
  return answer
}

function popUrgent(words: Words, object: number): number {
  const record = read(words, object + URGENT)
  if (record === 0) return 0
  const next = read(words, record + NEXT)
  write(words, object + URGENT, next)
  if (next === 0) write(words, object + URGENT_LAST, 0)
  return record
}

/** Takes a message out of its chain; `before` is the one in front of it, or 0. */
function unlink(words: Words, object: number, before: number, record: number): void {
  const next = read(words, record + NEXT)
  if (before === 0) write(words, object + FIRST, next)
  else write(words, before + NEXT, next)
  if (next === 0) write(words, object + LAST, before)
  poke(words, object + COUNT, read(words, object + COUNT) - 1)
}

function begin(words: Words, object: number, record: number, me: number): void {
  write(words, record + RECORD_HOLDER, me)
  write(words, record + RECORD_STATE, TAKEN)
  write(words, object + CURRENT, record)
}

/**
 * The object was in this isolate's inbox. A token to ring when it lives elsewhere by now, else 0.
 */
export function arrived(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  write(words, object + TOLD, 0)
  const token = read(words, object + HOME) === me ? 0 : tellHome(words, object, me)
  leave(words, object + GUARD, me)
  return token
}

/**
 * The home takes the next record, of the system lane first, of that alone when `urgentOnly`; 0 when
 * there is none.
 */
export function take(words: Words, object: number, me: number, urgentOnly: boolean): number {
  enterBox(words, object, me)
  let record = 0
  if (read(words, object + HOME) === me) {
    record = popUrgent(words, object)
    if (record !== 0) {
      write(words, record + RECORD_HOLDER, me)
      write(words, record + RECORD_STATE, TAKEN)
    } else if (!urgentOnly) {
      record = read(words, object + FIRST)
      if (record !== 0) {
        unlink(words, object, 0, record)
        begin(words, object, record, me)
      }
    }
  }
  leave(words, object + GUARD, me)
  return record
}

/** The message after `record`, or the first for 0; 0 at the end. */
export function following(words: Words, object: number, record: number, me: number): number {
  enterBox(words, object, me)
  let found = read(words, object + FIRST)
  if (record !== 0) {
    while (found !== 0 && found !== record) found = read(words, found + NEXT)
    if (found !== 0) found = read(words, found + NEXT)
  }
  leave(words, object + GUARD, me)
  return found
}

/** The home takes one message wherever it stands; false when it is gone. */
export function takeThis(words: Words, object: number, record: number, me: number): boolean {
  enterBox(words, object, me)
  let before = 0
  let at = read(words, object + FIRST)
  while (at !== 0 && at !== record) {
    before = at
    at = read(words, at + NEXT)
  }
  if (at !== 0) {
    unlink(words, object, before, record)
    begin(words, object, record, me)
  }
  leave(words, object + GUARD, me)
  return at !== 0
}

/** The message taken last is done with; called before anybody is told of its outcome. */
export function finishCurrent(words: Words, object: number): void {
  store(words, object + CURRENT, 0)
}

/** Takes the oldest message out, for whoever drops it; 0 when there is none. */
export function dropOldest(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  const record = read(words, object + FIRST)
  if (record !== 0) unlink(words, object, 0, record)
  leave(words, object + GUARD, me)
  return record
}

/** Takes any record out of a mailbox that is closed; 0 when both lanes are empty. */
export function drain(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  let record = popUrgent(words, object)
  if (record === 0) {
    record = read(words, object + FIRST)
    if (record !== 0) unlink(words, object, 0, record)
  }
  leave(words, object + GUARD, me)
  return record
}

/**
 * Takes a record out of the system lane of an actor that is down: it was meant for the life before.
 */
export function drainUrgent(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  const record = read(words, object + STATE) === LIVES ? 0 : popUrgent(words, object)
  leave(words, object + GUARD, me)
  return record
}

/** The home wants another turn for what is left. A token to ring, or 0. */
export function retell(words: Words, object: number, me: number): number {
  enterBox(words, object, me)
  const token = tellHome(words, object, me)
  leave(words, object + GUARD, me)
  return token
}

/** Gives the actor a new home; its number of lives, or 0 when it is gone for good or lives. */
export function settle(words: Words, object: number, home: number, me: number): number {
  enterBox(words, object, me)
  let life = 0
  if (read(words, object + STATE) === DOWN) {
    life = read(words, object + LIFE) + 1
    write(words, object + LIFE, life)
    write(words, object + STATE, LIVES)
    write(words, object + HOME, home)
    write(words, object + CURRENT, 0)
  }
  leave(words, object + GUARD, me)
  return life
}

/**
 * The actor has exited from this life: it is DOWN, or GONE. False when that life is over already.
 */
export function close(
  words: Words,
  object: number,
  life: number,
  state: number,
  me: number,
): boolean {
  enterBox(words, object, me)
  const isIts = read(words, object + LIFE) === life && read(words, object + STATE) !== GONE
  if (isIts) write(words, object + STATE, state)
  leave(words, object + GUARD, me)
  return isIts
}

/** What is left of a mailbox that is GONE has been dealt with. */
export function vacate(words: Words, object: number, me: number): void {
  enterBox(words, object, me)
  write(words, object + HOME, 0)
  leave(words, object + GUARD, me)
}

/**
 * An isolate has died. When the actor lived there, it lives nowhere now; the message it was
 * handling is in front again when `redeliver`. The state it was in, -1 when it has another home:
 * that is told anew by `retell` when the object lay in the inbox of the dead.
 */
export function orphan(
  words: Words,
  object: number,
  dead: number,
  redeliver: boolean,
  me: number,
): number {
  enterBox(words, object, me)
  let state = -1
  if (read(words, object + PLACE) === dead) {
    write(words, object + PLACE, 0)
    write(words, object + TOLD, 0)
  }
  if (read(words, object + HOME) === dead) {
    state = read(words, object + STATE)
    write(words, object + HOME, 0)
    if (state === LIVES) write(words, object + STATE, DOWN)
    const current = read(words, object + CURRENT)
    write(words, object + CURRENT, 0)
    if (redeliver && current !== 0 && read(words, current + RECORD_STATE) === TAKEN)
      putBack(words, object, current)
  }
  leave(words, object + GUARD, me)
  return state
}

function putBack(words: Words, object: number, record: number): void {
  write(words, record + RECORD_STATE, QUEUED)
  write(words, record + RECORD_HOLDER, 0)
  const first = read(words, object + FIRST)
  write(words, record + NEXT, first)
  write(words, object + FIRST, record)
  if (first === 0) write(words, object + LAST, record)
  poke(words, object + COUNT, read(words, object + COUNT) + 1)
}

/** After a death: whether the home was to be told by somebody who died first, and has to look. */
export function heal(words: Words, object: number, me: number): boolean {
  enterBox(words, object, me)
  const teller = read(words, object + TOLD)
  const isLost =
    teller !== 0 &&
    read(words, object + PLACE) === me &&
    !isAlive(words, teller) &&
    !contains(words, me, object)
  if (isLost) write(words, object + TOLD, 0)
  leave(words, object + GUARD, me)
  return isLost
}

/** Adds a block to the chain of who learns of exits; false when the actor is gone for good. */
export function watch(words: Words, object: number, watcher: number, me: number): boolean {
  enterBox(words, object, me)
  const open = read(words, object + STATE) !== GONE
  if (open) {
    write(words, watcher + NEXT, read(words, object + WATCHERS))
    write(words, object + WATCHERS, watcher)
  }
  leave(words, object + GUARD, me)
  return open
}

/** Takes a block out of that chain; false when it is not in it. */
export function unwatch(words: Words, object: number, watcher: number, me: number): boolean {
  enterBox(words, object, me)
  let before = 0
  let at = read(words, object + WATCHERS)
  while (at !== 0 && at !== watcher) {
    before = at
    at = read(words, at + NEXT)
  }
  if (at !== 0) {
    if (before === 0) write(words, object + WATCHERS, read(words, at + NEXT))
    else write(words, before + NEXT, read(words, at + NEXT))
  }
  leave(words, object + GUARD, me)
  return at !== 0
}

/** The blocks of that chain, first come first. */
export function watchers(words: Words, object: number, me: number): number[] {
  const blocks: number[] = []
  enterBox(words, object, me)
  for (let at = read(words, object + WATCHERS); at !== 0; at = read(words, at + NEXT))
    blocks.push(at)
  leave(words, object + GUARD, me)
  return blocks.reverse()
}

/**
 * Whether the object lies in the inbox of `me`, which holds on to it until then. Nobody tells it
 * any more.
 */
export function isInInbox(words: Words, object: number, me: number): boolean {
  enterBox(words, object, me)
  const isTold = read(words, object + TOLD) !== 0 && read(words, object + PLACE) === me
  leave(words, object + GUARD, me)
  return isTold
}

/** Messages that wait: a hint. */
export function depthHint(words: Words, object: number): number {
  return peek(words, object + COUNT)
}

/** How many messages it may hold. */
export function capacityOf(words: Words, object: number): number {
  return read(words, object + CAPACITY)
}

/** Whether it lives, is down or gone: a hint. */
export function stateHint(words: Words, object: number): number {
  return peek(words, object + STATE)
}

/** Where it lives: a hint. */
export function homeHint(words: Words, object: number): number {
  return peek(words, object + HOME)
}

/** How often it was started: a hint. */
export function livesHint(words: Words, object: number): number {
  return peek(words, object + LIFE)
}

/** The message being handled: a hint; what its home left when it died. */
export function currentHint(words: Words, object: number): number {
  return peek(words, object + CURRENT)
}

/**
 * Whether the actor is in its life number `life`, or down after it: for whoever alone may end that
 * life.
 */
export function isIn(words: Words, object: number, life: number): boolean {
  return peek(words, object + LIFE) === life && peek(words, object + STATE) !== GONE
}

/**
 * Whether an isolate is the actor's home, or has it in its inbox: a hint, true for the dead once
 * they are.
 */
export function concerns(words: Words, object: number, token: number): boolean {
  return peek(words, object + HOME) === token || peek(words, object + PLACE) === token
}
