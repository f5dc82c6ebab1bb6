/**
 * How values lie in the slots of a channel: as cells, which hold anything, or by a schema.
 *
 * A value is staged first, outside any guard, where everything that can fail happens and the user's
 * getters may run; then it is put into its slot in a few plain writes. Taking is the mirror image:
 * the slot is lifted out, its side of the ring is left, then the value is made.
 */
import { read, write } from "#platform/atomics"
import { BULK_NUMBERS } from "#platform/limits"
import { CELL_WORDS, type Cells, cells } from "../internal/loop/cell.ts"
import { acquire, type Here } from "../internal/loop/here.ts"
import { withoutMoving } from "../internal/wire/move.ts"
import type { Schema } from "../internal/wire/struct.ts"

/** What `readNow` answers when the value must be lifted. */
export const NOT_NOW: unique symbol = Symbol("not now")

/** A lifted value that cannot be made yet. */
export type Parked = readonly number[]

/** One way in which values lie in slots. */
export interface Slots {
  readonly slotBytes: number
  /** Writes a value that needs no staging into the slot at byte `slot`; false for all others. */
  writeNow(value: unknown, slot: number): boolean
  /** Reads a value that need not be lifted; `NOT_NOW` for all others. */
  readNow(slot: number): unknown
  /** Makes ready what `put` writes. @throws when the value cannot be sent */
  stage(value: unknown): void
  /** Writes the staged value into the slot at byte `slot`, and makes its effects real. */
  put(slot: number): void
  /** Whether putting what was staged takes it from its sender. */
  readonly moves: boolean
  /** Takes back what was staged: it will not be sent. */
  unstage(): void
  /** Lifts the value out of its slot, which may be written again afterwards. */
  lift(slot: number): void
  /** Whether the lifted value must be waited for. */
  readonly pending: boolean
  /** Resolves when the lifted value can be made. */
  arrived(): Promise<void>
  /** The lifted value as words, to be lifted again by `unpark` when it has arrived. */
  park(): Parked
  unpark(parked: Parked): void
  /** Drops a parked value that nobody will receive. */
  dropParked(parked: Parked): void
  /** Makes the value that was lifted last. */
  make(): unknown
  /** The value of a slot that keeps it. */
  look(slot: number): unknown
  /** Whether the value of a slot must be waited for, and until when. */
  pendingIn(slot: number): boolean
  arrivedIn(slot: number): Promise<void>
  /** Drops a value that nobody will receive. */
  drop(slot: number): void
  /** Gives back what it holds; nobody uses it any more. */
  dispose(): void
}

/** Slots that hold any value. */
class CellSlots implements Slots {
  readonly slotBytes = CELL_WORDS * 4
  readonly #words: Int32Array
  readonly #cells: Cells
  /** A cell outside any channel: where a lifted value lies. */
  readonly #lifted: number
  /** Whether several may receive one value: then buffers are copied, not moved. */
  readonly #keeps: boolean
  #tag = 0
  #payload = 0
  #value: unknown

  constructor(at: Here, keeps: boolean) {
    this.#words = at.words
    this.#keeps = keeps
    this.#cells = cells()
    this.#lifted = scratch(at)
  }

  writeNow(value: unknown, slot: number): boolean {
    if (typeof value !== "number") return false
    this.#cells.putNumber(slot >> 2, value)
    return true
  }

  readNow(slot: number): unknown {
    return this.#cells.number(slot >> 2) ?? NOT_NOW
  }

