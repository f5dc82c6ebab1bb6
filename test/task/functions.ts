/** Functions that the tests of tasks run in other isolates. */
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises"
import { cells } from "../../src/internal/loop/cell.ts"
import { here as thisIsolate } from "../../src/internal/loop/here.ts"
import { current, go, remote, type Task, task } from "../../src/task/index.ts"

const here = import.meta.url

export const add = task(here, "add", (a: number, b: number): number => a + b)
export const addLater = task(here, "addLater", async (a: number, b: number): Promise<number> => {
  await turn()
  return a + b
})
export const echo = task(here, "echo", (value: unknown): unknown => value)
export const echoAll = task(here, "echoAll", (...values: unknown[]): unknown[] => values)
export const nothing = task(here, "nothing", (): void => {})

export const sumOfYields = task(here, "sumOfYields", function* (n: number): Generator<
  unknown,
  number,
  number
> {
  let sum = 0
  for (let i = 1; i <= n; i++) sum += yield Promise.resolve(i)
  return sum
})

/** Catches what a yielded promise rejects with, and cleans up. */
export const recovers = task(here, "recovers", function* (): Generator<unknown, string, unknown> {
  try {
    yield Promise.reject(new RangeError("inside"))
    return "not reached"
  } catch (error) {
    return (error as Error).message
  }
})

export const failsInGenerator = task(here, "failsInGenerator", function* (): Generator<unknown> {
  yield 1
  throw new TypeError("after a yield")
})

/** As `sumOfYields`, by an async generator; what it yields comes back. */
export const sumOfAsyncYields = task(
  here,
  "sumOfAsyncYields",
  async function* (n: number): AsyncGenerator<unknown, number, number> {
    let sum = 0
    for (let i = 1; i <= n; i++) {
      await turn()
      sum += yield Promise.resolve(i)
    }
    return sum
  },
)

export const failsInAsyncGenerator = task(
  here,
  "failsInAsyncGenerator",
  async function* (): AsyncGenerator<unknown> {
    yield current().id
    if (current().id > 0) throw new TypeError("after a yield")
  },
)

export const isolateNow = task(here, "isolateNow", (): number => current().isolate)

/** What `current()` says at the start, after awaits, in a timer and in a nested function. */
export const contextsSeen = task(here, "contextsSeen", async (): Promise<number[]> => {
  const nested = async (): Promise<number> => {
    await turn()
    return current().id
  }
  const ids = [current().id]
  await turn()
  ids.push(current().id)
  ids.push(await new Promise<number>((resolve) => setTimeout(() => resolve(current().id), 0)))
  ids.push(...(await Promise.all([nested(), nested()])))
  return ids
})

/**
 * The reason for which the task was cancelled, as it heard it; told through a port in shared
 * memory.
 */
export const hears = task(here, "hears", async (told: Int32Array): Promise<void> => {
  Atomics.store(told, 0, 1)
  const { signal } = current()
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve))
  const reason = signal.reason as { code?: string; reason?: unknown }
  Atomics.store(told, 1, reason.code === "ERR_HEDDLE_TASK_CANCELLED" ? 1 : 2)
  Atomics.store(told, 2, Number(reason.reason ?? 0))
  Atomics.store(told, 0, 2)
})

/** Whether it heard of a `TimeoutError`. */
export const hearsOfTimeout = task(here, "hearsOfTimeout", async (told: Int32Array) => {
  Atomics.store(told, 0, 1)
  const { signal } = current()
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve))
  Atomics.store(told, 1, (signal.reason as Error).name === "TimeoutError" ? 1 : 2)
  Atomics.store(told, 0, 2)
})

/** Runs without ever awaiting until it is cancelled. */
export const pollsSignal = task(here, "pollsSignal", (told: Int32Array): void => {
  Atomics.store(told, 0, 1)
  while (!current().signal.aborted);
  const reason = current().signal.reason as { reason?: unknown }
  Atomics.store(told, 2, Number(reason.reason ?? 0))
  Atomics.store(told, 0, 2)
})

/** Blocks its thread until word 1 changes, then waits to be cancelled. */
export const blocksThenAwaits = task(
  here,
  "blocksThenAwaits",
  async (told: Int32Array): Promise<void> => {
    Atomics.store(told, 0, 1)
    Atomics.wait(told, 1, 0)
    const { signal } = current()
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve))
    Atomics.store(told, 2, Number((signal.reason as { reason?: unknown }).reason ?? 0))
    Atomics.store(told, 0, 2)
  },
)

/** Says that it runs, and ends when word 1 is not 0 any more: keeps its thread. */
export const occupies = task(here, "occupies", (told: Int32Array): void => {
  Atomics.add(told, 0, 1)
  Atomics.notify(told, 0)
  Atomics.wait(told, 1, 0)
})

/** As `occupies`, with its event loop alive. */
export const waits = task(here, "waits", async (told: Int32Array): Promise<number> => {
  Atomics.add(told, 0, 1)
  while (Atomics.load(told, 1) === 0 && !current().signal.aborted) await sleep(1)
  return current().isolate
})

export const counts = task(here, "counts", (told: Int32Array): void => {
  Atomics.add(told, 2, 1)
})

export const forever = task(here, "forever", (told?: Int32Array): void => {
  if (told !== undefined) Atomics.add(told, 0, 1)
  for (;;);
})

