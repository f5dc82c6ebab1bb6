/**
 * A value in four words: scalars and handles in place, everything else as a block that the codec
 * fills.
 *
 * ```
 * TAG, PAYLOAD (an int32, a block, or the number of a handle), and a float64 in the last two
 * ```
 * Cells lie in channel slots and task records. Writing one that carries references makes them real
 * at once: a cell is written only when it will be sent.
 */
import { read, type Words, write } from "#platform/atomics"
import { SCRATCH_BYTES } from "#platform/limits"
import { shelter, sheltered, unshelter } from "../memory/guard.ts"
import { PAGE, pageOf } from "../memory/layout.ts"
import { slotOf } from "../memory/owners.ts"
import { Codec } from "../wire/codec.ts"
import { markOf } from "../wire/move.ts"
import { kindById, knownKind, Shareable } from "../wire/shareable.ts"
import { acquire, type Here, here } from "./here.ts"

/** Words of a cell; its first word is a multiple of 4. */
export const CELL_WORDS = 4

const NOTHING = 0
const UNDEFINED = 1
const NULL = 2
const TRUE = 3
const FALSE = 4
const INT = 5
const DOUBLE = 6
const MESSAGE = 7
/** A handle by itself; its kind in the upper bits. */
const HANDLE = 8
const KIND_SHIFT = 8

/** By how much more room is tried when a value does not fit: a few tries, and little twice. */
const GROWTH = 4

/** Writes and reads cells for one isolate. */
export class Cells {
  readonly #at: Here
  readonly #words: Words
  readonly #doubles: Float64Array
  readonly codec: Codec
  /**
   * Page word with the block in which messages are encoded; a successor in this slot uses it on.
   */
  readonly #scratch: number
  #packing = false
  /** The block that `prepare` made last; whoever prepares several keeps it and puts it back. */
  payload = 0

  constructor(at: Here) {
    this.#at = at
    this.#words = at.words
    this.#doubles = at.memory.doubles
    this.#scratch = pageOf(slotOf(at.me)) + PAGE.SCRATCH
    this.codec = new Codec(at.memory)
  }

  /**
   * Turns a value into what `put` writes: its tag. Everything that can fail happens here, before
   * the caller reserves a slot.
   */
  prepare(value: unknown, root: string): number {
    switch (typeof value) {
      case "number":
        return (value | 0) === value && !Object.is(value, -0) ? INT : DOUBLE
      case "boolean":
        return value ? TRUE : FALSE
      case "undefined":
        return UNDEFINED
      default:
        return this.#prepareObject(value, root)
    }
  }

