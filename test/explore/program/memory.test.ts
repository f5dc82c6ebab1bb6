/** Shared memory of explored programs: every view of it is seen, and `Atomics` can wait. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { ExploreFailure, type ExploreOptions, explore } from "../../../src/explore/index.ts"
import { go, type Mutex, mutex, sharedArray, sharedBytes } from "../../../src/index.ts"

async function kindOf(program: () => unknown, options: ExploreOptions = {}): Promise<string> {
  try {
    const { exhaustive } = await explore(program, options)
    return exhaustive ? "nothing" : "not all"
  } catch (error) {
    assert.ok(error instanceof ExploreFailure, String(error))
    return `${error.kind}: ${error.message}`
  }
}

/** All outcomes of a program in all orders. */
async function outcomesOf(program: () => Promise<string>): Promise<string[]> {
  const outcomes = new Set<string>()
  const { exhaustive } = await explore(async () => outcomes.add(await program()))
  assert.equal(exhaustive, true)
  return [...outcomes].sort()
}

function writeWord(bytes: Uint8Array, value: number): void {
  new Int32Array(bytes.buffer)[0] = value
}

test("unordered writes through views over the buffer of shared bytes are a data race", async () => {
  const found = await kindOf(async () => {
    const bytes = sharedBytes(8)
    await Promise.all([go(writeWord, bytes, 1), go(writeWord, bytes, 2)])
  })
  assert.match(found, /^data race: .*two accesses of shared\[0\] are in no order/s)
  assert.match(found, /write at memory\.test\.ts:\d+ writeWord/)
})

test("views of other sizes are the same bytes, and other bytes of a word are no race", async () => {
  const writeByte = (words: Int32Array, at: number) => {
    new Uint8Array(words.buffer)[at] = 1 + at
  }
  const run = (...at: number[]) => {
    return kindOf(async () => {
      const words = sharedArray(Int32Array, 1)
      await Promise.all(at.map((one) => go(writeByte, words, one)))
      assert.equal(words[0], at.length === 2 && at[0] !== at[1] ? 0x0201 : words[0])
    })
  }
  assert.equal(await run(0, 1), "nothing")
  assert.match(await run(1, 1), /^data race/)
})

test("views that a lock orders are no race, and hold what was written", async () => {
  const add = async (bytes: Uint8Array, lock: Mutex) => {
    using _guard = await lock.lock()
    const view = new DataView(bytes.buffer, 4)
    view.setInt16(0, view.getInt16(0) + 1)
    const part = bytes.subarray(2, 4)
    part[1] = part[1] + 1
  }
  const program = async () => {
    const [bytes, lock] = [sharedBytes(8), mutex()]
    await Promise.all([go(add, bytes, lock), go(add, bytes, lock)])
    assert.deepEqual(Array.from(bytes), [0, 0, 0, 2, 0, 2, 0, 0])
  }
  assert.equal(await kindOf(program), "nothing")
  const alone = async () => {
    const bytes = sharedBytes(8)
    const touch = (mine: Uint8Array, by: number) => new DataView(mine.buffer).setInt16(by, by)
    await Promise.all([go(touch, bytes, 2), go(touch, bytes, 3)])
  }
  assert.match(await kindOf(alone), /^data race/)
})

test("a part, a buffer and a view cross as handles", async () => {
  const sum = (part: Int16Array, buffer: SharedArrayBuffer, view: Float64Array) => {
    Atomics.add(part, 0, 2)
    view[1] = 0.5
    return `${part.length} ${Atomics.load(new Int16Array(buffer), 2)}`
  }
  const [outcome] = await outcomesOf(async () => {
    const shorts = sharedArray(Int16Array, 8)
    Atomics.store(shorts, 2, 5)
    const { buffer } = shorts
    const doubles = new Float64Array(buffer)
    const said = await go(
      sum,
      shorts.subarray(2, 4),
      buffer as unknown as SharedArrayBuffer,
      doubles,
    )
    return `${said} ${shorts[2]} ${doubles[1]} ${buffer instanceof SharedArrayBuffer}`
  })
  assert.equal(outcome, "2 7 7 0.5 true")
})