  stage(value: unknown): void {
    this.#tag = this.#keeps
      ? withoutMoving(() => this.#cells.prepare(value, "value"))
      : this.#cells.prepare(value, "value")
    this.#payload = this.#cells.payload
    this.#value = value
  }

  put(slot: number): void {
    this.#cells.payload = this.#payload
    this.#cells.put(slot >> 2, this.#tag, this.#value)
    this.#cells.commit(this.#tag)
  }

  unstage(): void {
    this.#cells.payload = this.#payload
    this.#cells.unprepare(this.#tag)
  }

  lift(slot: number): void {
    const from = slot >> 2
    for (let i = 0; i < CELL_WORDS; i++) {
      write(this.#words, this.#lifted + i, read(this.#words, from + i))
    }
  }

  get moves(): boolean {
    return this.#cells.moves(this.#tag)
  }

  get pending(): boolean {
    return this.#cells.pending(this.#lifted)
  }

  arrived(): Promise<void> {
    return this.#cells.arrived(this.#lifted)
  }

  park(): Parked {
    return Array.from({ length: CELL_WORDS }, (_, i) => read(this.#words, this.#lifted + i))
  }

  unpark(parked: Parked): void {
    for (let i = 0; i < CELL_WORDS; i++) {
      write(this.#words, this.#lifted + i, parked[i] as number)
    }
  }

  dropParked(parked: Parked): void {
    this.unpark(parked)
    this.#cells.drop(this.#lifted)
  }

  make(): unknown {
    return this.#cells.take(this.#lifted)
  }

  look(slot: number): unknown {
    return this.#cells.copy(slot >> 2)
  }

  pendingIn(slot: number): boolean {
    return this.#cells.pending(slot >> 2)
  }

  arrivedIn(slot: number): Promise<void> {
    return this.#cells.arrived(slot >> 2)
  }

  drop(slot: number): void {
    this.#cells.drop(slot >> 2)
  }

  dispose(): void {}
}

/** What slots of plain numbers need not do: nothing in them must be waited for or dropped. */
abstract class PlainSlots {
  readonly pending = false
  readonly moves = false

  arrived(): Promise<void> {
    return Promise.resolve()
  }

  park(): Parked {
    return []
  }

  unpark(_parked: Parked): void {}

  dropParked(_parked: Parked): void {}

  unstage(): void {}

  pendingIn(_slot: number): boolean {
    return false
  }

  arrivedIn(_slot: number): Promise<void> {
    return Promise.resolve()
  }

  drop(_slot: number): void {}
}

/** Slots in the layout of a schema. */
class SchemaSlots extends PlainSlots implements Slots {
  readonly slotBytes: number
  readonly #at: Here
  readonly #words: Int32Array
  readonly #slotWords: number
  readonly #write: (value: unknown, byte: number) => void
  readonly #read: (byte: number) => unknown
  readonly #staged: number
  readonly #lifted: number

  constructor(at: Here, schema: Schema<unknown>) {
    super()
    this.#at = at
    this.slotBytes = slotBytesOf(schema)
    this.#words = at.words
    this.#slotWords = this.slotBytes >> 2
    this.#write = schema.writer(at.memory)
    this.#read = schema.reader(at.memory)
    this.#staged = acquire(at, this.slotBytes)
    this.#lifted = acquire(at, this.slotBytes)
  }

  writeNow(value: unknown, slot: number): boolean {
    this.#write(value, slot)
    return true
  }

  readNow(slot: number): unknown {
    return this.#read(slot)
  }

  stage(value: unknown): void {
    this.#write(value, this.#staged * 4)
  }

  put(slot: number): void {
    this.#copy(this.#staged, slot >> 2)
  }

  lift(slot: number): void {
    this.#copy(slot >> 2, this.#lifted)
  }

  make(): unknown {
    return this.#read(this.#lifted * 4)
  }

  look(slot: number): unknown {
    return this.#read(slot)
  }

  dispose(): void {
    this.#at.arena.release(this.#staged)
    this.#at.arena.release(this.#lifted)
  }

  #copy(from: number, to: number): void {
    const words = this.#words
    const count = this.#slotWords
    if (count > COPY_WITHIN_WORDS) words.copyWithin(to, from, from + count)
    else for (let i = 0; i < count; i++) write(words, to + i, read(words, from + i))
  }
}

/** From here on the engine's block copy beats a loop. */
const COPY_WITHIN_WORDS = 32

/** Dense slots of one number each. */
export class ScalarSlots extends PlainSlots implements Slots {
  readonly slotBytes: number
  readonly #at: Here
  readonly #isInt: boolean
  readonly view: Int32Array | Float64Array
  readonly #shift: number
  readonly #check: (value: unknown, byte: number) => void
  readonly #checked: number
  #staged = 0
  #lifted = 0

  constructor(at: Here, schema: Schema<unknown>) {
    super()
    const isInt = schema.scalar === "i32"
    this.#at = at
    this.#isInt = isInt
    this.slotBytes = schema.byteLength
    this.view = isInt ? at.words : at.memory.doubles
    this.#shift = isInt ? 2 : 3
    this.#check = schema.writer(at.memory)
    this.#checked = acquire(at, this.slotBytes) * 4
  }

  writeNow(value: unknown, slot: number): boolean {
    if (((value as number) | 0) !== value) this.#check(value, this.#checked)
    this.view[slot >> this.#shift] = value as number
    return true
  }

  readNow(slot: number): unknown {
    return this.view[slot >> this.#shift]
  }

  stage(value: unknown): void {
    // The schema's own writer words the refusal.
    if (((value as number) | 0) !== value) this.#check(value, this.#checked)
    this.#staged = value as number
  }

  put(slot: number): void {
    this.view[slot >> this.#shift] = this.#staged
  }

  lift(slot: number): void {
    this.#lifted = this.view[slot >> this.#shift] as number
  }

  make(): unknown {
    return this.#lifted
  }

  look(slot: number): unknown {
    return this.view[slot >> this.#shift]
  }

  dispose(): void {
    this.#at.arena.release(this.#checked >> 2)
  }

  /**
   * The numbers of `values` from `from` on as they lie in slots, up to BULK_NUMBERS and up to the
   * first that cannot be sent. @throws when the very first cannot
   */
  dense(values: ArrayLike<unknown>, from: number): NumberArray {
    const end = Math.min(values.length, from + BULK_NUMBERS)
    const whole = this.#isInt ? Int32Array : Float64Array
    if (values instanceof whole) return values.subarray(from, end)
    const copy = this.#array(end - from)
    for (let i = from; i < end; i++) {
      const value = values[i]
      if (((value as number) | 0) !== value && !this.#isFit(value, i > from)) {
        return copy.subarray(0, i - from)
      }
      copy[i - from] = value as number
    }
    return copy
  }

  #isFit(value: unknown, quiet: boolean): boolean {
    try {
      this.#check(value, this.#checked)
      return true
    } catch (error) {
      if (quiet) return false
      throw error
    }
  }

  /**
   * Writes `count` of `numbers` to the slots from `place` on, of `slots` that begin at byte
   * `first`.
   */
  fill(first: number, slots: number, place: number, numbers: NumberArray, count: number): void {
    const base = first >> this.#shift
    const head = Math.min(count, slots - place)
    this.view.set(numbers.subarray(0, head), base + place)
    if (head < count) this.view.set(numbers.subarray(head, count), base)
  }

  /** A copy of `count` slots from `place` on. */
  copy(first: number, slots: number, place: number, count: number): NumberArray {
    const base = first >> this.#shift
    const head = Math.min(count, slots - place)
    const copy = this.#array(count)
    copy.set(this.view.subarray(base + place, base + place + head))
    if (head < count) copy.set(this.view.subarray(base, base + count - head), head)
    return copy
  }

  #array(length: number): NumberArray {
    return this.#isInt ? new Int32Array(length) : new Float64Array(length)
  }
}

/** Numbers as they lie in slots. */
export type NumberArray = Int32Array | Float64Array

/** Bytes from one slot to the next. */
export function slotBytesOf(schema: Schema<unknown> | undefined): number {
  if (schema === undefined) return CELL_WORDS * 4
  if (isDense(schema)) return schema.byteLength
  const alignment = Math.max(4, schema.alignment)
  return Math.ceil(schema.byteLength / alignment) * alignment
}

function isDense(schema: Schema<unknown>): boolean {
  return schema.scalar === "i32" || schema.scalar === "f64"
}

/** How the values of a channel lie in its slots; `keeps` when several may receive one value. */
export function slotsFor(at: Here, schema: Schema<unknown> | undefined, keeps = false): Slots {
  if (schema === undefined) return new CellSlots(at, keeps)
  return isDense(schema) ? new ScalarSlots(at, schema) : new SchemaSlots(at, schema)
}

let scratchCell = 0

function scratch(at: Here): number {
  if (scratchCell === 0) scratchCell = acquire(at, CELL_WORDS * 4)
  return scratchCell
}
