/** What a channel tells about itself. */
import { now } from "#platform/clock"
import type { Flavor } from "./flavor.ts"

/** Numbers of a channel, at one moment. */
export interface ChannelStatistics {
  /** As it was made with, or empty. */
  readonly name: string
  /** Values it can hold: 0 hands from hand to hand. */
  readonly capacity: number
  /** Values inside. */
  readonly depth: number
  /**
   * Values sent and received since the channel was made; exact while fewer than 2 ** 32 pass
   * between calls.
   */
  readonly sent: number
  readonly received: number
  /** Operations that wait for room, and for a value, in all isolates. */
  readonly waitingSenders: number
  readonly waitingReceivers: number
  /** Values per second since this isolate asked last, or first. */
  readonly sentPerSecond: number
  readonly receivedPerSecond: number
  /** Whether nothing goes in any more; values may still be inside. */
  readonly closed: boolean
}

/** What this isolate knew when it asked last. */
interface Seen {
  atMs: number
  sent: number
  received: number
}

const seen = new WeakMap<Flavor, Seen>()

/** The numbers of a channel now. */
export function statisticsOf(channel: Flavor): ChannelStatistics {
  const { depth, sent, received, waitingSenders, waitingReceivers } = channel.count()
  const before = seen.get(channel) ?? { atMs: 0, sent: 0, received: 0 }
  const known = seen.has(channel)
  const next = {
    atMs: now(),
    sent: before.sent + ((sent - before.sent) >>> 0),
    received: before.received + ((received - before.received) >>> 0),
  }
  seen.set(channel, next)
  const seconds = (next.atMs - before.atMs) / 1000
  const rate = (count: number): number => (known && seconds > 0 ? count / seconds : 0)
  return Object.freeze({
    name: channel.meta.name,
    capacity: channel.capacity,
    depth,
    sent: next.sent,
    received: next.received,
    waitingSenders,
    waitingReceivers,
    sentPerSecond: rate(next.sent - before.sent),
    receivedPerSecond: rate(next.received - before.received),
    closed: channel.isClosed,
  })
}