test("what cannot be seen is named, and the host has its own classes afterwards", async () => {
  const before = [Int32Array, DataView, Buffer.from, Atomics.wait]
  const found = await kindOf(() => {
    Buffer.from(sharedBytes(4).buffer)[0] = 1
  })
  assert.match(found, /^uncontrolled: .*Buffer\.from\(\) at memory\.test\.ts:\d+/s)
  assert.deepEqual([Int32Array, DataView, Buffer.from, Atomics.wait], before)
})

function sleep(words: Int32Array, how: "wait" | "waitAsync", ms?: number) {
  if (how === "wait") return Atomics.wait(words, 0, 0, ms)
  return Atomics.waitAsync(words, 0, 0, ms).value
}

function wake(words: Int32Array, value: number, count?: number): number {
  Atomics.store(words, 0, value)
  return Atomics.notify(words, 0, count)
}

for (const how of ["wait", "waitAsync"] as const) {
  test(`Atomics.${how}: who looks first is woken, who looks later need not sleep`, async () => {
    const outcomes = await outcomesOf(async () => {
      const words = sharedArray(Int32Array, 1)
      const both = await Promise.all([go(sleep, words, how), go(wake, words, 1)])
      return both.join(" ")
    })
    assert.deepEqual(outcomes, ["not-equal 0", "ok 1"])
  })

  test(`Atomics.${how}: time ends it when nobody else does`, async () => {
    const outcomes = await outcomesOf(async () => {
      const words = sharedArray(Int32Array, 1)
      const task = go(sleep, words, how, 10)
      return `${await task} ${Atomics.notify(words, 0)} ${await sleep(words, how, 0)}`
    })
    assert.deepEqual(outcomes, ["timed-out 0 timed-out"])
  })

  test(`Atomics.${how}: notify wakes as many as it is told to; others are found`, async () => {
    const program = (count: number) => async () => {
      const words = sharedArray(Int32Array, 1)
      await Promise.all([go(sleep, words, how), go(sleep, words, how), go(wake, words, 1, count)])
    }
    assert.equal(await kindOf(program(2)), "nothing")
    const found = await kindOf(program(1))
    assert.match(found, /^deadlock: /)
    assert.match(found, new RegExp(`waits: Atomics\\.${how} shared\\[0\\] at memory`))
  })
}

test("what comes before a notify comes before what its sleeper does", async () => {
  const awaken = async (words: Int32Array) => {
    await Promise.all([1, 2].map(() => Atomics.waitAsync(words, 0, 0).value))
    return words[1]
  }
  const tell = (words: Int32Array) => {
    words[1] = 7
    wake(words, 1)
  }
  const program = async () => {
    const words = sharedArray(Int32Array, 2)
    const [seen] = await Promise.all([go(awaken, words), go(tell, words)])
    return `${seen}`
  }
  assert.deepEqual(await outcomesOf(program), ["7"])
})

test("a sleeper that dies is nobody's", async () => {
  const outcomes = new Set<string>()
  const program = async () => {
    const words = sharedArray(Int32Array, 1)
    const ends = await Promise.allSettled([
      go(sleep, words, "waitAsync", 5),
      go(wake, words, 1).catch(() => "died"),
    ])
    outcomes.add(ends.map((end) => (end.status === "fulfilled" ? end.value : "died")).join(" "))
  }
  const { exhaustive } = await explore(program, { kill: true })
  assert.equal(exhaustive, true)
  for (const one of ["ok 1", "died 0", "died 1", "not-equal 0", "timed-out died"]) {
    assert.ok(outcomes.has(one), `${one} among ${[...outcomes]}`)
  }
})

test("wrong arguments are refused as by the host", async () => {
  await explore(() => {
    const words = sharedArray(Int32Array, 2)
    assert.throws(() => Atomics.wait(words, 2, 0), RangeError)
    assert.throws(() => Atomics.notify(words, -1), RangeError)
    assert.throws(() => Atomics.add(words, 2, 1), RangeError)
    assert.throws(() => Atomics.wait(sharedArray(Int16Array, 1) as never, 0, 0), TypeError)
    assert.throws(() => new Int32Array(words.buffer, 2), RangeError)
  })
})
