/** Functions that the tests of joins run in isolates. */
import { move } from "../../src/internal/wire/move.ts"
import { current, parallel, task } from "../../src/task/index.ts"

const url = import.meta.url

export function plainFib(n: number): number {
  return n < 2 ? n : plainFib(n - 1) + plainFib(n - 2)
}

export const fib = task(url, "fib", (n: number): number => {
  if (n < 2) return n
  const [x, y] = parallel.join(fib, n - 1, fib, n - 2)
  return x + y
})

/** A tree with ten branches at each node, whose leaves are their numbers. */
export const skynet = task(url, "skynet", (from: number, size: number): number => {
  if (size === 1) return from
  const s = size / 10
  const sums = parallel.join(
    ...[skynet, from, s, skynet, from + s, s],
    ...[skynet, from + 2 * s, s, skynet, from + 3 * s, s, skynet, from + 4 * s, s],
    ...[skynet, from + 5 * s, s, skynet, from + 6 * s, s, skynet, from + 7 * s, s],
    ...[skynet, from + 8 * s, s, skynet, from + 9 * s, s],
  ) as number[]
  return sums.reduce((a, b) => a + b)
})

export const describe = task(url, "describe", (...values: unknown[]): string => {
  return values.map((value) => `${typeof value} ${JSON.stringify(value)}`).join(", ")
})

/** Values of all kinds and numbers, joined here. */
export const describeMany = task(url, "describeMany", (): unknown[] => {
  const parts = [describe, describe, 1, describe, "a", true, describe, { deep: [1, 2] }, null]
  const all = Reflect.apply(parallel.join, undefined, parts) as unknown[]
  return [...all, ...parallel.join(describe), ...parallel.join(describe, describe)]
})

export const throws = task(url, "throws", (n: number): number => {
  if (n < 0) throw new RangeError(`no ${n}`)
  return n
})

/** What a join throws. */
export const thrownBy = task(url, "thrownBy", (a: number, b: number, c: number): string => {
  try {
    return String(parallel.join(throws, a, throws, b, throws, c))
  } catch (error) {
    return `${error}, then ${parallel.join(fib, 5, fib, 6)}`
  }
})

export const dies = task(url, "dies", (): never => process.exit(0))

export const here = task(url, "here", (): number => current().isolate)

/**
 * Offers what waits below, by joins without a fork of their own, until `flag` says it has begun.
 */
function offerUntilBegun(flag: Int32Array): void {
  while (Atomics.load(flag, 0) === 0) parallel.join(here)
}

export const busy = task(url, "busy", (flag: Int32Array): number => {
  offerUntilBegun(flag)
  return current().isolate
})

export const begun = task(url, "begun", (flag: Int32Array, payload: unknown) => {
  Atomics.store(flag, 0, 1)
  return { isolate: current().isolate, payload }
})

/** One call here, the other one surely elsewhere. */
export const apart = task(url, "apart", (flag: Int32Array, payload: unknown) =>
  parallel.join(busy, flag, begun, flag, payload),
)

export const busyThenThrows = task(url, "busyThenThrows", (flag: Int32Array): never => {
  offerUntilBegun(flag)
  throw new SyntaxError("the first one")
})

/** Says when it has begun, and when it has ended. */
export const slowly = task(url, "slowly", (flag: Int32Array): void => {
  Atomics.store(flag, 0, 1)
  for (let i = 0; i < 1e6; i++) Atomics.load(flag, 0)
  Atomics.store(flag, 1, 1)
})

/** Whether a call that ran elsewhere had ended when the first one's error was thrown. */
export const waitsForBoth = task(url, "waitsForBoth", (flag: Int32Array): string => {
  try {
    parallel.join(busyThenThrows, flag, slowly, flag)
  } catch (error) {
    return `${error}, the other ended: ${Atomics.load(flag, 1) === 1}`
  }
  return "nothing was thrown"
})

export const begunThenThrows = task(url, "begunThenThrows", (flag: Int32Array): never => {
  Atomics.store(flag, 0, 1)
  throw new RangeError("the second one")
})

export const throwsElsewhere = task(url, "throwsElsewhere", (flag: Int32Array): unknown =>
  parallel.join(busy, flag, begunThenThrows, flag),
)

export const begunThenDies = task(url, "begunThenDies", (flag: Int32Array): void => {
  Atomics.store(flag, 0, 1)
  process.exit(3)
})

export const diesElsewhere = task(url, "diesElsewhere", (flag: Int32Array): unknown =>
  parallel.join(busy, flag, begunThenDies, flag),
)

export const joinUnnamed = task(url, "joinUnnamed", (): unknown =>
  parallel.join(fib, 1, (n: number) => n, 2),
)

export const joinNothing = task(url, "joinNothing", (): unknown =>
  Reflect.apply(parallel.join, undefined, [5, 6]),
)

export const joinUnsendable = task(url, "joinUnsendable", (): unknown => {
  const symbols = Array.from({ length: 500 }, (_, i) => Symbol(i))
  return symbols.every((symbol) => {
    const [a, b] = parallel.join(describe, symbol, describe, symbol)
    return a === b
  })
})

/** Joins while tasks of its own are on their way. */
export const joinAndLoop = task(url, "joinAndLoop", async (n: number): Promise<number> => {
  const mapped = parallel.map([n, n + 1], fib)
  const [x, y] = parallel.join(fib, n, fib, n + 1)
  const [u, v] = await mapped
  return x === u && y === v ? x + y : Number.NaN
})

/** A buffer that is moved, and one that is shared, both made where the call runs. */
export const makesBuffers = task(url, "makesBuffers", (flag: Int32Array) => {
  Atomics.store(flag, 0, 1)
  const shared = new Int32Array(new SharedArrayBuffer(8)).fill(7)
  return { moved: move(new Uint8Array(100_000).fill(5)), shared, isolate: current().isolate }
})

export const buffersApart = task(url, "buffersApart", (flag: Int32Array): boolean => {
  const [here, { moved, shared, isolate }] = parallel.join(busy, flag, makesBuffers, flag)
  return moved.length === 100_000 && moved[99_999] === 5 && shared[1] === 7 && isolate !== here
})

/** Says that it runs, and joins when it is told to: until then its thread reads nothing. */
export const buffersApartLater = task(
  url,
  "buffersApartLater",
  (order: Int32Array, flag: Int32Array): boolean => {
    Atomics.store(order, 0, 1)
    while (Atomics.load(order, 1) === 0);
    return buffersApart(flag)
  },
)
