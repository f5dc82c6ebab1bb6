/** The builtins beneath Python's channels. */
import { ActorRef } from "../../actor/ref.ts"
import { Channel, channel } from "../../channel/channel.ts"
import { Receiver, Sender } from "../../channel/ends.ts"
import type { Flavor, Outcome, Sink, Source, Waits } from "../../channel/flavor.ts"
import * as layout from "../../channel/layout.ts"
import { iterationError } from "../../channel/operations.ts"
import type { Meta, Remains } from "../../channel/remains.ts"
import { type Selectable, SOURCE } from "../../channel/selectable.ts"
import { PythonError } from "../../errors.ts"
import { keepGuarded } from "../../internal/queue/side.ts"
import { Arguments, type Builtin } from "../builtins.ts"
import { bool, none, numberOf, smallInt } from "../numbers.ts"
import type { Begin, Waiting } from "../threads/index.ts"
import type { Bridge } from "./bridge.ts"
import { NEVER_ARRIVES } from "./no-counterpart.ts"
import { type Shape, schemaNamed, shapeOf } from "./schemas.ts"
import { deadlineAfter, Pending, PendingWait } from "./waiting.ts"

/** Values that were taken for a receive that was interrupted: the next gets them. */
const unread = new WeakMap<Source, unknown[]>()

/** Channels as one interpreter uses them. */
class Channels {
  readonly #bridge: Bridge
  /** Sides that this interpreter has used: they are guarded from then on. */
  readonly #guarded = new WeakMap<object, number>()

  /** Shapes of typed values. */
  readonly #shapes = new WeakMap<Source, { readonly of: Shape }>()

  constructor(bridge: Bridge) {
    this.#bridge = bridge
  }

