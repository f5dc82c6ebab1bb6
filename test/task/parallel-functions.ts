/** Functions that the tests of parallel loops run in other isolates. */

import { nameCallable } from "../../src/internal/wire/callable.ts"
import { current, parallel, task } from "../../src/task/index.ts"

export const square = task(import.meta.url, "square", (n: number): number => n * n)

export const same = task(import.meta.url, "same", (value: unknown): unknown => value)

export const half = task(import.meta.url, "half", (n: number): number => n / 2)

export const half64 = task(import.meta.url, "half64", (n: bigint): bigint => n / 2n)

export const indexOf = task(import.meta.url, "indexOf", (_: unknown, index: number) => index)

export const lengthOf = task(import.meta.url, "lengthOf", (text: string): number => text.length)

export const twiceLater = task(import.meta.url, "twiceLater", async (n: number) => {
  await current().yield()
  return n * 2
})

export const stepwise = task(import.meta.url, "stepwise", function* (n: number) {
  yield
  return n + 1
})

/** Numbers of different kinds, then something else, by what stands in a table. */
export const lookUp = task(import.meta.url, "lookUp", (key: string): unknown => RESULTS[key])

export const RESULTS: Readonly<Record<string, unknown>> = {
  int: 7,
  double: 0.25,
  minusZero: -0,
  nan: Number.NaN,
  infinite: -Infinity,
  large: 2 ** 31,
  nothing: undefined,
  none: null,
  text: "text",
  big: 2n ** 70n,
  list: [1, 2],
}

export const isEven = task(import.meta.url, "isEven", (n: number): boolean => n % 2 === 0)

export const isEvenLater = task(import.meta.url, "isEvenLater", async (n: number) => {
  await current().yield()
  return n % 2 === 0
})

export const hasName = task(import.meta.url, "hasName", (who: { name: string }) => who.name !== "")

export const failAt = task(import.meta.url, "failAt", (n: number): number => {
  if (n === 700) throw new RangeError(`no ${n}`)
  return n
})

export const failLaterAt = task(import.meta.url, "failLaterAt", async (n: number) => {
  await current().yield()
  if (n === 70) throw new RangeError(`no ${n}`)
  return n
})

/** Ends when it is cancelled. */
export const listens = task(import.meta.url, "listens", async () => {
  while (!current().signal.aborted) await current().yield()
})

export const unsendable = task(import.meta.url, "unsendable", (n: number): unknown =>
  n === 33 ? { deep: [() => n] } : "fine",
)

/** A loop inside a task. */
export const squaresOf = task(import.meta.url, "squaresOf", (count: number) =>
  parallel.map(Array.from({ length: count }).keys(), square),
)

export const sum = task(import.meta.url, "sum", (folded: number, n: number) => folded + n)

export const sumLater = task(import.meta.url, "sumLater", async (folded: number, n: number) => {
  await current().yield()
  return folded + n
})

export const collect = task(import.meta.url, "collect", (folded: number[], n: number) => {
  folded.push(n)
  return folded
})

/**
 * Makes functions as lifted code does: the export is a factory, called with the captured values.
 */
export const makeTimes =
  (factor: number) =>
  (n: number): number =>
    n * factor

export function times(factor: number): (n: number) => number {
  return nameCallable((n: number) => n * factor, import.meta.url, "makeTimes", [factor])
}

/** As lifted code that captures a shared array. */
export const makeAdder =
  (sums: Int32Array) =>
  (n: number): void =>
    void Atomics.add(sums, n % 10, 1)

export function adderTo(sums: Int32Array): (n: number) => void {
  return nameCallable(makeAdder(sums), import.meta.url, "makeAdder", [sums])
}
