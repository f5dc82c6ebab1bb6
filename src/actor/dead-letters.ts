/**
 * Messages that nobody handled: told to an actor that was gone, dropped by a full mailbox, or in
 * hand of an isolate that died.
 */
import { and, or, peek } from "#platform/atomics"
import { after } from "#platform/clock"
import { ISOLATES_MAX, RETRY_MS } from "#platform/limits"
import { type Here, here } from "../internal/loop/here.ts"
import { HEAD_LETTERS } from "../internal/memory/layout.ts"
import { slotOf } from "../internal/memory/owners.ts"
import { type MeshMessage, onMesh, post } from "../isolate/mesh.ts"
import { onReap } from "../isolate/reap.ts"
import * as message from "./message.ts"
import { nameOf, PLAIN } from "./method.ts"
import { stage } from "./stage.ts"

/** A message that nobody handled. */
export interface DeadLetter {
  /** The class and number of the actor it was for. */
  readonly actor: string
  /** The method that was told; empty for a message of a function actor. */
  readonly method: string
  /**
   * Empty when they cannot be read here, a buffer that was moved with them is elsewhere, or the
   * isolate that died had taken them.
   */
  readonly args: readonly unknown[]
  /** Why: an `ActorStoppedError`, a `MailboxFullError`, an `IsolateDiedError`…, as text. */
  readonly reason: string
}

/** Letters at most that a reader who does not read keeps; older ones go first. */
const KEPT_MAX = 1024

interface Letter extends MeshMessage {
  readonly type: "dead letter"
  readonly letter: DeadLetter
}

const readers = new Set<(letter: DeadLetter) => void>()

/** Word and bit that say whether the isolate in a slot reads dead letters. */
function wordOf(slot: number): number {
  return HEAD_LETTERS + (slot >> 5)
}

function bitOf(slot: number): number {
  return 1 << (slot & 31)
}

/** Whether somebody reads dead letters, in whichever isolate. */
export function areLettersRead({ words }: Here): boolean {
  return (peek(words, HEAD_LETTERS) | peek(words, HEAD_LETTERS + 1)) !== 0
}

/** From here on all isolates tell this one of dead letters, or none does. */
function want({ words, me }: Here, wanted: boolean): void {
  const slot = slotOf(me)
  if (wanted) or(words, wordOf(slot), bitOf(slot))
  else and(words, wordOf(slot), ~bitOf(slot))
}

onReap((at, token) => want({ ...at, me: token }, false))

/** Makes a dead letter of a message, which stays the caller's. */
export function letterOf(at: Here, actor: string, record: number, error: Error): void {
  const number = message.methodOf(at, record)
  if (number < PLAIN) return
  const method = number === PLAIN ? "" : nameOf(number)
  let args: readonly unknown[]
  try {
    const isHere = !message.argsPending(record) && !message.areArgsTaken(at, record)
    args = isHere ? message.takeArgs(at, record) : []
  } catch {
    args = []
  }
  const letter = { actor, method, args, reason: error.message }
  for (const reader of readers) reader(letter)
  for (let slot = 0; slot < ISOLATES_MAX; slot++)
    if (slot !== slotOf(at.me) && isReading(at, slot)) send(at, slot, letter)
}

function isReading({ words }: Here, slot: number): boolean {
  return (peek(words, wordOf(slot)) & bitOf(slot)) !== 0
}

function send(at: Here, slot: number, letter: DeadLetter): void {
  const envelope: Letter = { type: "dead letter", letter }
  let isSent: boolean
  try {
    isSent = post(slot, envelope)
  } catch {
    isSent = post(slot, { ...envelope, letter: { ...letter, args: [] } } as Letter)
  }
  // A reader that has begun a moment ago is not known here yet.
  if (!isSent) after(RETRY_MS, () => isReading(at, slot) && send(at, slot, letter))
}

onMesh<Letter>("dead letter", ({ letter }) => {
  for (const reader of readers) reader(letter)
})

/**
 * The messages told to actors that nobody handled, or perhaps not to the end, since the isolate
 * died that had them in hand. They come from all isolates, beginning with this call: one that is
 * dropped afterwards arrives within some turns of both isolates, those of one isolate in order.
 * Reading ends with `return`, or when the loop is left; a reader that does not read keeps
 * the last 1,024.
 *
 * Questions are no dead letters: their askers get the error.
 */
export function deadLetters(): AsyncIterableIterator<DeadLetter> {
  const played = stage()
  if (played !== undefined) return played.deadLetters()
  const kept: DeadLetter[] = []
  const waiting: ((result: IteratorResult<DeadLetter>) => void)[] = []
  let over = false
  const reader = (letter: DeadLetter): void => {
    const next = waiting.shift()
    if (next !== undefined) next({ value: letter, done: false })
    else if (kept.push(letter) > KEPT_MAX) kept.shift()
  }
  if (readers.size === 0) want(here(), true)
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
      if (readers.size === 0) want(here(), false)
      for (const resolve of waiting.splice(0)) resolve({ value: undefined, done: true })
      return Promise.resolve({ value: undefined, done: true })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
