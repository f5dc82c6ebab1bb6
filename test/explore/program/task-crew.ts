/** Functions that the cases of tasks and locks run elsewhere; other isolates find them by name. */
import {
  type Barrier,
  type Channel,
  current,
  type Latch,
  type Mutex,
  type Once,
  parallel,
  type RwLock,
  type Semaphore,
  task,
} from "../../../src/index.ts"

const { url } = import.meta

/** What a promise came to, in a word. */
export async function wordOf(promise: PromiseLike<unknown>): Promise<string> {
  return await promise.then(
    (value) => JSON.stringify(value) ?? "undefined",
    (error: Error & { code?: string }) => error.code ?? `${error.name}: ${error.message}`,
  )
}

export const double = task(url, "double", (n: number) => n * 2)

export const addTo = task(url, "addTo", async (m: Mutex, words: Int32Array) => {
  using _guard = await m.lock()
  const before = words[0]
  words[0] = before + 1
  return before
})

export const read = task(url, "read", async (lock: RwLock, words: Int32Array) => {
  using _guard = await lock.read()
  const inside = Atomics.add(words, 0, 1) + 1
  Atomics.sub(words, 0, 1)
  return inside > 0 && Atomics.load(words, 1) === 0
})

export const write = task(url, "write", async (lock: RwLock, words: Int32Array) => {
  using _guard = await lock.write()
  Atomics.store(words, 1, 1)
  const alone = Atomics.load(words, 0) === 0
  Atomics.store(words, 1, 0)
  return alone
})

export const enter = task(url, "enter", async (s: Semaphore, words: Int32Array) => {
  using _permit = await s.acquire()
  const inside = Atomics.add(words, 0, 1) + 1
  Atomics.sub(words, 0, 1)
  return inside <= 2
})

export const tryLock = task(url, "tryLock", (m: Mutex) => {
  using guard = m.tryLock()
  return guard !== undefined
})

export const lockSoon = task(url, "lockSoon", (m: Mutex) => wordOf(m.lock({ timeoutMs: 5 })))

export const lockSync = task(url, "lockSync", (m: Mutex, words: Int32Array) => {
  using _guard = m.lockSync()
  words[0] = words[0] + 1
})

export const meet = task(url, "meet", async (b: Barrier, words: Int32Array) => {
  Atomics.add(words, 0, 1)
  await b.wait()
  return Atomics.load(words, 0)
})

export const countDown = task(url, "countDown", (l: Latch) => l.countDown())

export const eleven = task(url, "eleven", () => 11)

export const getOnce = task(url, "getOnce", (o: Once<number>) => o.get())

export const fail = task(url, "fail", (text: string) => {
  throw new RangeError(text, { cause: { code: 7 } })
})

export const untilCancelled = task(url, "untilCancelled", async (began: Channel<string>) => {
  const { signal } = current()
  await began.send("began")
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve))
  return "heard"
})

export const steps = task(url, "steps", function* (count: number) {
  for (let i = 0; i < count; i++) yield i
  return count
})

export const change = task(url, "change", (list: number[]) => list.push(4))

export const sum = task(url, "sum", (from: number, to: number): number => {
  if (to - from < 2) return from
  const middle = (from + to) >> 1
  const [x, y] = parallel.join(sum, from, middle, sum, middle, to)
  return x + y
})

export const isEven = task(url, "isEven", (n: number) => n % 2 === 0)
export const plus = task(url, "plus", (a: number, b: number) => a + b)

export const sleep = task(url, "sleep", (words: Int32Array) => {
  while (Atomics.load(words, 0) === 0) Atomics.wait(words, 0, 0)
  return Atomics.load(words, 0)
})

export const wake = task(url, "wake", (words: Int32Array) => {
  Atomics.store(words, 0, 7)
  return Atomics.notify(words, 0) <= 1
})

export const viewSum = task(url, "viewSum", (part: Uint8Array, buffer: SharedArrayBuffer) => {
  part[0] = 9
  return new Int32Array(buffer)[0]
})
