/**
 * A message in shared memory: one block of 64 bytes. An answered one travels back to its asker's
 * inbox.
 *
 * ```
 * KIND, NEXT      as a link of a mailbox, and as an inbox node on its way back
 * STATE, HOLDER   queued, taken by the isolate in HOLDER, done or failed: see queue/mailbox.ts
 * ASKER, COOKIE   token of the isolate that waits for the answer, and its name for it; 0 when told
 * METHOD, SENDER  what is called (method.ts), with the form of the arguments; the actor it came
 *                 from, carried as a reference, or 0
 * ARGS            a cell: an array of arguments, or the only one, or the first of two
 * RESULT          a cell: the second of two arguments; then the result, or the failure
 * ```
 * Forms    one argument of any kind, or two numbers, booleans or the like, lie in cells; an array
 *          is made of more. SCALAR: no cell holds a block, so nothing is to be taken out or dropped
 */
import { poke, read, type Words, write } from "#platform/atomics"
import { OutOfSharedMemoryError } from "../errors.ts"
import { cells } from "../internal/loop/cell.ts"
import type { Here } from "../internal/loop/here.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isAlive, slotOf } from "../internal/memory/owners.ts"
import { tell } from "../internal/queue/inbox.ts"
import { QUEUED, RECORD_HOLDER, RECORD_STATE } from "../internal/queue/mailbox.ts"
import { fromFailure, toFailure } from "../internal/wire/failure.ts"
import { lend, lendOwn, takeBack } from "./credit.ts"
import { acquireRecord, releaseRecord } from "./records.ts"

const ASKER = 4
const COOKIE = 5
const METHOD = 6
const SENDER = 7
const ARGS = 8
const RESULT = 12

/** States after TAKEN. */
export const DONE = 2
export const FAILED = 3

/** In the cell of the arguments when they were taken. */
const NOTHING = 0

/** Forms of arguments: 0 to 2 in cells, or an array. A method number leaves 4 bits. */
const ARRAY = 3
const COUNT_MASK = 3
/** Flag of a form: numbers, booleans and the like alone. */
const SCALAR = 4
const FORM_MASK = 15

/**
 * Makes a message; `sender` is the actor it comes from, or 0.
 *
 * @throws {NotSendableError} when an argument cannot cross
 */
export function makeMessage(
  at: Here,
  method: number,
  args: readonly unknown[],
  sender: number,
): number {
  const { words } = at
  const form = formOf(method, args)
  const value = form === ARRAY ? args : args[0]
  const tag = cells().prepare(value, form === ARRAY ? "args" : "args[0]")
  const { payload } = cells()
  let record: number
  try {
    record = acquireRecord(at)
  } catch (error) {
    cells().payload = payload
    cells().unprepare(tag)
    throw error
  }
  begin(words, record, method < 0 ? method : method | form)
  cells().put(record + ARGS, tag, value)
  if ((form & COUNT_MASK) === 2) cells().put(record + RESULT, cells().prepare(args[1], ""), args[1])
  cells().commit(tag)
  if (sender !== 0) lend(at, sender)
  write(words, record + SENDER, sender)
  return record
}

/** As `makeMessage`, of one argument at most, for which `isPlain`; `sender` lives here. */
export function makePlain(
  at: Here,
  method: number,
  count: number,
  value: unknown,
  sender: number,
): number {
  const record = acquireRecord(at)
  begin(at.words, record, method | SCALAR | count)
  if (typeof value === "number") cells().putNumber(record + ARGS, value)
  else cells().put(record + ARGS, cells().prepare(value, ""), value)
  if (sender !== 0) lendOwn(at, sender)
  write(at.words, record + SENDER, sender)
  return record
}

function begin(words: Words, record: number, method: number): void {
  write(words, record, KIND.ACTOR_MESSAGE)
  write(words, record + RECORD_STATE, QUEUED)
  write(words, record + RECORD_HOLDER, 0)
  write(words, record + ASKER, 0)
  write(words, record + METHOD, method)
}

function formOf(method: number, args: readonly unknown[]): number {
  const { length } = args
  if (method < 0) return 1
  if (length === 0) return SCALAR
  if (length === 1) return isPlain(args[0]) ? SCALAR | 1 : 1
  return length === 2 && isPlain(args[0]) && isPlain(args[1]) ? SCALAR | 2 : ARRAY
}

