/** `parallel.join` in explored programs: its calls run at the same time. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { go, parallel, sharedArray } from "../../../src/index.ts"
import { failureOf } from "./support.ts"

async function outcomesOf(program: () => Promise<string>, kill = false): Promise<string[]> {
  const found: string[][] = []
  for (const strategy of ["every", "exhaustive"] as const) {
    const outcomes = new Set<string>()
    const run = async () => outcomes.add(await program())
    const { exhaustive } = await explore(run, { strategy, kill, schedulesMax: 50_000 })
    assert.equal(exhaustive, true)
    found.push([...outcomes].sort())
  }
  assert.deepEqual(found[1], found[0])
  return found[0]
}

function count(words: Int32Array, by: number): number {
  const before = Atomics.load(words, 0)
  Atomics.store(words, 0, before + by)
  return before
}

function both(words: Int32Array): string {
  return parallel.join(count, words, 1, count, words, 2).join()
}

test("both calls of a join run at the same time, and none is lost of what they give", async () => {
  const outcomes = await outcomesOf(async () => {
    const words = sharedArray(Int32Array, 1)
    return `${await go(both, words)} ${Atomics.load(words, 0)}`
  })
  assert.deepEqual(outcomes, ["0,0 1", "0,0 2", "0,1 3", "2,0 3"])
})

test("unordered plain accesses of two calls are a data race", async () => {
  const write = (words: Int32Array, value: number) => {
    words[0] = value
  }
  const failure = await failureOf(async () => {
    const words = sharedArray(Int32Array, 1)
    await go((mine: Int32Array) => {
      parallel.join(write, mine, 1, write, mine, 2)
    }, words)
  })
  assert.equal(failure.kind, "data race")
})

test("what is written by a call is there after the join", async () => {
  const fill = (words: Int32Array, at: number) => {
    words[at] = at + 1
  }
  const outcomes = await outcomesOf(async () => {
    const words = sharedArray(Int32Array, 2)
    return await go((mine: Int32Array) => {
      parallel.join(fill, mine, 0, fill, mine, 1)
      return `${mine[0]} ${mine[1]}`
    }, words)
  })
  assert.deepEqual(outcomes, ["1 2"])
})

test("joins join, errors arrive, and main is refused as in reality", async () => {
  const sum = (from: number, to: number): number => {
    if (to - from < 2) return from
    const middle = (from + to) >> 1
    const [x, y] = parallel.join(sum, from, middle, sum, middle, to)
    return x + y
  }
  const fail = (text: string): number => {
    throw new RangeError(text)
  }
  const join = (first: string, second: string) => {
    try {
      parallel.join(fail, first, fail, second)
      return ""
    } catch (error) {
      return String(error)
    }
  }
  const outcomes = await outcomesOf(async () => {
    assert.throws(() => parallel.join(sum, 0, 2, sum, 2, 4), {
      code: "ERR_HEDDLE_BLOCKING_NOT_ALLOWED",
    })
    return `${await go(sum, 0, 4)} ${await go(join, "one", "two")}`
  })
  assert.deepEqual(outcomes, ["6 RangeError: one"])
})

test("the fork of an isolate that died is done again", async () => {
  const outcomes = await outcomesOf(async () => {
    const words = sharedArray(Int32Array, 1)
    const twice = (mine: Int32Array) => {
      const add = (to: Int32Array) => {
        Atomics.add(to, 0, 1)
        return Atomics.load(to, 0)
      }
      return parallel.join(add, mine, add, mine).length
    }
    const ended = await go(twice, words).catch(() => "died")
    return `${ended} ${Atomics.load(words, 0)}`
  }, true)
  assert.ok(outcomes.includes("2 3"), "a fork that had counted and died counts again")
  assert.deepEqual(outcomes.filter((one) => one.startsWith("2")).sort(), ["2 2", "2 3"])
})
