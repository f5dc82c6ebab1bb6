/**
 * Samsquire's actors: two isolates that send to each other and sum what they receive, until each
 * has received its share. A: a prepared list handed over by reference; B: lists created, sent,
 * summed; C: one message at a time.
 */
import { type Channel, channel, go, i32, type Schema, sharedArray, struct, task } from "heddle"
import { check, nanoseconds, repeated } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"
import { sumChunk } from "../workloads/functions.js"

const BATCH_A = 2_500
const BATCH_B = 25_000
/** Lists on their way to one actor before its sender waits, as in the Java form. */
const AHEAD_A = 512
/** Columns of a shared block: from, to, body of each message. */
const COLUMNS = 3
/** Blocks an actor fills in B before it waits for one to come from the other. */
const BLOCKS_B = 3
/** Messages sent in C before the own mailbox is looked at. */
const BURST = 256
/** Numbers summed by one call. */
const CHUNK = 1024

interface Message {
  from: number
  to: number
  body: number
}

const MessageStruct = struct({ from: i32, to: i32, body: i32 })

/** What an actor reports. */
interface Report {
  start: number
  end: number
  sum: number
}

type Actor<T> = (on: number, to: Channel<T>, from: Channel<T>) => PromiseLike<Report>

/** Runs an actor in each of two isolates, with a mailbox each, and checks what they summed. */
function pair<T>(
  context: Context,
  count: number,
  box: { capacity: number; of?: Schema<T> },
  actor: Actor<T>,
): Promise<Sample> {
  return repeated(context, count, async () => {
    const [one, two] = [channel<T>(box), channel<T>(box)]
    const reports = await Promise.all([actor(1, two, one), actor(2, one, two)])
    check("sum", reports[0].sum + reports[1].sum, count)
    const start = Math.min(reports[0].start, reports[1].start)
    return (Math.max(reports[0].end, reports[1].end) - start) / 1e9
  })
}

/** Creates a list of messages in a shared block, a column for each field. */
function createIn(block: Int32Array, from: number, to: number): void {
  const length = block.length / COLUMNS
  for (let i = 0; i < length; i += CHUNK) {
    createSome(block, length, i, Math.min(i + CHUNK, length), from, to)
  }
}

function createSome(
  block: Int32Array,
  length: number,
  start: number,
  end: number,
  from: number,
  to: number,
): void {
  for (let i = start; i < end; i++) {
    block[i] = from
    block[length + i] = to
    block[2 * length + i] = 1
  }
}

/** Sums a block from an index on, in calls of CHUNK: a kernel called often is compiled best. */
function sumOf(block: Int32Array, start: number): number {
  const end = block.length
  let sum = 0
  for (let i = start; i < end; i += CHUNK) sum += sumChunk(block, i, Math.min(i + CHUNK, end))
  return sum
}

export const handOver = task(
  import.meta.url,
  "handOver",
  async (
    to: Channel<Int32Array>,
    from: Channel<Int32Array>,
    list: Int32Array,
    lists: number,
  ): Promise<Report> => {
    const start = nanoseconds()
    let sum = 0
    let sent = 0
    for (let received = 0; received < lists; received++) {
      while (sent < lists && to.trySend(list) === "ok") sent++
      const taken = from.tryReceive()
      const messages = taken.state === "ok" ? taken.value : await from.receive()
      sum += sumOf(messages, 2 * BATCH_A)
    }
    for (; sent < lists; sent++) await to.send(list)
    return { start, end: nanoseconds(), sum }
  },
)

export const handOverByNumber = task(
  import.meta.url,
  "handOverByNumber",
  async (
    to: Channel<number>,
    from: Channel<number>,
    self: number,
    known: Int32Array[],
    lists: number,
  ): Promise<Report> => {
    const start = nanoseconds()
    let sum = 0
    let sent = 0
    for (let received = 0; received < lists; received++) {
      while (sent < lists && to.trySend(self) === "ok") sent++
      const taken = from.tryReceive()
      const number = taken.state === "ok" ? taken.value : await from.receive()
      sum += sumOf(known[number], 2 * BATCH_A)
    }
    for (; sent < lists; sent++) await to.send(self)
    return { start, end: nanoseconds(), sum }
  },
)

/** A list of messages for each actor in shared memory. */
function preparedLists(): Int32Array[] {
  return [0, 1].map((self) => {
    const list = sharedArray(Int32Array, BATCH_A * COLUMNS)
    createIn(list, self, 1 - self)
    return list
  })
}

/** A: each list crosses as a handle. */
export function measureHandedOver(context: Context): Promise<Sample> {
  const count = context.count(1_000_000_000, 2 * BATCH_A)
  const lists = preparedLists()
  const share = count / 2 / BATCH_A
  return pair<Int32Array>(context, count, { capacity: AHEAD_A }, (on, to, from) => {
    return go.with({ on })(handOver, to, from, lists[on - 1], share)
  })
}

/** A: both actors know the lists from the start, and a message says which. */
export function measureHandedOverByNumber(context: Context): Promise<Sample> {
  const count = context.count(1_000_000_000, 2 * BATCH_A)
  const lists = preparedLists()
  const share = count / 2 / BATCH_A
  return pair<number>(context, count, { capacity: AHEAD_A, of: i32 }, (on, to, from) => {
    return go.with({ on })(handOverByNumber, to, from, on - 1, lists, share)
  })
}

