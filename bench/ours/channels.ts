/** Streams through channels, from one isolate to another; main only looks on. */
import { type Channel, channel, go, i32, task } from "heddle"
import { check, nanoseconds, repeated, sumBelow } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"
import { type Message, message, totalWeight, weight } from "../workloads/message.ts"
import { MessageStruct } from "./message.ts"

/** How a receiver takes what comes. */
type Way = "batches" | "try" | "await" | "iterate" | "visible"

const CAPACITY = 4096

/** What a finished receiver knows. */
interface Received {
  end: number
  sum: number
}

export const sendInts = task(
  import.meta.url,
  "sendInts",
  async (out: Channel<number>, count: number): Promise<number> => {
    const start = nanoseconds()
    for (let i = 0; i < count; i++) if (out.trySend(i) !== "ok") await out.send(i)
    out.close()
    return start
  },
)

export const sendIntsAwaiting = task(
  import.meta.url,
  "sendIntsAwaiting",
  async (out: Channel<number>, count: number): Promise<number> => {
    const start = nanoseconds()
    for (let i = 0; i < count; i++) await out.send(i)
    out.close()
    return start
  },
)

export const sendIntsFlushing = task(
  import.meta.url,
  "sendIntsFlushing",
  async (out: Channel<number>, count: number): Promise<number> => {
    const start = nanoseconds()
    for (let i = 0; i < count; i++) {
      if (out.trySend(i) !== "ok") await out.send(i)
      out.flush()
    }
    out.close()
    return start
  },
)

/** As `sendInts`, but leaves the channel open: others send too. */
export const sendIntsOpen = task(
  import.meta.url,
  "sendIntsOpen",
  async (out: Channel<number>, count: number): Promise<number> => {
    const start = nanoseconds()
    for (let i = 0; i < count; i++) if (out.trySend(i) !== "ok") await out.send(i)
    return start
  },
)

export const sendObjects = task(
  import.meta.url,
  "sendObjects",
  async (out: Channel<Message>, count: number): Promise<number> => {
    const start = nanoseconds()
    for (let i = 0; i < count; i++) {
      const value = message(i)
      if (out.trySend(value) !== "ok") await out.send(value)
    }
    out.close()
    return start
  },
)

export const receiveBatches = task(
  import.meta.url,
  "receiveBatches",
  async (from: Channel<number>): Promise<Received> => {
    let sum = 0
    for await (const batch of from.batches(256)) sum += sumOf(batch)
    return { end: nanoseconds(), sum }
  },
)

function sumOf(batch: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < batch.length; i++) sum += batch[i]
  return sum
}

export const receiveTrying = task(
  import.meta.url,
  "receiveTrying",
  async (from: Channel<number>, count: number): Promise<Received> => {
    let sum = 0
    for (let i = 0; i < count; i++) {
      const taken = from.tryReceive()
      sum += taken.state === "ok" ? taken.value : await from.receive()
    }
    return { end: nanoseconds(), sum }
  },
)

export const receiveAwaiting = task(
  import.meta.url,
  "receiveAwaiting",
  async (from: Channel<number>, count: number): Promise<Received> => {
    let sum = 0
    for (let i = 0; i < count; i++) sum += await from.receive()
    return { end: nanoseconds(), sum }
  },
)

export const receiveIterating = task(
  import.meta.url,
  "receiveIterating",
  async (from: Channel<number>): Promise<Received> => {
    let sum = 0
    for await (const value of from) sum += value
    return { end: nanoseconds(), sum }
  },
)

export const receiveObjects = task(
  import.meta.url,
  "receiveObjects",
  async (from: Channel<Message>): Promise<Received> => {
    let sum = 0
    for await (const batch of from.batches(256)) {
      for (let i = 0; i < batch.length; i++) sum += weight(batch[i])
    }
    return { end: nanoseconds(), sum }
  },
)

/** The two sides of each way, and how many messages take a second or less. */
const WAYS = {
  batches: { send: sendInts, receive: receiveBatches, count: 50_000_000 },
  try: { send: sendInts, receive: receiveTrying, count: 50_000_000 },
  await: { send: sendIntsAwaiting, receive: receiveAwaiting, count: 5_000_000 },
  iterate: { send: sendIntsAwaiting, receive: receiveIterating, count: 5_000_000 },
  visible: { send: sendIntsFlushing, receive: receiveTrying, count: 10_000_000 },
} satisfies Record<Way, object>

/** One sender in isolate 1, one receiver in isolate 2. */
export function measureInts(context: Context, way: Way): Promise<Sample> {
  const { send, receive, count } = WAYS[way]
  const messages = context.count(count)
  return repeated(context, messages, async () => {
    const ints = channel<number>({ capacity: CAPACITY, of: i32 })
    const receiving = go.with({ on: 2 })(receive, ints, messages)
    const start = await go.with({ on: 1 })(send, ints, messages)
    const { end, sum } = await receiving
    check("sum", sum, sumBelow(messages))
    return (end - start) / 1e9
  })
}

/** A sender and a receiver in each of two isolates, all on one channel. */
export function measureTwoToTwo(context: Context): Promise<Sample> {
  const each = context.count(10_000_000)
  return repeated(context, 2 * each, async () => {
    const ints = channel<number>({ capacity: CAPACITY, of: i32 })

    const receiving = [1, 2].map((on) => go.with({ on })(receiveBatches, ints))
    const sending = [1, 2].map((on) => go.with({ on })(sendIntsOpen, ints, each))
    const starts = await Promise.all(sending)
    ints.close()
    const received = await Promise.all(receiving)
    const total = received.reduce((sum, one) => sum + one.sum, 0)
    check("sum", total, 2 * sumBelow(each))
    return (Math.max(...received.map((one) => one.end)) - Math.min(...starts)) / 1e9
  })
}

/** Objects of about 100 bytes, with a schema or without. */
export function measureObjects(context: Context, kind: "typed" | "untyped"): Promise<Sample> {
  const count = context.count(kind === "typed" ? 5_000_000 : 1_000_000)
  return repeated(context, count, async () => {
    const of = kind === "typed" ? MessageStruct : undefined
    const messages = channel<Message>({ capacity: CAPACITY, of })
    const receiving = go.with({ on: 2 })(receiveObjects, messages)
    const start = await go.with({ on: 1 })(sendObjects, messages, count)
    const { end, sum } = await receiving
    check("weight", sum, totalWeight(count))
    return (end - start) / 1e9
  })
}