  /**
   * A lone side is given up in a turn of its isolate's loop, and Python has none while it computes:
   * a side that it uses is never lone.
   */
  #keepGuarded(handle: object, side: number): void {
    const seen = this.#guarded.get(handle) ?? 0
    if ((seen & side) !== 0) return
    this.#guarded.set(handle, seen | side)
    const object = objectOf(handle)
    const { words } = this.#bridge.inside.at
    if (object !== 0 && words[object + layout.CAPACITY] > 0) keepGuarded(words, object + side)
  }

  source(handle: object): Source {
    if (!(SOURCE in handle)) throw new TypeError("a Sender cannot receive")
    this.#keepGuarded(handle, layout.READER)
    return (handle as Selectable<unknown>)[SOURCE]
  }

  sink(handle: object): Sink {
    if (!(handle instanceof Channel || handle instanceof Sender))
      throw new TypeError("a Receiver cannot send")
    this.#keepGuarded(handle, layout.WRITER)
    return handle.sending(undefined).sink
  }

  /** Takes a value; a new reference, or undefined when there is none. */
  take(source: Source): number | undefined {
    const left = unread.get(source)
    if (left !== undefined && left.length > 0) return this.#made(source, left.shift())
    if (source.receivers.length > 0) return undefined
    const outcome = source.take()
    refuseArriving(source)
    if (outcome === "wait") return undefined
    return outcome === "closed" ? this.#bridge.answer("_CLOSED") : this.#made(source, source.value)
  }

  #made(source: Source, value: unknown): number {
    let shape = this.#shapes.get(source)
    if (shape === undefined) {
      shape = { of: shapeOf((source.meta as Partial<Meta>).of) }
      this.#shapes.set(source, shape)
    }
    return this.#bridge.toPython.shaped(value, shape.of, "value")
  }

  receive(source: Source, seconds: number | undefined): number | Waiting {
    const now = this.take(source)
    if (now !== undefined) return now
    source.acknowledge()
    const pending = new Pending(this.#bridge, (self) => {
      const outcome = source.takeAgain()
      refuseArriving(source)
      if (outcome === "ok") self.value = source.value
      return outcome
    })
    return this.#wait(pending, source.receivers, seconds, {
      over: () => this.#received(source, pending),
      lost: () => {
        if (pending.outcome !== "ok") return
        const left = unread.get(source) ?? []
        unread.set(source, left)
        left.push(pending.value)
      },
    })
  }

  #received(source: Source, { outcome, value }: Pending): number {
    if (outcome === "failed") throw value
    return outcome === "closed" ? this.#bridge.answer("_CLOSED") : this.#made(source, value)
  }

  /** Offers an object. What has a layout is written by code that knows arrays only. */
  offer(sink: Sink, object: number): Outcome {
    const { toJs } = this.#bridge
    const isTyped = (sink.meta as Partial<Meta>).of !== undefined
    return sink.offer(isTyped ? toJs.value(object, "value") : toJs.lent(object, "value"))
  }

  send(sink: Sink, object: number, seconds: number | undefined): number | Waiting {
    if (sink.senders.length === 0) {
      const outcome = this.offer(sink, object)
      if (outcome === "ok") return none(this.#bridge.c)
      if (outcome === "closed") return this.#bridge.answer("_CLOSED")
    }
    // It is written later, when its memory may hold something else.
    const value = this.#bridge.toJs.value(object, "value")
    const pending = new Pending(this.#bridge, () => sink.offer(value))
    const over = (): number => {
      if (pending.outcome === "failed") throw pending.value
      return pending.outcome === "ok" ? none(this.#bridge.c) : this.#bridge.answer("_CLOSED")
    }
    return this.#wait(pending, sink.senders, seconds, { over }, value)
  }

  #wait(
    pending: Pending,
    waits: Waits,
    seconds: number | undefined,
    ends: { over(): number; lost?(): void },
    value?: unknown,
  ): number | Waiting {
    waits.wait(pending, value)
    if (pending.over) return ends.over()
    const late = (): number => this.#bridge.answer("_LATE")
    return new PendingWait(this.#bridge, pending, waits, { ...ends, late }, deadlineAfter(seconds))
  }
}

/**
 * A value with a buffer that cannot arrive is dropped here, so that it keeps nothing waiting.
 *
 * @throws {TypeError} when the value taken last waits for one
 */
function refuseArriving(source: Source): void {
  if (!source.isArriving) return
  const { remains } = source as unknown as { readonly remains?: Pick<Remains, "arrivals"> }
  remains?.arrivals.drop()
  throw new TypeError(NEVER_ARRIVES)
}

function objectOf(handle: object): number {
  if (handle instanceof Channel) return Channel.objectOf(handle)
  if (handle instanceof Receiver) return Receiver.objectOf(handle)
  if (handle instanceof ActorRef) return handle.id
  return handle instanceof Sender ? (handle.sending(undefined).sink as Flavor).object : 0
}

/** The builtins that may wait. */
export function blockingChannelBuiltins(bridge: Bridge): Record<string, Begin> {
  const channels = new Channels(bridge)
  const { c } = bridge
  const begin = (run: (args: Arguments) => number | Waiting): Begin => {
    const args = new Arguments(c)
    return (_self, first, count) => {
      args.set(first, count)
      return bridge.guarded(() => run(args))
    }
  }
  return {
    /** `channel_receive(n, seconds)`: the value, or `_CLOSED`, or `_LATE`. */
    channel_receive: begin((args) =>
      channels.receive(channels.source(bridge.handle(args, 0)), numberOf(c, args.pointer(1))),
    ),
    /** `channel_send(n, value, seconds)`: None, or `_CLOSED`, or `_LATE`. */
    channel_send: begin((args) => {
      const sink = channels.sink(bridge.handle(args, 0))
      return channels.send(sink, args.pointer(1), numberOf(c, args.pointer(2)))
    }),
  }
}

/** The builtins on channels that do not wait. */
export function channelBuiltins(bridge: Bridge): Record<string, Builtin> {
  const { c, toJs, toPython } = bridge
  const channels = new Channels(bridge)
  const builtins: Record<string, Builtin> = {
    /** `channel_new(capacity, of, name, redelivers)`: a Channel. */
    channel_new: (args) => {
      const of = toJs.value(args.pointer(1), "of")
      const name = toJs.value(args.pointer(2), "name")
      const made = channel({
        capacity: toJs.value(args.pointer(0), "capacity") as number,
        ...(of === null ? {} : { of: schemaNamed(of) }),
        name: name as string,
        whenReceiverDies: args.pointer(3) === c.__Py_TrueStruct ? "redeliver" : "drop",
      })
      return toPython.value(made, "channel")
    },
    /** `channel_try_receive(n)`: the value, or `_CLOSED`, or `_EMPTY`. */
    channel_try_receive: (args) =>
      channels.take(channels.source(bridge.handle(args, 0))) ?? bridge.answer("_EMPTY"),
    /** `channel_try_send(n, value)`: None, or `_CLOSED`, or `_FULL`. */
    channel_try_send: (args) => {
      const sink = channels.sink(bridge.handle(args, 0))
      const outcome = channels.offer(sink, args.pointer(1))
      if (outcome === "ok") return none(c)
      return bridge.answer(outcome === "closed" ? "_CLOSED" : "_FULL")
    },
  }
  return guarded(bridge, { ...builtins, ...endBuiltins(bridge, channels) })
}

function guarded(
  bridge: Bridge,
  builtins: Readonly<Record<string, Builtin>>,
): Record<string, Builtin> {
  const entries = Object.entries(builtins)
  return Object.fromEntries(entries.map(([name, run]) => [name, bridge.builtin(run)]))
}

/** On the ends of channels, and the end of handles. */
function endBuiltins(bridge: Bridge, channels: Channels): Record<string, Builtin> {
  const { c, toJs, toPython } = bridge
  return {
    /** `channel_close(n, error)`: whether it was open. */
    channel_close: (args) => {
      const handle = bridge.handle(args, 0)
      const error = args.pointer(1) === c.__Py_NoneStruct ? undefined : errorOf(bridge, args, 1)
      if (handle instanceof Channel) return bool(c, handle.close(error))
      if (!(handle instanceof Sender)) throw new TypeError("a Receiver cannot close")
      const wasOpen = !handle.closed
      handle.close(error)
      return bool(c, wasOpen)
    },
    /** `channel_done(n)`: what was received so far is done with. */
    channel_done: (args) => {
      channels.source(bridge.handle(args, 0)).acknowledge()
      return none(c)
    },
    /** `channel_error(n)`: what the channel was closed with, None when nothing. */
    channel_error: (args) => {
      const handle = bridge.handle(args, 0)
      const ended = SOURCE in handle ? channels.source(handle) : channels.sink(handle)
      return toPython.value(iterationError(ended), "error")
    },
    /** `channel_end(n, "sender" | "receiver")`: one end as a handle of its own. */
    channel_end: (args) => {
      const handle = bridge.handle(args, 0)
      if (!(handle instanceof Channel)) throw new TypeError("only a Channel has two ends")
      const end = toJs.value(args.pointer(1), "end")
      return toPython.value(end === "sender" ? handle.sender : handle.receiver, "end")
    },
    /** `channel_state(n)`: (closed, statistics) */
    channel_state: (args) => {
      const handle = bridge.handle(args, 0) as Channel<unknown>
      return toPython.value({ ...handle.statistics?.(), closed: handle.closed }, "state")
    },
    handle_drop: (args) => {
      bridge.drop(smallInt(c, args.pointer(0)) ?? 0)
      return none(c)
    },
    /** `handle_id(n)`: equal for handles of the same thing. */
    handle_id: (args) => toPython.value(objectOf(bridge.handle(args, 0)), "id"),
  }
}

/** The error that stands for a Python exception: `(class name, message, traceback)`. */
function errorOf(bridge: Bridge, args: Arguments, index: number): Error {
  const parts = bridge.toJs.value(args.pointer(index), "error") as [string, string, string]
  return new PythonError(...parts)
}
