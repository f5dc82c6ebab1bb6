/** What can be seen of a channel from outside its two sides: counts that may be a group behind. */
import { peek, read, type Words } from "#platform/atomics"
import type { Here } from "../internal/loop/here.ts"
import { Line } from "../internal/loop/line.ts"
import { depthOf, movedOf } from "../internal/queue/side.ts"
import { countWaiting } from "../internal/queue/wait-queue.ts"
import type { Counts } from "./flavor.ts"
import * as layout from "./layout.ts"

/** How many came, went and wait. */
export function countsOf({ words, me }: Here, object: number): Counts {
  const sent = movedOf(words, object + layout.WRITER)
  const received = movedOf(words, object + layout.READER)
  return {
    depth: Math.max(0, (sent - received) | 0),
    sent,
    received,
    waitingSenders: countWaiting(words, object + layout.WAITING_SENDERS, me),
    waitingReceivers: countWaiting(words, object + layout.RECEIVERS, me),
  }
}

/** A line of those who wait to receive. */
export function receivingLine(at: Here, object: number): Line {
  return new Line(at, object + layout.RECEIVERS, () => hasValues(at.words, object))
}

/** A line of those who wait to send. */
export function sendingLine(at: Here, object: number): Line {
  return new Line(at, object + layout.WAITING_SENDERS, () => hasRoom(at.words, object))
}

/** Whether a receiver would find something, be it the end. */
function hasValues(words: Words, object: number): boolean {
  if (peek(words, object + layout.CLOSED_STATE) === layout.CLOSED) return true
  return depthOf(words, object + layout.WRITER, object + layout.READER) > 0
}

/** Whether a sender would find room, or the end. */
function hasRoom(words: Words, object: number): boolean {
  if (peek(words, object + layout.CLOSED_STATE) !== layout.OPEN) return true
  const depth = depthOf(words, object + layout.WRITER, object + layout.READER)
  return depth < read(words, object + layout.CAPACITY)
}
