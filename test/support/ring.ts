/** A ring of plain words in shared memory, as channels build it from two sides. */
import { read, write } from "#platform/atomics"
import { Side } from "../../src/internal/queue/ring.ts"
import { SIDE_WORDS } from "../../src/internal/queue/side.ts"

/** Words of a ring of `capacity` one-word slots, a power of two. */
export function ringWords(capacity: number): number {
  return 2 * SIDE_WORDS + capacity
}

/** One isolate's two ends of the ring at `at`. */
export class Ring {
  readonly words: Int32Array
  readonly writer: Side
  readonly reader: Side
  readonly #slots: number
  readonly #mask: number

  constructor(words: Int32Array, at: number, me: number, capacity: number, sides = Side) {
    this.words = words
    this.writer = new sides(words, at, at + SIDE_WORDS, me, capacity, capacity, { gaveUp() {} })
    this.reader = new sides(words, at + SIDE_WORDS, at, me, 0, capacity, { gaveUp() {} })
    this.#slots = at + 2 * SIDE_WORDS
    this.#mask = capacity - 1
  }

  /** Puts as many of `values` as there is room for now; answers `begin`'s answer. */
  send(...values: readonly number[]): number {
    const { writer, words } = this
    if (values.length === 1 && (writer.stride > 0 || writer.look())) {
      write(words, this.#slots + (writer.position & this.#mask), values[0])
      if (writer.advance()) writer.publishGroup()
      return 1
    }
    const room = writer.begin(values.length)
    if (room <= 0) return room
    for (let i = 0; i < room; i++) {
      write(words, this.#slots + ((writer.position + i) & this.#mask), values[i])
    }
    writer.end(room)
    return room
  }

  /** Takes up to `max` values into `into`; answers `begin`'s answer. */
  receive(into: number[], max = 1): number {
    const { reader, words } = this
    if (max === 1 && (reader.stride > 0 || reader.look())) {
      into.push(read(words, this.#slots + (reader.position & this.#mask)))
      if (reader.advance()) reader.publishGroup()
      return 1
    }
    const room = reader.begin(max)
    if (room <= 0) return room
    for (let i = 0; i < room; i++) {
      into.push(read(words, this.#slots + ((reader.position + i) & this.#mask)))
    }
    reader.end(room)
    return room
  }
}
