/** Functions that the tests of channels run in other isolates. */
import { type Channel, current, type Receiver, type Sender, task } from "../../src/index.ts"

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

/** Waits to receive until its isolate is ended. */
export const receiveForever = task(
  import.meta.url,
  "receiveForever",
  async <T>(from: Receiver<T>, ready: Channel<number>): Promise<void> => {
    const waiting = from.receive()
    await ready.send(1)
    await waiting
    await receiveForever(from, ready)
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
    for (;;) sum += from.receiveSync({ timeoutMs: 20_000 })
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
    for (let i = 1; i <= count; i++) to.sendSync(i, { timeoutMs: 20_000 })
    to.close()
  },
)

/** The isolate it runs in. */
export const whereAmI = task(import.meta.url, "whereAmI", (): number => current().isolate)