export const fillAndSum = task(
  import.meta.url,
  "fillAndSum",
  async (
    to: Channel<Int32Array>,
    from: Channel<Int32Array>,
    self: number,
    blocks: Int32Array[],
    lists: number,
  ): Promise<Report> => {
    const start = nanoseconds()
    const spare = [...blocks]
    let sum = 0
    let sent = 0
    for (let received = 0; received < lists; received++) {
      for (let block = spare.pop(); block !== undefined && sent < lists; block = spare.pop()) {
        createIn(block, self, 3 - self)
        await to.send(block)
        sent++
      }
      const block = await from.receive()
      sum += sumOf(block, 2 * (block.length / COLUMNS))
      spare.push(block)
    }
    return { start, end: nanoseconds(), sum }
  },
)

/** B in shared memory: a received block is the next one filled, so blocks go to and fro. */
export function measureBlocks(context: Context): Promise<Sample> {
  const count = context.count(250_000_000, 2 * BATCH_B)
  const blocks = [1, 2].map(() =>
    Array.from({ length: BLOCKS_B }, () => sharedArray(Int32Array, BATCH_B * COLUMNS)),
  )
  const share = count / 2 / BATCH_B
  return pair<Int32Array>(context, count, { capacity: 64 }, (on, to, from) => {
    return go.with({ on })(fillAndSum, to, from, on, blocks[on - 1], share)
  })
}

export const sendLists = task(
  import.meta.url,
  "sendLists",
  async (
    to: Channel<Message>,
    from: Channel<Message>,
    self: number,
    lists: number,
  ): Promise<Report> => {
    const start = nanoseconds()
    let sum = 0
    for (let i = 0; i < lists; i++) {
      const list: Message[] = []
      for (let k = 0; k < BATCH_B; k++) list.push({ from: self, to: 3 - self, body: 1 })
      await to.sendMany(list)
      for (let left = BATCH_B; left > 0; ) {
        const received = await from.receiveMany(left)
        for (const message of received) sum += message.body
        left -= received.length
      }
    }
    return { start, end: nanoseconds(), sum }
  },
)

/** B with objects: copied through a typed channel, a list at a time. */
export function measureObjects(context: Context): Promise<Sample> {
  const count = context.count(20_000_000, 2 * BATCH_B)
  const share = count / 2 / BATCH_B
  const box = { capacity: 2 ** 16, of: MessageStruct }
  return pair<Message>(context, count, box, (on, to, from) => {
    return go.with({ on })(sendLists, to, from, on, share)
  })
}

export const sendOneByOne = task(
  import.meta.url,
  "sendOneByOne",
  async (
    to: Channel<Message>,
    from: Channel<Message>,
    self: number,
    share: number,
  ): Promise<Report> => {
    const start = nanoseconds()
    let sum = 0
    let sent = 0
    let received = 0
    while (received < share) {
      let isFull = false
      for (let burst = 0; burst < BURST && sent < share && !isFull; burst++) {
        if (to.trySend({ from: self, to: 3 - self, body: 1 }) === "ok") sent++
        else isFull = true
      }
      let taken = from.tryReceive()
      const mustWait = isFull || sent === share
      if (mustWait && taken.state === "empty") taken = { state: "ok", value: await from.receive() }
      for (; taken.state === "ok"; taken = from.tryReceive()) {
        sum += taken.value.body
        received++
      }
    }
    for (; sent < share; sent++) await to.send({ from: self, to: 3 - self, body: 1 })
    return { start, end: nanoseconds(), sum }
  },
)

/** C: an object made and sent at a time. */
export function measureOneByOne(context: Context): Promise<Sample> {
  const count = context.count(20_000_000, 2)
  const box = { capacity: 2 ** 16, of: MessageStruct }
  return pair<Message>(context, count, box, (on, to, from) => {
    return go.with({ on })(sendOneByOne, to, from, on, count / 2)
  })
}

export const sendIntsOneByOne = task(
  import.meta.url,
  "sendIntsOneByOne",
  async (to: Channel<number>, from: Channel<number>, share: number): Promise<Report> => {
    const start = nanoseconds()
    let sum = 0
    let sent = 0
    let received = 0
    while (received < share) {
      let isFull = false
      for (let burst = 0; burst < BURST && sent < share && !isFull; burst++) {
        if (to.trySend(1) === "ok") sent++
        else isFull = true
      }
      let taken = from.tryReceive()
      const mustWait = isFull || sent === share
      if (mustWait && taken.state === "empty") taken = { state: "ok", value: await from.receive() }
      for (; taken.state === "ok"; taken = from.tryReceive()) {
        sum += taken.value
        received++
      }
    }
    for (; sent < share; sent++) await to.send(1)
    return { start, end: nanoseconds(), sum }
  },
)

/** C with a bare number as the message. */
export function measureIntsOneByOne(context: Context): Promise<Sample> {
  const count = context.count(50_000_000, 2)
  return pair<number>(context, count, { capacity: 2 ** 16, of: i32 }, (on, to, from) => {
    return go.with({ on })(sendIntsOneByOne, to, from, count / 2)
  })
}
