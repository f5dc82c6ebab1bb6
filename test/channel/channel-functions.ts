/** Functions that the tests of channels run in other isolates. */
import {
  type Channel,
  current,
  type Receiver,
  type Sender,
  type Subscription,
  select,
  task,
} from "../../src/index.ts"

/** Sends `from` to `to`, one by one, and closes its end. */
export const produce = task(
  import.meta.url,
  "produce",
  async (out: Sender<number>, from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) await out.send(i)
    out.close()
  },
)

/** Everything it could receive before the end. */
export const collect = task(
  import.meta.url,
  "collect",
  async <T>(from: Receiver<T>): Promise<T[]> => {
    const values: T[] = []
    for await (const value of from) values.push(value)
    return values
  },
)

/** Receives one value and sends it to the other channel. */
export const relay = task(
  import.meta.url,
  "relay",
  async <T>(from: Receiver<T>, to: Channel<T>): Promise<void> => {
    await to.send(await from.receive())
  },
)

/** Receives some and dies without being done with them. */
export const receiveAndDie = task(
  import.meta.url,
  "receiveAndDie",
  async <T>(from: Channel<T>, count: number): Promise<void> => {
    await from.receiveMany(count)
    process.exit(3)
  },
)

/** Receives some, says so, and dies when it is told to. */
export const receiveThenDie = task(
  import.meta.url,
  "receiveThenDie",
  async (
    from: Channel<number>,
    count: number,
    ready: Channel<number>,
    die: Channel<number>,
  ): Promise<void> => {
    await from.receiveMany(count)
    await ready.send(1)
    await die.receive()
    process.exit(3)
  },
)

/** Sends some, then dies; its sending end goes with it. */
export const sendAndDie = task(
  import.meta.url,
  "sendAndDie",
  async (out: Sender<number>, count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await out.send(i)
    await new Promise((resolve) => setImmediate(resolve))
    process.exit(3)
  },
)

/** Blocks its thread for everything in the channel. */
export const sumSync = task(import.meta.url, "sumSync", (from: Channel<number>): number => {
  let sum = 0
  try {
    for (;;) sum += from.receiveSync({ timeoutMs: 120_000 })
  } catch (error) {
    if (Reflect.get(error as Error, "code") !== "ERR_HEDDLE_CHANNEL_CLOSED") throw error
    return sum
  }
})

/** Blocks its thread for each send. */
export const sendSync = task(
  import.meta.url,
  "sendSync",
  (to: Channel<number>, count: number): void => {
    for (let i = 1; i <= count; i++) to.sendSync(i, { timeoutMs: 120_000 })
    to.close()
  },
)

/** Receives with one call after the other, some of which it gives up; then how much it got. */
export const receiveFickly = task(
  import.meta.url,
  "receiveFickly",
  async (from: Receiver<number>, other: Receiver<number>, seed: number): Promise<number[]> => {
    const got: number[] = []
    let state = seed
    const finish = (): number[] => {
      for (const value of got) from.done(value) || other.done(value)
      return got
    }
    for (;;) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      const stop = new AbortController()
      const { signal } = stop
      const kind = (state >>> 16) % 3
      const waiting: Promise<number | undefined> =
        kind === 0
          ? from.receive({ signal })
          : select({ from, other }, { signal }).then((hit) => hit.value)
      waiting.catch(() => {})
      if ((state >>> 20) % 2 === 0) await current().yield()
      if (kind !== 2) stop.abort("given up")
      try {
        const value = await waiting
        if (value === undefined) return finish()
        got.push(value)
      } catch (error) {
        if (error === "given up") continue
        return finish()
      }
    }
  },
)

/** Takes the length of what was moved to it. */
export const lengthOfMoved = task(
  import.meta.url,
  "lengthOfMoved",
  async (from: Channel<{ bytes: Uint8Array }>): Promise<number[]> => {
    const lengths: number[] = []
    for await (const { bytes } of from) lengths.push(bytes.length)
    return lengths
  },
)

/** The same, blocking its thread. */
export const lengthOfMovedSync = task(
  import.meta.url,
  "lengthOfMovedSync",
  (from: Channel<{ bytes: Uint8Array }>): number =>
    from.receiveSync({ timeoutMs: 120_000 }).bytes.length,
)

/** Sums numbers in batches, each a typed array. */
export const sumBatches = task(
  import.meta.url,
  "sumBatches",
  async (from: Channel<number>): Promise<number> => {
    let sum = 0
    for await (const batch of from.batches(512)) {
      if (!(batch instanceof Int32Array)) throw new TypeError("a typed array")
      for (const value of batch) sum += value
    }
    return sum
  },
)

/** Passes numbers on until the end. */
export const passOn = task(
  import.meta.url,
  "passOn",
  async (from: Receiver<number>, to: Sender<number>): Promise<void> => {
    for await (const value of from) await to.send(value)
    to.close()
  },
)

/** The sum of all that a subscription receives. */
export const listen = task(
  import.meta.url,
  "listen",
  async (news: Subscription<number>): Promise<number> => {
    let sum = 0
    for await (const value of news) sum += value
    return sum
  },
)

/**
 * What is thrown when nothing comes in time, when there is no room in time, and for a wrong time.
 */
export const timesOut = task(
  import.meta.url,
  "timesOut",
  (channel: Channel<number>): (string | undefined)[] => {
    const thrown = (act: () => void): string | undefined => {
      try {
        act()
      } catch (error) {
        const { code, name } = error as Error & { code?: string }
        return code ?? name
      }
      return undefined
    }
    const outcomes = [thrown(() => channel.receiveSync({ timeoutMs: 3 }))]
    while (channel.trySend(1) === "ok");
    outcomes.push(thrown(() => channel.sendSync(1, { timeoutMs: 3 })))
    outcomes.push(thrown(() => channel.receiveSync({ timeoutMs: -1 })))
    return outcomes
  },
)

/** Closes every end that comes, until it is ended. */
export const closeAll = task(
  import.meta.url,
  "closeAll",
  async (from: Channel<Sender<number>>): Promise<void> => {
    for await (const sender of from) sender.close()
  },
)

/** Asks for something and never looks whether it came. */
export const requestAndSpin = task(
  import.meta.url,
  "requestAndSpin",
  async (from: Channel<unknown>): Promise<void> => {
    void from.receive()
    for (;;);
  },
)

/** Offers something again and again, and gives it up at once. */
export const offerInVain = task(
  import.meta.url,
  "offerInVain",
  async (to: Channel<unknown>): Promise<void> => {
    for (let i = 1; ; i++) {
      const giving = new AbortController()
      const sent = to.send({ some: "text", i }, { signal: giving.signal })
      giving.abort()
      await sent.catch(() => {})
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  },
)

/** Has the sending side to itself, and does nothing more until it may. */
export const sendAloneAndWait = task(
  import.meta.url,
  "sendAloneAndWait",
  async (to: Channel<number>, count: number, until: Channel<number>): Promise<void> => {
    for (let i = 0; i < count; i++) to.trySend(i)
    await until.receive()
  },
)

/** Makes an end of every channel that comes, until it is ended. */
export const keepSenders = task(
  import.meta.url,
  "keepSenders",
  async (from: Channel<Channel<number>>): Promise<void> => {
    const kept: Sender<number>[] = []
    for await (const { sender } of from) kept.push(sender)
  },
)