/** Whether a value lies in a cell as it is: it cannot fail to cross. */
export function isPlain(value: unknown): boolean {
  const type = typeof value
  return type === "number" || type === "boolean" || type === "undefined" || value === null
}

/** Says who waits for the answer. */
export function setAsker({ words }: Here, record: number, asker: number, cookie: number): void {
  write(words, record + ASKER, asker)
  write(words, record + COOKIE, cookie)
}

/** The isolate that asked; 0 for a message that was only told. */
export function askerOf({ words }: Here, record: number): number {
  return read(words, record + ASKER)
}

/** Its asker's name for it. */
export function cookieOf({ words }: Here, record: number): number {
  return read(words, record + COOKIE)
}

/** What is asked for. */
export function methodOf({ words }: Here, record: number): number {
  const method = read(words, record + METHOD)
  return method < 0 ? method : method & ~FORM_MASK
}

function formAt({ words }: Here, record: number): number {
  const method = read(words, record + METHOD)
  return method < 0 ? 1 : method & COUNT_MASK
}

/** Whether a message to a method has numbers and the like as its arguments, or none. */
export function isScalar(at: Here, record: number): boolean {
  return shortOf(at, record) !== 0
}

/** How an `isScalar` one is called: its method and how many arguments it has; 0 for others. */
export function shortOf({ words }: Here, record: number): number {
  const method = read(words, record + METHOD)
  return method > 0 && (method & SCALAR) !== 0 ? method : 0
}

/** The method of `shortOf`. */
export function methodIn(short: number): number {
  return short & ~FORM_MASK
}

/** How many arguments lie in the cells, of `shortOf`. */
export function countIn(short: number): number {
  return short & COUNT_MASK
}

/** The first argument of an `isScalar` one, which stays. */
export function firstOf(record: number): unknown {
  return cells().number(record + ARGS) ?? cells().look(record + ARGS)
}

/** The second. */
export function secondOf(record: number): unknown {
  return cells().look(record + RESULT)
}

/** Where it stands. */
export function stateOf({ words }: Here, record: number): number {
  return read(words, record + RECORD_STATE)
}

/** Who has it in hand. */
export function holderOf({ words }: Here, record: number): number {
  return read(words, record + RECORD_HOLDER)
}

/** Whether this home has looked at a message that still waits. */
export function isSeen(at: Here, record: number): boolean {
  return read(at.words, record + RECORD_HOLDER) === at.me
}

/** Notes that it was looked at. */
export function setSeen(at: Here, record: number): void {
  write(at.words, record + RECORD_HOLDER, at.me)
}

/** Takes the sender out, whose reference is the caller's from here on; 0 when there is none. */
export function takeSender({ words }: Here, record: number): number {
  const sender = read(words, record + SENDER)
  write(words, record + SENDER, 0)
  return sender
}

/** The sender, left where it is. */
export function senderOf({ words }: Here, record: number): number {
  return read(words, record + SENDER)
}

/** First word of the cell of the arguments, for what is written there otherwise. */
export function argsOf(record: number): number {
  return record + ARGS
}

/** Whether the arguments must be waited for. */
export function argsPending(record: number): boolean {
  return cells().pending(record + ARGS)
}

/** Resolves when pending arguments can be taken. */
export function argsArrived(record: number): Promise<void> {
  return cells().arrived(record + ARGS)
}

/** Takes the arguments out, for somebody whose death they need not outlive. */
export function takeArgs(at: Here, record: number): unknown[] {
  const form = formAt(at, record)
  if (form === 0) return []
  const tag = read(at.words, record + ARGS)
  // In this order: who dies between the two leaves them to nobody.
  write(at.words, record + ARGS, NOTHING)
  const first = cells().take(record + ARGS, tag)
  // Nothing lies there when they were taken before, and could not be read.
  if (form === ARRAY) return (first ?? []) as unknown[]
  return form === 1 ? [first] : [first, cells().take(record + RESULT)]
}

/** Whether the arguments can be delivered more than once: they hold no moved buffer. */
export function isRepeatable(record: number): boolean {
  return cells().staysForAll(record + ARGS)
}

/** Whether taking the arguments out is sure and cheap: they are one reference or the like. */
export function isHandle(record: number): boolean {
  return cells().isHandle(record + ARGS)
}

/** Whether the arguments of a message in hand are gone: it cannot be delivered again. */
export function areArgsTaken(at: Here, record: number): boolean {
  return formAt(at, record) !== 0 && read(at.words, record + ARGS) === NOTHING
}

