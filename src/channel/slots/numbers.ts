/** Slots of one number each: a ring of 32-bit integers or 64-bit floats. */
import { BULK_NUMBERS } from "#platform/limits"
import { acquire, type Here } from "../../internal/loop/here.ts"
import type { Schema } from "../../internal/wire/struct.ts"
import { PlainSlots, type Slots } from "./types.ts"

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
    if (typeof value !== "number" || (value | 0) !== value) this.#check(value, this.#checked)
    this.view[slot >> this.#shift] = value as number
    return true
  }

  readNow(slot: number): unknown {
    return this.view[slot >> this.#shift]
  }

  stage(value: unknown): void {
    // The schema's own writer words the refusal.
    if (typeof value !== "number" || (value | 0) !== value) this.#check(value, this.#checked)
    this.#staged = value as number
  }

  put(slot: number): void {
    this.view[slot >> this.#shift] = this.#staged
  }

  lift(slot: number): void {
    this.#lifted = this.view[slot >> this.#shift]
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
      if ((typeof value !== "number" || (value | 0) !== value) && !this.#isFit(value, i > from)) {
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