  #prepareObject(value: unknown, root: string): number {
    if (value === null) return NULL
    const handle = value instanceof Shareable ? numberOf(value) : 0
    this.payload = handle === 0 ? this.#pack(value, root) : handle
    return handle === 0 ? MESSAGE : HANDLE | ((value as Shareable).kindId << KIND_SHIFT)
  }

  /** Writes what `prepare` answered for the same value just before. */
  put(cell: number, tag: number, value: unknown): void {
    write(this.#words, cell, tag)
    if (tag === INT) write(this.#words, cell + 1, value as number)
    else if (tag === DOUBLE) this.#doubles[(cell + 2) >> 1] = value as number
    else if (tag >= MESSAGE) write(this.#words, cell + 1, this.payload)
  }

  /** Writes a number, without the steps above. */
  putNumber(cell: number, value: number): void {
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      write(this.#words, cell, INT)
      write(this.#words, cell + 1, value)
    } else {
      write(this.#words, cell, DOUBLE)
      this.#doubles[(cell + 2) >> 1] = value
    }
  }

  /** The number in a cell; undefined when something else lies there. */
  number(cell: number): number | undefined {
    const tag = read(this.#words, cell)
    if (tag === INT) return read(this.#words, cell + 1)
    return tag === DOUBLE ? this.#doubles[(cell + 2) >> 1] : undefined
  }

  /**
   * Takes back what `prepare` made for a value that is not sent after all; nothing was committed.
   */
  unprepare(tag: number): void {
    if (tag === MESSAGE) this.#at.arena.release(this.payload)
  }

  /** Whether committing what was prepared last takes something from its sender. */
  moves(tag: number): boolean {
    return tag === MESSAGE && this.codec.moves
  }

  /** Whether what was prepared last names handles or buffers. */
  carries(tag: number): boolean {
    return tag > MESSAGE || (tag === MESSAGE && this.codec.carries)
  }

  /** Makes the effects of the value written last real: references are retained, moves happen. */
  commit(tag: number): void {
    if (tag === MESSAGE) this.codec.commit(this.payload * 4)
    else if (tag > MESSAGE) knownKind(tag >>> KIND_SHIFT).retain(this.payload)
  }

  /** Whether the value must be waited for (`arrived`) before it can be taken. */
  pending(cell: number): boolean {
    return (
      read(this.#words, cell) === MESSAGE && this.codec.pending(read(this.#words, cell + 1) * 4)
    )
  }

  /** Resolves when a pending value can be taken. */
  arrived(cell: number): Promise<void> {
    return this.codec.arrived(read(this.#words, cell + 1) * 4)
  }

  /**
   * Takes the value out of a cell; its block is released. `tag` is that of a cell which was written
   * over before, so that nobody takes it twice, whoever dies.
   */
  take(cell: number, tag: number = read(this.#words, cell)): unknown {
    if (tag === INT) return read(this.#words, cell + 1)
    if (tag < MESSAGE) return this.#scalar(cell, tag)
    const block = read(this.#words, cell + 1)
    if (tag > MESSAGE) return this.#revive(tag, block, false)
    return this.codec.hasFreight(block * 4)
      ? sheltered(this.#words, this.#at.me, () => this.#decode(block))
      : this.#decode(block)
  }

  #decode(block: number): unknown {
    try {
      return this.codec.decode(block * 4)
    } finally {
      this.#at.arena.release(block)
    }
  }

  #revive(tag: number, handle: number, stays: boolean): object {
    const kind = knownKind(tag >>> KIND_SHIFT)
    shelter(this.#words, this.#at.me)
    try {
      if (stays) kind.retain(handle)
      return kind.revive(handle)
    } finally {
      unshelter(this.#words, this.#at.me)
    }
  }

  #scalar(cell: number, tag: number): unknown {
    switch (tag) {
      case INT:
        return read(this.#words, cell + 1)
      case DOUBLE:
        return this.#doubles[(cell + 2) >> 1]
      case TRUE:
        return true
      case FALSE:
        return false
      case NULL:
        return null
      default:
        return undefined
    }
  }

  /** The value of a cell that stays there for others; it carries no references. */
  look(cell: number): unknown {
    return read(this.#words, cell) === MESSAGE
      ? this.codec.decode(read(this.#words, cell + 1) * 4)
      : this.#scalar(cell, read(this.#words, cell))
  }

  /**
   * The value of a cell that stays there for others; what it refers to is referred to once more.
   */
  copy(cell: number): unknown {
    const tag = read(this.#words, cell)
    if (tag < MESSAGE) return this.#scalar(cell, tag)
    const block = read(this.#words, cell + 1)
    if (tag > MESSAGE) return this.#revive(tag, block, true)
    return this.codec.hasFreight(block * 4)
      ? sheltered(this.#words, this.#at.me, () => this.codec.decodeCopy(block * 4))
      : this.codec.decode(block * 4)
  }

  /** Whether what `prepare` made may be copied by several isolates: it holds no moved buffer. */
  isForAll(tag: number): boolean {
    return tag !== MESSAGE || this.codec.isForAll(this.payload * 4)
  }

  /** Whether the value in a cell may be copied by several isolates: it holds no moved buffer. */
  staysForAll(cell: number): boolean {
    return (
      read(this.#words, cell) !== MESSAGE || this.codec.isForAll(read(this.#words, cell + 1) * 4)
    )
  }

  /** Whether a handle of a kind that is known here lies in a cell by itself. */
  isHandle(cell: number): boolean {
    const tag = read(this.#words, cell)
    return tag > MESSAGE && kindById(tag >>> KIND_SHIFT) !== undefined
  }

  /** Drops the value of a cell without making it: nobody will take it. `tag` as for `take`. */
  drop(cell: number, tag: number = read(this.#words, cell)): void {
    if (tag < MESSAGE) return
    const block = read(this.#words, cell + 1)
    if (tag === MESSAGE && !this.codec.hasFreight(block * 4)) this.#at.arena.release(block)
    else sheltered(this.#words, this.#at.me, () => this.#discard(tag, block))
  }

  #discard(tag: number, block: number): void {
    if (tag > MESSAGE) {
      kindById(tag >>> KIND_SHIFT)?.release(block)
      return
    }
    this.codec.discard(block * 4)
    this.#at.arena.release(block)
  }

  /**
   * Drops the value of a cell, once, however often this is done, and whoever dies: the cell is
   * empty before.
   */
  empty(cell: number): void {
    const tag = read(this.#words, cell)
    write(this.#words, cell, NOTHING)
    this.drop(cell, tag)
  }

  /**
   * Puts `value`, an object, in the place of the encoded one in a cell, which is dropped. Who dies
   * meanwhile leaves one or the other.
   *
   * @throws {OutOfSharedMemoryError} {NotSendableError} and nothing was replaced
   */
  replace(cell: number, value: unknown): void {
    const before = read(this.#words, cell + 1)
    const tag = this.prepare(value, "value")
    const { payload } = this
    this.commit(tag)
    write(this.#words, cell + 1, payload)
    this.codec.discard(before * 4)
    this.#at.arena.release(before)
  }

  /** Encodes into a block of the right size. */
  #pack(value: unknown, root: string): number {
    // A getter or a registered class that sends in the middle of an encoding must not write over
    // it.
    if (this.#packing) return this.#packLarge(value, root, SCRATCH_BYTES)
    this.#packing = true
    try {
      return this.#packSmall(value, root)
    } finally {
      this.#packing = false
    }
  }

  #packSmall(value: unknown, root: string): number {
    const start = this.#scratchBlock() * 4
    const end = this.codec.encode(value, start, start + SCRATCH_BYTES, root)
    if (end < 0) return this.#packLarge(value, root, SCRATCH_BYTES * 4)
    const block = acquire(this.#at, end - start)
    this.#at.memory.bytes.copyWithin(block * 4, start, end)
    return block
  }

  #scratchBlock(): number {
    const block = read(this.#words, this.#scratch)
    if (block !== 0) return block
    const fresh = acquire(this.#at, SCRATCH_BYTES)
    write(this.#words, this.#scratch, fresh)
    return fresh
  }

  #packLarge(value: unknown, root: string, atLeast: number): number {
    for (let size = atLeast; ; size *= GROWTH) {
      // When there is no room for generous growth, there may be for as much as is needed.
      let block = this.#at.arena.acquire(size)
      if (block === 0) {
        size /= GROWTH / 2
        block = acquire(this.#at, size)
      }
      let end = -1
      try {
        end = this.codec.encode(value, block * 4, block * 4 + size, root)
      } finally {
        if (end < 0) this.#at.arena.release(block)
      }
      if (end < 0) continue
      this.#at.arena.trim(block, end - block * 4)
      return block
    }
  }
}

/** The number of a handle that fits into a cell; 0 for one to be moved, or refused. */
function numberOf(handle: Shareable): number {
  if (Shareable.movedAt(handle) !== "" || markOf(handle) !== undefined) return 0
  const number = knownKind(handle.kindId).handleOf(handle)
  return (number | 0) === number ? number : 0
}

let own: Cells | undefined

/** The cells of this isolate. */
export function cells(): Cells {
  own ??= new Cells(here())
  return own
}
