/**
 * A channel in shared memory: one object, followed by its slots.
 *
 * ```
 * line 0   CAPACITY, CLOSED_STATE, the sending ends, and a cell with what a new holder must know
 * line 1   the writing side of the ring, two lines, or where a channel without slots meets
 * line 3   its reading side, two lines, and what was received and is not acknowledged yet
 * line 5   who waits to receive, who waits to send, and a cell with the error given to `close`
 * then     the slots: cells, or values of the schema
 * ```
 */
import { BODY } from "../internal/memory/objects.ts"

/** Messages it can hold. */
export const CAPACITY = BODY
/** OPEN, CLOSING (a lone sender has not heard of it yet) or CLOSED. */
export const CLOSED_STATE = BODY + 2
/** Guards SENDER. */
export const ENDS_GUARD = BODY + 1
/**
 * The object that stands for all sending ends; 0 before the first was made and after the last is
 * gone.
 */
export const SENDER = BODY + 3
/** 1 once a sending end was made: the channel closes when the last is gone. */
export const HAS_ENDS = BODY + 4
/** 1 where the slots are laid out by a schema. */
export const HAS_SCHEMA = BODY + 5
/** Cell: the `Meta` of the channel; undefined where it says nothing. */
export const META = 12
/** The two sides of the ring. */
export const WRITER = 16
export const READER = 48
/** Where senders and receivers meet when the capacity is 0. */
export const PLACE = WRITER
/** The messages that are not acknowledged, two words; inside the reading guard. */
export const CLAIMS = READER + 8
/** Wait queues. */
export const RECEIVERS = 80
export const WAITING_SENDERS = 84
/** Cell: the failure given to `close`. */
export const CLOSE_FAILURE = 88
/** First word of the slots. */
export const SLOTS = 96

/** Values can be sent. */
export const OPEN = 0
/** Closed, while a lone sender may have values that nobody sees yet. */
export const CLOSING = 1
/** Closed, and every value that was sent is visible. */
export const CLOSED = 2

/** Slots are a power of two, so that a position finds its slot by a mask. */
export function slotCount(capacity: number): number {
  return capacity <= 1 ? 1 : 2 ** (32 - Math.clz32(capacity - 1))
}
