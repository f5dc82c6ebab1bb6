/**
 * An actor in shared memory: one object of 128 bytes, made once, the same through all its lives.
 *
 * ```
 * mailbox      see queue/mailbox.ts
 * WAITERS      wait queue of senders that found the mailbox full
 * FLAGS        what happens when it is full, when it dies, and whether somebody restarts it
 * HANDLED      messages begun so far
 * CODE         number of its class or function (task/code.ts); 0 when it only has a meaning where
 *              it was made
 * NAME         its place in the registry, or 0
 * VALUE        a cell: while it may be started, what it is made with; then the reason of its last
 *              exit
 * ```
 */
import { peek, poke, read, write } from "#platform/atomics"
import { cells } from "../internal/loop/cell.ts"
import { acquireObject, type Here } from "../internal/loop/here.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { create } from "../internal/memory/objects.ts"
import { found, MAILBOX_END } from "../internal/queue/mailbox.ts"
import { WAIT_QUEUE_WORDS } from "../internal/queue/wait-queue.ts"

/** First word of the wait queue of senders. */
export const WAITERS: number = MAILBOX_END
const FLAGS = WAITERS + WAIT_QUEUE_WORDS
const HANDLED = FLAGS + 1
const CODE = FLAGS + 2
const NAME = FLAGS + 3
/** First word of the cell with the values, later the reason. */
export const VALUE = 28

/** What happens to a message that finds the mailbox full. */
export const WHEN_FULL = ["wait", "fail", "drop-oldest", "drop-newest"] as const

/** As in `mailbox.whenFull`. */
export type WhenFull = (typeof WHEN_FULL)[number]

const WHEN_FULL_MASK = 3
const REDELIVER = 4
const SUPERVISED = 8
const IS_FUNCTION = 16

/** How a fresh actor is made. */
export interface Making {
  readonly capacity: number
  readonly whenFull: WhenFull
  readonly redeliver: boolean
  readonly supervised: boolean
  readonly isFunction: boolean
  readonly code: number
  /** What it is made with: captured values or null, and arguments. */
  readonly values: readonly [readonly unknown[] | null, readonly unknown[]]
}

/**
 * Makes the object; this isolate holds it.
 *
 * @throws {NotSendableError} when a value cannot cross
 */
export function createActor(at: Here, making: Making): number {
  const { words } = at
  const tag = cells().prepare(making.values, "args")
  const { payload } = cells()
  let object: number
  try {
    object = acquireObject(at, 128)
  } catch (error) {
    cells().payload = payload
    cells().unprepare(tag)
    throw error
  }
  found(words, object, making.capacity)
  write(words, object + FLAGS, flagsOf(making))
  write(words, object + CODE, making.code)
  cells().put(object + VALUE, tag, making.values)
  cells().commit(tag)
  create(words, object, KIND.ACTOR, at.me)
  return object
}

function flagsOf({ whenFull, redeliver, supervised, isFunction }: Making): number {
  return (
    WHEN_FULL.indexOf(whenFull) |
    (redeliver ? REDELIVER : 0) |
    (supervised ? SUPERVISED : 0) |
    (isFunction ? IS_FUNCTION : 0)
  )
}

/** What happens to a message that finds the mailbox full. */
export function whenFull({ words }: Here, object: number): WhenFull {
  return WHEN_FULL[read(words, object + FLAGS) & WHEN_FULL_MASK] as WhenFull
}

/** Whether the message in hand when its isolate dies is delivered again. */
export function redelivers({ words }: Here, object: number): boolean {
  return (read(words, object + FLAGS) & REDELIVER) !== 0
}

/** Whether somebody starts it again when it has exited. */
export function isSupervised({ words }: Here, object: number): boolean {
  return (read(words, object + FLAGS) & SUPERVISED) !== 0
}

/** Whether it is a function that takes its messages itself. */
export function isFunctionActor({ words }: Here, object: number): boolean {
  return (read(words, object + FLAGS) & IS_FUNCTION) !== 0
}

/** One more message was begun. Written by its home alone. */
export function countHandled({ words }: Here, object: number): void {
  poke(words, object + HANDLED, peek(words, object + HANDLED) + 1)
}

/** How many messages it has handled. */
export function handledOf({ words }: Here, object: number): number {
  return peek(words, object + HANDLED)
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
  const code = codeNumberOf(at, object)
  const name = code === 0 ? "" : (cells().look(code) as string).split("\n")[1]
  return `${name === undefined || name === "" ? "actor" : name}#${object}`
}
