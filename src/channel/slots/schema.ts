/** Slots in the layout of a schema, written and read by its codec. */
import { read, type Words, write } from "#platform/atomics"
import { acquire, type Here } from "../../internal/loop/here.ts"
import type { Schema } from "../../internal/wire/struct.ts"
import { PlainSlots, type Slots } from "./types.ts"

/** Slots in the layout of a schema. */
export class SchemaSlots extends PlainSlots implements Slots {
  readonly slotBytes: number
  readonly #at: Here
  readonly #words: Int32Array
  readonly #slotWords: number
  readonly #write: (value: unknown, byte: number) => void
  readonly #read: (byte: number) => unknown
  /** Where values are staged: one more place when a getter sends while its object is staged. */
  readonly #stages: number[] = []
  #depth = 0
  #staged = 0
  readonly #lifted: number

  constructor(at: Here, schema: Schema<unknown>, slotBytes: number) {
    super()
    this.#at = at
    this.slotBytes = slotBytes
    this.#words = at.words
    this.#slotWords = this.slotBytes >> 2
    this.#write = schema.writer(at.memory)
    this.#read = schema.reader(at.memory)
    this.#stages.push(acquire(at, this.slotBytes))
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
    const depth = this.#depth++
    try {
      if (depth === this.#stages.length) this.#stages.push(acquire(this.#at, this.slotBytes))
      const stage = this.#stages[depth]
      this.#write(value, stage * 4)
      this.#staged = stage
    } finally {
      this.#depth = depth
    }
  }

  put(slot: number): void {
    this.#copy(this.#staged, slot >> 2)
  }

  /** What was staged, to be put later. */
  staged(): Words {
    return this.#words.slice(this.#staged, this.#staged + this.#slotWords)
  }

  /** Puts what was staged before. */
  putStaged(staged: Words, slot: number): void {
    this.#words.set(staged, slot >> 2)
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
    for (const stage of this.#stages) this.#at.arena.release(stage)
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
