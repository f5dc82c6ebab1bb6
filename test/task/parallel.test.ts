import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { CHUNKS_IN_FLIGHT } from "#platform/limits"
import { NotSendableError, TaskCancelledError } from "../../src/errors.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { go, parallel } from "../../src/task/index.ts"
import { pending } from "../../src/task/submit.ts"
import { centsOf, money, plus } from "./fixtures/money.ts"
import * as work from "./parallel-functions.ts"
import { errorOf } from "./support.ts"

const { square, same, half, half64, indexOf } = work

const ISOLATES = 2
await start({ isolates: ISOLATES })

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

test("map gives the results in the order of the items", async () => {
  for (const count of [0, 1, 2, 7, 1000, 100_000]) {
    const items = range(count)
    assert.deepEqual(
      await parallel.map(items, square),
      items.map((n) => n * n),
    )
  }
})

test("fn gets the item's index in the whole", async () => {
  assert.deepEqual(await parallel.map(range(5000).fill(1), indexOf), range(5000))
  assert.deepEqual(await parallel.map(new Set(["a", "b", "c"]), indexOf), [0, 1, 2])
})

test("captured values go with the function", async () => {
  assert.deepEqual(await parallel.map([1, 2, 3], work.times(7)), [7, 14, 21])
})

test("the module of the function is loaded before items and captured values arrive", async () => {
  assert.deepEqual(await parallel.map([money(1), money(2)], centsOf), [1, 2])
  assert.deepEqual(await parallel.map([1, 2], plus(money(5))), [6, 7])
})

test("numbers cross exactly, wherever their kind changes", async () => {
  const odd = [-0, Number.NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 0.5, 2 ** 53, 5e-324]
  for (const value of odd) {
    for (const place of [0, 1, 511, 1023]) {
      const items = range(1024)
      items[place] = value
      assert.deepEqual(await parallel.map(items, same, { grain: 512 }), items)
    }
  }
})

test("items of mixed kinds cross exactly", async () => {
  const items = [1, -0, undefined, null, "two", 3.5, 4n, true, [5], { six: 6 }, Number.NaN]
  assert.deepEqual(await parallel.map(items, same, { grain: items.length }), items)
  assert.deepEqual(await parallel.map(items, same, { grain: 1 }), items)
})

test("results of mixed kinds cross exactly, whichever comes first", async () => {
  const keys = Object.keys(work.RESULTS)
  for (const first of keys) {
    for (const second of keys) {
      const asked = ["int", first, "int", second, "double"]
      const expected = asked.map((key) => work.RESULTS[key])
      assert.deepEqual(await parallel.map(asked, work.lookUp, { grain: 5 }), expected)
    }
  }
})

test("typed arrays are items too", async () => {
  const views = [
    Int8Array.of(1, -2, 3),
    Uint8Array.of(1, 2, 255),
    Uint8ClampedArray.of(1, 2, 255),
    Int16Array.of(1, -2, 3),
    Uint16Array.of(1, 2, 65535),
    Int32Array.of(1, -2, 3),
    Uint32Array.of(1, 2, 2 ** 32 - 1),
    Float32Array.of(1.5, -0, Number.NaN),
    Float64Array.of(1.1, -0, Number.NaN),
  ]
  for (const view of views) {
    assert.deepEqual(
      await parallel.map(view, half),
      Array.from(view, (n) => n / 2),
    )
    assert.deepEqual(
      await parallel.map(view.subarray(1), half),
      Array.from(view.subarray(1), (n) => n / 2),
    )
  }
  assert.deepEqual(await parallel.map(BigInt64Array.of(-4n, 2n ** 62n), half64), [-2n, 2n ** 61n])
})

test("the isolates see a shared array itself", async () => {
  const numbers = sharedArray(Float64Array, 1000).fill(3)
  assert.deepEqual(await parallel.map(numbers, half), range(1000).fill(1.5))
  const sums = sharedArray(Int32Array, 10)
  await parallel.forEach(range(1000), work.adderTo(sums))
  assert.deepEqual([...sums], range(10).fill(100))
})

test("a class of arrays that subclasses a typed array is an array of numbers", async () => {
  assert.deepEqual(await parallel.map(Buffer.from([2, 4]), half), [1, 2])
})