/** The arguments, which stay for another delivery. */
export function copyArgs(at: Here, record: number): unknown[] {
  const form = formAt(at, record)
  if (form === 0) return []
  const first = cells().copy(record + ARGS)
  if (form === ARRAY) return first as unknown[]
  return form === 1 ? [first] : [first, cells().copy(record + RESULT)]
}

/** Drops the arguments, of which a copy was made. */
export function dropArgs(record: number): void {
  cells().empty(record + ARGS)
}

/**
 * The arguments, which stay for another delivery even when buffers were moved with them: those are
 * copied into the message. Where that is not possible, another delivery finds them lost.
 */
export function keepArgs(at: Here, record: number): unknown[] {
  const args = copyArgs(at, record)
  if (isRepeatable(record)) return args
  try {
    cells().replace(record + ARGS, formAt(at, record) === ARRAY ? args : args[0])
  } catch {
    // No room: as if the buffers were still on their way, from where nothing will come.
  }
  return args
}

/** Drops what lies in a message beside its result: arguments not taken, the sender. */
function dropRest(at: Here, record: number): void {
  if (!isScalar(at, record)) dropArgs(record)
  const sender = takeSender(at, record)
  if (sender !== 0) takeBack(at, sender)
}

/** Ends an `isScalar` one that nobody waits for. */
export function endShort(at: Here, record: number): void {
  const sender = read(at.words, record + SENDER)
  if (sender !== 0) {
    write(at.words, record + SENDER, 0)
    takeBack(at, sender)
  }
  releaseRecord(at, record)
}

/** Ends a message that nobody waits for. */
export function endMessage(at: Here, record: number): void {
  dropRest(at, record)
  releaseRecord(at, record)
}

/**
 * Writes the result; the caller tells the asker next.
 *
 * @throws {NotSendableError} when it cannot cross; nothing was written
 */
export function putResult(at: Here, record: number, value: unknown): void {
  const tag = cells().prepare(value, "result")
  cells().put(record + RESULT, tag, value)
  cells().commit(tag)
  dropRest(at, record)
  poke(at.words, record + RECORD_STATE, DONE)
}

/**
 * Writes what was thrown as the outcome. Never fails: a number says that not even the failure had
 * room.
 */
export function putFailure(at: Here, record: number, thrown: unknown): void {
  putError(at, record + RESULT, thrown)
  dropRest(at, record)
  poke(at.words, record + RECORD_STATE, FAILED)
}

/** Writes what was thrown into a cell; never fails. */
export function putError(at: Here, cell: number, thrown: unknown): void {
  try {
    const failure = toFailure(thrown, placeOf(at))
    const tag = cells().prepare(failure, "error")
    cells().put(cell, tag, failure)
    cells().commit(tag)
  } catch (full) {
    cells().putNumber(cell, full instanceof OutOfSharedMemoryError ? full.requestedBytes : 0)
  }
}

/** Takes what `putError` wrote; with the stack of the place that waited for it. */
export function takeError(at: Here, cell: number, awaitedStack?: string): unknown {
  return readError(at, () => cells().take(cell), awaitedStack)
}

/** As `takeError`, of a cell that others read, too. */
export function copyError(at: Here, cell: number): unknown {
  return readError(at, () => cells().copy(cell))
}

function readError(at: Here, get: () => unknown, awaitedStack?: string): unknown {
  try {
    const failure = get()
    if (typeof failure === "number")
      return new OutOfSharedMemoryError(failure, at.arena.statistics().totalBytes)
    return fromFailure(failure, awaitedStack === undefined ? {} : { awaitedStack })
  } catch (unreadable) {
    return unreadable
  }
}

function placeOf(at: Here): string {
  const slot = slotOf(at.me)
  return slot === 0 ? "the main isolate" : `isolate ${slot}`
}

/** First word of the cell of the result. */
export function resultCell(record: number): number {
  return record + RESULT
}

/** Sends an answered message back, unless nobody is left to hear it. */
export function sendBack(at: Here, record: number): void {
  const asker = askerOf(at, record)
  if (isAlive(at.words, asker)) tell(at.words, asker, record, record)
  else dropAnswer(at, record)
}

/** Ends an answered message whose asker is dead. */
export function dropAnswer(at: Here, record: number): void {
  cells().drop(record + RESULT)
  releaseRecord(at, record)
}
