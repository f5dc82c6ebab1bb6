/**
 * An actor in shared memory: one object of 128 bytes, made once, the same through all its lives.
 *
 * ```
 * mailbox      see queue/mailbox.ts
 * WAITERS      wait queue of senders that found the mailbox full
 * CODE         number of its class or function (task/code.ts); of its name alone when it only has a
 *              meaning where it was made
 * NAME         its place in the registry, or 0
 * OWNER        of a supervised one: token of the isolate of its supervisor
 * VALUE        a cell: while it may be started, what it is made with; then the reason of its last
 *              exit
 *              Two of its words are used otherwise while it lives: see credit.ts, residents.ts
 * ```
 * Among the mailbox's flags: what happens when it is full, when it dies, and whether somebody
 * restarts it.
 */

import { peek, poke, read, write } from "#platform/atomics"
import { NotSendableError } from "../errors.ts"
import { cells } from "../internal/loop/cell.ts"
import type { Here } from "../internal/loop/here.ts"
import { StockedObjects } from "../internal/loop/kept.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { PAGE } from "../internal/memory/layout.ts"
import { create } from "../internal/memory/objects.ts"
import { isAlive } from "../internal/memory/owners.ts"
import {
  EXACT,
  FLAGS_SHIFT,
  flagsOf,
  found,
  foundAlive,
  MAILBOX_END,
} from "../internal/queue/mailbox.ts"
import { WAIT_QUEUE_WORDS } from "../internal/queue/wait-queue.ts"
import { renamed } from "../internal/wire/codec-refusal.ts"
import { nameOfCode } from "../task/code.ts"

const stock = new StockedObjects(PAGE.ACTORS, 128)

/** First word of the wait queue of senders. */
export const WAITERS: number = MAILBOX_END
const CODE = WAITERS + WAIT_QUEUE_WORDS
const NAME = CODE + 1
const OWNER = CODE + 2
/** First word of the cell with the values, later the reason. */
export const VALUE = 28

/** What happens to a message that finds the mailbox full. */
export const WHEN_FULL = ["wait", "fail", "drop-oldest", "drop-newest"] as const

/** As in `mailbox.whenFull`. */
export type WhenFull = (typeof WHEN_FULL)[number]

const WHEN_FULL_MASK = 3
const REDELIVER = 4 << FLAGS_SHIFT
const SUPERVISED = 8 << FLAGS_SHIFT
const IS_FUNCTION = 16 << FLAGS_SHIFT

/** How a fresh actor is made. */
export interface Making {
  readonly capacity: number
  readonly whenFull: WhenFull
  readonly redeliver: boolean
  readonly supervised: boolean
  readonly isFunction: boolean
  readonly code: number
  /**
   * What it is made with: captured values or null, and arguments; undefined when it begins at once,
   * where it was made.
   */
  readonly values: readonly [readonly unknown[] | null, readonly unknown[]] | undefined
}

/**
 * Makes the object; this isolate holds it.
 *
 * @throws {NotSendableError} when a value cannot cross; {TypeError} for a moved buffer that each
 * life would need
 */
export function createActor(at: Here, making: Making): number {
  const { words } = at
  const tag = prepareValues(making.values)
  const { payload } = cells()
  if (making.supervised && !cells().isForAll(tag)) {
    cells().unprepare(tag)
    throw new TypeError(
      "a supervised actor is made from its arguments at each restart, and a moved buffer " +
        "can be used once: copy it, or share it with sharedBytes",
    )
  }
  let object: number
  try {
    object = stock.acquire(at)
  } catch (error) {
    cells().payload = payload
    cells().unprepare(tag)
    throw error
  }
  found(words, object, making.capacity, flagsFor(making), at.me)
  if (making.values === undefined) foundAlive(words, object)
  write(words, object + CODE, making.code)
  write(words, object + OWNER, at.me)
  cells().put(object + VALUE, tag, making.values)
  cells().commit(tag)
  create(words, object, KIND.ACTOR, at.me)
  return object
}

function prepareValues(values: Making["values"]): number {
  try {
    return cells().prepare(values, "args")
  } catch (error) {
    if (!(error instanceof NotSendableError)) throw error
    // The user knows of arguments and captured values, not of the pair that they travel in.
    const what = error.path.startsWith("args[0]") ? "captured" : "args"
    throw renamed(error, `${what}${error.path.slice("args[0]".length)}`)
  }
}

/** Makes the object of an actor of which nothing special is said, and that begins at once. */
export function createPlain(at: Here, code: number, capacity: number): number {
  const { words } = at
  const object = stock.acquire(at)
  found(words, object, capacity, 0, at.me)
  foundAlive(words, object)
  write(words, object + CODE, code)
  write(words, object + OWNER, at.me)
  create(words, object, KIND.ACTOR, at.me)
  return object
}

function flagsFor({ whenFull, redeliver, supervised, isFunction }: Making): number {
  return (
    (WHEN_FULL.indexOf(whenFull) << FLAGS_SHIFT) |
    (whenFull === "drop-oldest" || isFunction ? EXACT : 0) |
    (redeliver ? REDELIVER : 0) |
    (supervised ? SUPERVISED : 0) |
    (isFunction ? IS_FUNCTION : 0)
  )
}

/** What happens to a message that finds the mailbox full. */
export function whenFull({ words }: Here, object: number): WhenFull {
  return WHEN_FULL[(flagsOf(words, object) >> FLAGS_SHIFT) & WHEN_FULL_MASK] as WhenFull
}

/** Whether its supervisor died with its isolate. */
export function isOrphaned(at: Here, object: number): boolean {
  return supervisorOf(at, object) !== 0 && !isSupervised(at, object)
}

/** Whether it is supervised from an isolate. */
export function isOwnedBy(at: Here, object: number, token: number): boolean {
  return supervisorOf(at, object) === token
}

/** Whether the message in hand when its isolate dies is delivered again. */
export function redelivers({ words }: Here, object: number): boolean {
  return (flagsOf(words, object) & REDELIVER) !== 0
}

/** Whether somebody starts it again when it has exited: a supervisor whose isolate lives. */
export function isSupervised(at: Here, object: number): boolean {
  const supervisor = supervisorOf(at, object)
  return supervisor !== 0 && isAlive(at.words, supervisor)
}

/** The isolate of its supervisor, dead or alive; 0 when it has none. */
export function supervisorOf({ words }: Here, object: number): number {
  return (flagsOf(words, object) & SUPERVISED) === 0 ? 0 : read(words, object + OWNER)
}

/** Whether it is a function that takes its messages itself. */
export function isFunctionActor({ words }: Here, object: number): boolean {
  return (flagsOf(words, object) & IS_FUNCTION) !== 0
}

/** The number of its class or function. */
export function codeNumberOf({ words }: Here, object: number): number {
  return read(words, object + CODE)
}

/** Its node in the registry, 0 when it has no name. Guarded by the registry. */
export function nameNodeOf({ words }: Here, object: number): number {
  return peek(words, object + NAME)
}

/** Notes where its name is registered. */
export function setNameNode({ words }: Here, object: number, node: number): void {
  poke(words, object + NAME, node)
}

/** What an actor is called in errors: the name of its class, and its number. */
export function labelOf(at: Here, object: number): string {
  return `${nameOfCode(codeNumberOf(at, object)) || "actor"}#${object}`
}