test("array-like objects, strings, maps and generators are items", async () => {
  assert.deepEqual(await parallel.map({ length: 2, 0: 3, 1: 4 }, square), [9, 16])
  assert.deepEqual(await parallel.map("ab", same), ["a", "b"])
  assert.deepEqual(await parallel.map(new Map([["k", 1]]), same), [["k", 1]])
  function* numbers(): Generator<number> {
    for (let i = 0; i < 1000; i++) yield i
  }
  assert.deepEqual(
    await parallel.map(numbers(), square),
    range(1000).map((n) => n * n),
  )
})

test("async and generator functions are as good as sync ones", async () => {
  assert.deepEqual(
    await parallel.map(range(100), work.twiceLater),
    range(100).map((n) => n * 2),
  )
  assert.deepEqual(
    await parallel.map(range(100), work.stepwise),
    range(100).map((n) => n + 1),
  )
})

test("ordered: false gives every result once", async () => {
  const results = await parallel.map(range(5000), square, { ordered: false })
  assert.deepEqual(
    results.toSorted((a, b) => a - b),
    range(5000).map((n) => n * n),
  )
})

test("no more is taken from a source than is being worked on", async () => {
  let given = 0
  let taken = 0
  let ahead = 0
  async function* numbers(): AsyncGenerator<number> {
    for (; given < 500; given++) {
      ahead = Math.max(ahead, given - taken)
      yield given
    }
  }
  const results = await parallel.map(numbers(), square, {
    grain: 2,
    progress: (done, total) => {
      taken = done
      assert.equal(total, undefined)
    },
  })
  assert.deepEqual(
    results,
    range(500).map((n) => n * n),
  )
  // Two in a chunk, and one more chunk than may be on its way is being made.
  assert.ok(ahead <= 2 * (ISOLATES * CHUNKS_IN_FLIGHT + 1), `${ahead} items ahead`)
})

test("a slow source does not hold back what it gave", async () => {
  let asked: (() => void) | undefined
  async function* numbers(): AsyncGenerator<number> {
    yield 1
    yield 2
    await new Promise<void>((resolve) => {
      asked = resolve
    })
    yield 3
  }
  const seen: number[] = []
  const results = await parallel.map(numbers(), square, {
    grain: 100,
    progress: (done) => {
      seen.push(done)
      if (done === 2) asked?.()
    },
  })
  assert.deepEqual(results, [1, 4, 9])
  assert.equal(seen.at(-1), 3)
})

test("a source that fails fails the loop", async () => {
  async function* numbers(): AsyncGenerator<number> {
    yield 1
    throw new SyntaxError("no more")
  }
  await assert.rejects(parallel.map(numbers(), square), { name: "SyntaxError", message: "no more" })
  assert.equal(pending.count, 0)
})

test("the first error ends the loop, and says at which item", async () => {
  await assert.rejects(parallel.map(range(10_000), work.failAt), {
    name: "RangeError",
    message: "no 700",
    index: 700,
  })
  await assert.rejects(parallel.map(range(100), work.failLaterAt), { message: "no 70", index: 70 })
  await assert.rejects(parallel.forEach(range(10_000), work.failAt), { index: 700 })
  await assert.rejects(parallel.filter(range(10_000), work.failAt), { index: 700 })
  assert.equal(pending.count, 0)
})

test("a source is closed when the loop ends early", async () => {
  let closed = false
  function* numbers(): Generator<number> {
    try {
      for (let i = 0; ; i++) yield i
    } finally {
      closed = true
    }
  }
  await assert.rejects(parallel.map(numbers(), work.failAt), { index: 700 })
  assert.equal(closed, true)
})

test("what cannot be sent is named by its place in the whole", async () => {
  const items: unknown[] = range(40)
  items[17] = { inner: Symbol("x") }
  await assert.rejects(parallel.map(items, same, { grain: 10 }), (error: NotSendableError) => {
    assert.ok(error instanceof NotSendableError)
    assert.match(error.message, /^items\[17\]\.inner is a symbol/)
    assert.equal(Reflect.get(error, "index"), 17)
    return true
  })
  await assert.rejects(parallel.map(range(40), work.unsendable, { grain: 10 }), {
    message: /^results\[33\]\.deep\[0\] is a function/,
    index: 33,
  })
})

test("signal cancels what runs and what waits", async () => {
  const controller = new AbortController()
  const loop = parallel.forEach(range(100), work.listens, { signal: controller.signal })
  while (pending.all().every((task) => task.state === "queued")) await turn()
  controller.abort("enough")
  await assert.rejects(
    loop,
    (error: TaskCancelledError) => error instanceof TaskCancelledError && error.reason === "enough",
  )
  assert.equal(pending.count, 0)
})