/** Starts `n` tasks from inside a task and adds up what they give. */
export const fansOut = task(here, "fansOut", async (n: number): Promise<number> => {
  const tasks: Task<number>[] = []
  for (let i = 0; i < n; i++) tasks.push(go(add, i, 1))
  let sum = 0
  for (const one of tasks) sum += await one
  return sum
})

export class Odd extends Error {
  readonly code = "E_ODD"
  readonly details = { at: [1, 2n, new Date(3)] }
  override readonly name = "Odd"
}

export const fails = task(here, "fails", (kind: string): unknown => throwing(kind))
export const failsLater = task(here, "failsLater", async (kind: string): Promise<unknown> => {
  await turn()
  return throwing(kind)
})

function throwing(kind: string): never {
  switch (kind) {
    case "plain":
      throw new Error("plain")
    case "range":
      throw Object.assign(new RangeError("too far", { cause: new TypeError("deeper") }), {
        code: "E_FAR",
        limit: 7,
      })
    case "own class":
      throw new Odd("of its own class")
    case "aggregate":
      throw new AggregateError([new RangeError("first"), 2], "several")
    case "string":
      throw "just text"
    case "undefined":
      throw undefined
    case "object":
      throw { reason: "an object", list: [1] }
    case "function":
      throw () => {}
    case "unsendable field":
      throw Object.assign(new Error("with a socket"), { socket: () => {}, port: 80 })
    case "abort":
      throw new DOMException("gone", "AbortError")
    default:
      throw new Error(`unknown kind ${kind}`)
  }
}

/** Results that cannot be sent, or whose look throws. */
export const returns = task(here, "returns", (kind: string): unknown => {
  switch (kind) {
    case "function":
      return { user: { onClick: () => {} } }
    case "throwing then":
      // biome-ignore lint/suspicious/noThenProperty: what is tested
      return Object.defineProperty({}, "then", {
        get() {
          throw new RangeError("do not look")
        },
        enumerable: true,
      })
    case "thenable":
      // biome-ignore lint/suspicious/noThenProperty: what is tested
      return { then: (resolve: (value: number) => void) => resolve(42) }
    case "thenable twice":
      return {
        // biome-ignore lint/suspicious/noThenProperty: what is tested
        then: (resolve: (value: number) => void, reject: (error: Error) => void) => {
          resolve(1)
          reject(new Error("too late"))
          resolve(2)
        },
      }
    default:
      return undefined
  }
})

/** Ends its isolate in one of the ways in which isolates end. */
export const dies = task(here, "dies", async (how: string): Promise<unknown> => {
  if (how === "exit") process.exit(7)
  if (how === "throw in a timer") {
    setTimeout(() => {
      throw Object.assign(new RangeError("from a timer"), { code: "E_TIMER" })
    }, 0)
  }
  if (how === "floating rejection") void Promise.reject(new TypeError("nobody listens"))
  return await new Promise(() => {})
})

/** Dies with tasks in its own inbox, whose records have held the results of others before. */
export const diesWithOwnTasks = task(here, "diesWithOwnTasks", async (n: number) => {
  const values = Array.from({ length: n }, (_, i) => ({ i }))
  await Promise.all(values.map((value) => go(echo, value)))
  for (let i = 0; i < n; i++) void go.with({ on: current().isolate })(add, i, 1)
  process.exit(0)
})

/** Lets the other of two isolates die like `dies`, and says what this one hears. */
export const childDies = task(here, "childDies", async (how: string): Promise<unknown> => {
  const child = go.with({ on: 3 - current().isolate })(dies, how)
  return await child.then(
    () => ({ cause: undefined, reason: "it lives" }),
    ({ cause, reason }: { cause: unknown; reason: string }) => ({ cause, reason }),
  )
})

/** Its child blocks this very isolate, past the time it was given. */
export const childBlocks = task(here, "childBlocks", async (told: Int32Array): Promise<void> => {
  // A child that has not begun in time is skipped, and kills nobody: the next one has more time.
  for (let timeoutMs = 20; ; timeoutMs *= 2) {
    const child = go.with({ on: current().isolate, timeoutMs, kill: true })(forever, told)
    await child.catch(() => {})
  }
})

/** Sees to it that this isolate dies once it has dropped a value that nobody takes. */
export const diesOnceItDrops = task(here, "diesOnceItDrops", (told: Int32Array): void => {
  const own = cells()
  const drop = own.drop.bind(own)
  own.drop = (cell) => {
    drop(cell)
    process.exit(0)
  }
  // What is moved comes by another way: sometimes before the task, and never from here on.
  own.pending = () => true
  own.arrived = () => Promise.reject(new Error("it does not arrive"))
  Atomics.store(told, 0, 1)
  Atomics.wait(told, 1, 0)
})

/** Shared memory that this isolate has at hand. */
export const blocksAtHand = task(here, "blocksAtHand", (count: number, bytes: number): number[] =>
  Array.from({ length: count }, () => thisIsolate().arena.acquire(bytes)),
)

/** Grows step by step until the heap is full. */
export const growsForEver = task(here, "growsForEver", (): number => {
  const kept: unknown[] = []
  for (let i = 0; ; i++) kept.push({ i, text: `${i}`.repeat(8), list: [i, i, i, i] })
})

export const afterSleep = task(here, "afterSleep", async (ms: number): Promise<string> => {
  await sleep(ms)
  return "awake"
})

export const squareFromTask = task(here, "squareFromTask", async (n: number): Promise<number> => {
  const url = new URL("./fixtures/work.ts", here)
  return await remote<typeof import("./fixtures/work.ts")>(url).square(n)
})
