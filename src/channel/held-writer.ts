/**
 * Writes values whose getters may run meanwhile, and may send on the same channel.
 *
 * The slot being written is held. What getters send waits here as words, and goes into the slots
 * after it.
 */
import type { Words } from "#platform/atomics"
import type { Side } from "../internal/queue/ring.ts"
import type { Outcome } from "./flavor.ts"
import { SchemaSlots } from "./slots/schema.ts"
import type { Slots } from "./slots/types.ts"

/** One lone sender's way into slots with a schema. */
export class HeldWriter {
  readonly #writer: Side
  readonly #slots: SchemaSlots
  readonly #nested: Words[] = []

  constructor(writer: Side, slots: SchemaSlots) {
    this.#writer = writer
    this.#slots = slots
  }

  /**
   * Writes a value into the next slot, at byte `slot`. True when nothing else happened to the side;
   * otherwise, and when this throws, what was nested must be put.
   */
  write(value: unknown, slot: number): boolean {
    const writer = this.#writer
    writer.hold()
    try {
      this.#slots.writeNow(value, slot)
    } finally {
      writer.letGo()
    }
    return writer.stride > 0 && this.#nested.length === 0
  }

  /** Keeps a value sent while a slot is held, if there is room for both. */
  offer(value: unknown): Outcome {
    this.#slots.stage(value)
    if (!this.#writer.hasRoomFor(this.#nested.length + 2)) return "wait"
    this.#nested.push(this.#slots.staged())
    return "ok"
  }

  /** Puts the first of the nested values into the slot at byte `slot`; false when there is none. */
  putNested(slot: number): boolean {
    const words = this.#nested.shift()
    if (words === undefined) return false
    this.#slots.putStaged(words, slot)
    return true
  }
}

/** The way into these slots, where writing runs getters. */
export function heldWriter(writer: Side, slots: Slots): HeldWriter | undefined {
  return slots instanceof SchemaSlots ? new HeldWriter(writer, slots) : undefined
}