test("a cancelled loop says that it was the loop that was cancelled", async () => {
  const signal = AbortSignal.abort(new RangeError("enough"))
  await assert.rejects(parallel.map([1], square, { signal }), {
    code: "ERR_HEDDLE_TASK_CANCELLED",
    message: /^parallel\.map square was cancelled: .*enough/,
    task: "square",
  })
  const late = AbortSignal.timeout(1)
  const error = await errorOf(parallel.forEach(range(100), work.listens, { signal: late }))
  assert.equal(error, late.reason)
})

test("progress counts up to the total", async () => {
  const seen: number[] = []
  await parallel.forEach(range(1000), same, {
    grain: 100,
    progress: (done, total) => {
      seen.push(done)
      assert.equal(total, 1000)
    },
  })
  assert.deepEqual(
    seen,
    range(10).map((i) => (i + 1) * 100),
  )
})

test("an error in progress fails the loop", async () => {
  const progress = (): never => {
    throw new Error("no display")
  }
  await assert.rejects(parallel.map(range(100), square, { progress }), { message: "no display" })
})

test("filter gives the items themselves, in order", async () => {
  assert.deepEqual(
    await parallel.filter(range(9999), work.isEven),
    range(9999).filter((n) => n % 2 === 0),
  )
  assert.deepEqual(
    await parallel.filter(range(50), work.isEvenLater),
    range(50).filter((n) => n % 2 === 0),
  )
  const people = [{ name: "Ada" }, { name: "" }, { name: "Grace" }]
  const named = await parallel.filter(people, work.hasName)
  assert.equal(named[0], people[0])
  assert.equal(named[1], people[2])
  assert.deepEqual(await parallel.filter(new Set([1, 2, 3, 4]), work.isEven, { grain: 1 }), [2, 4])
})

test("reduce folds chunks and merges what they came to, in order", async () => {
  const merge = (a: number, b: number): number => a + b
  assert.equal(await parallel.reduce(range(100_001), work.sum, merge, 0), 5_000_050_000)
  assert.equal(await parallel.reduce(range(101), work.sumLater, merge, 0), 5050)
  assert.equal(await parallel.reduce([], work.sum, merge, 42), 42)
  const lists = await parallel.reduce(
    range(5000),
    work.collect,
    (a, b) => a.concat(b),
    [] as number[],
  )
  assert.deepEqual(lists, range(5000))
})

test("loops run inside tasks", async () => {
  assert.deepEqual(
    await go(work.squaresOf, 300),
    range(300).map((n) => n * n),
  )
})

test("many loops at once keep their results apart", async () => {
  const loops = range(20).map((factor) => parallel.map(range(3000), work.times(factor)))
  for (const [factor, results] of (await Promise.all(loops)).entries()) {
    assert.deepEqual(
      results,
      range(3000).map((n) => n * factor),
    )
  }
})

test("a caller's mistakes are named", async () => {
  await assert.rejects(parallel.map(5 as unknown as number[], square), /iterable, received 5/)
  await assert.rejects(parallel.map(null as unknown as number[], square), /iterable, received null/)
  await assert.rejects(parallel.map([1], 3 as unknown as () => void), /function, received 3/)
  await assert.rejects(
    parallel.map([1], () => 1),
    /other isolates cannot find this function/,
  )
  await assert.rejects(parallel.map([1], square, { grain: 0 }), /grain must be .* received 0/)
  const bad = (options: object) => parallel.map([1], square, options)
  await assert.rejects(bad({ graim: 1 }), {
    name: "TypeError",
    message: "parallel.map has no option graim; it knows grain, ordered, signal, progress",
  })
  await assert.rejects(bad({ progress: 1 }), /progress must be a function, received 1/)
  await assert.rejects(bad({ signal: "no" }), /parallel.map takes an AbortSignal .* received "no"/)
  await assert.rejects(bad(null as never), /parallel.map takes an object .* received null/)
  await assert.rejects(
    parallel.reduce([1], work.sum, (a, b) => a + b, 0, { order: true } as object),
    /parallel.reduce has no option order;/,
  )
  await assert.rejects(
    parallel.reduce([1], work.sum, undefined as unknown as () => number, 0),
    /function to merge, received undefined/,
  )
})
