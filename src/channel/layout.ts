/**
 * A channel in shared memory: one object, followed by its slots.
 *
 * ```
 * line 0   CAPACITY, SLOT_WORDS, CLOSED, SENDERS, and a cell with what a new holder must know
 * line 1   the writing side of the ring       line 2   its reading side
 * line 3   who waits to receive, who waits to send, and a cell with the error given to `close`
 * then     the slots: cells, or values of the schema
 * ```
 */
import { BODY } from "../internal/memory/objects.ts"

/** Messages it can hold. */
export const CAPACITY = BODY
/** Words of one slot; 0 when a slot is less than a word. */
export const SLOT_BYTES = BODY + 1
/** OPEN, CLOSING (a lone sender has not heard of it yet) or CLOSED. */
export const CLOSED_STATE = BODY + 2
/** Sending ends that isolates hold, plus such ends in flight. */
export const SENDERS = BODY + 3
/** 1 once a sending end of its own was made: the channel closes when the last is gone. */
export const COUNTS_SENDERS = BODY + 4
/** Cell: the `Meta` of the channel. */
export const META = 12
/** The two sides of the ring. */
export const WRITER = 16
export const READER = 32
/** Wait queues. */
export const RECEIVERS = 48
export const WAITING_SENDERS = 52
/** Cell: the failure given to `close`. */
export const CLOSE_FAILURE = 56
/** First word of the slots. */
export const SLOTS = 64

export const OPEN = 0
export const CLOSING = 1
export const CLOSED = 2
