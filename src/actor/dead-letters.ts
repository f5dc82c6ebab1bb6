/** Messages that nobody handled: told to an actor that was gone, or dropped by a full mailbox. */
import type { Here } from "../internal/loop/here.ts"
import { type MeshMessage, onMesh, post, reachable } from "../isolate/mesh.ts"
import * as message from "./message.ts"
import { nameOf, PLAIN } from "./method.ts"

/** A message that nobody handled. */
export interface DeadLetter {
  /** The class and number of the actor it was for. */
  readonly actor: string
  /** The method that was told; empty for a message of a function actor. */
  readonly method: string
  readonly args: readonly unknown[]
  /** Why: an `ActorStoppedError` or a `MailboxFullError`, as text. */
  readonly reason: string
}

/** Letters at most that a reader who does not read keeps; older ones go first. */
const KEPT_MAX = 1024

interface Wanted extends MeshMessage {
  readonly type: "dead letters wanted"
  readonly wanted: boolean
}

interface Letter extends MeshMessage {
  readonly type: "dead letter"
  readonly letter: DeadLetter
}

const readers = new Set<(letter: DeadLetter) => void>()
/** Slots of isolates that read dead letters. */
const abroad = new Set<number>()

/** Whether somebody reads dead letters. */
export function areLettersRead(): boolean {
  return readers.size > 0 || abroad.size > 0
}

/** Makes a dead letter of a message, which stays the caller's. */
export function letterOf(at: Here, actor: string, record: number, error: Error): void {
  const number = message.methodOf(at, record)
  if (number < PLAIN || message.argsPending(record)) return
  const method = number === PLAIN ? "" : nameOf(number)
  let args: readonly unknown[]
  try {
    args = message.takeArgs(at, record)
  } catch {
    args = []
  }
  const letter = { actor, method, args, reason: error.message }
  for (const reader of readers) reader(letter)
  for (const slot of abroad) send(slot, letter)
}

function send(slot: number, letter: DeadLetter): void {
  const envelope: Letter = { type: "dead letter", letter }
  try {
    if (!post(slot, envelope)) abroad.delete(slot)
  } catch {
    post(slot, { ...envelope, letter: { ...letter, args: [] } } as Letter)
  }
}

onMesh<Wanted>("dead letters wanted", ({ wanted }, from) => {
  if (wanted) abroad.add(from)
  else abroad.delete(from)
})

onMesh<Letter>("dead letter", ({ letter }) => {
  for (const reader of readers) reader(letter)
})

function tellAll(wanted: boolean): void {
  const envelope: Wanted = { type: "dead letters wanted", wanted }
  for (const slot of reachable()) post(slot, envelope)
}

/**
 * The messages told to actors that nobody handled, from all isolates that run now, from here on.
 * Reading ends with `return`, or when the loop is left; a reader that does not read keeps the last
 * 1,024.
 *
 * Questions are no dead letters: their askers get the error.
 */
export function deadLetters(): AsyncIterableIterator<DeadLetter> {
  const kept: DeadLetter[] = []
  const waiting: ((result: IteratorResult<DeadLetter>) => void)[] = []
  let over = false
  const reader = (letter: DeadLetter): void => {
    const next = waiting.shift()
    if (next !== undefined) next({ value: letter, done: false })
    else if (kept.push(letter) > KEPT_MAX) kept.shift()
  }
  if (readers.size === 0) tellAll(true)
  readers.add(reader)
  return {
    next() {
      const value = kept.shift()
      if (value !== undefined) return Promise.resolve({ value, done: false })
      if (over) return Promise.resolve({ value: undefined, done: true })
      return new Promise((resolve) => waiting.push(resolve))
    },
    return() {
      over = true
      readers.delete(reader)
      if (readers.size === 0) tellAll(false)
      for (const resolve of waiting.splice(0)) resolve({ value: undefined, done: true })
      return Promise.resolve({ value: undefined, done: true })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
