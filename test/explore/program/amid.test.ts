/** What a task asked for without waiting is tried before the next step of its code, or later. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { type Channel, channel, go, type Mutex, mutex, sharedArray } from "../../../src/index.ts"

type Task = (numbers: Channel<number>, words: Int32Array, lock: Mutex) => Promise<unknown>

/** Begins to receive, and goes on before it waits for what comes. */
async function receiveAmid(numbers: Channel<number>, words: Int32Array): Promise<string> {
  const first = numbers.receive()
  const before = Atomics.add(words, 0, 1)
  const second = numbers.receive()
  Atomics.add(words, 0, 1)
  return `${before} ${await first} ${await second}`
}

async function sendTwice(numbers: Channel<number>, words: Int32Array): Promise<string> {
  const sent = [numbers.send(1), numbers.send(2)]
  const seen = Atomics.load(words, 0)
  await Promise.all(sent)
  return `${seen}`
}

async function lockAmid(numbers: Channel<number>, words: Int32Array, lock: Mutex) {
  const locked = lock.lock()
  const seen = Atomics.add(words, 0, 1)
  const put = numbers.trySend(seen)
  const guard = await locked
  guard.unlock()
  return `${seen} ${put}`
}

async function takeAndLock(numbers: Channel<number>, words: Int32Array, lock: Mutex) {
  using _guard = await lock.lock()
  const got = numbers.tryReceive()
  return `${got.state} ${Atomics.load(words, 0)}`
}

const PAIRS: readonly (readonly [capacity: number, Task, Task])[] = [
  [0, receiveAmid, sendTwice],
  [1, receiveAmid, sendTwice],
  [2, receiveAmid, sendTwice],
  [1, lockAmid, takeAndLock],
  [1, lockAmid, lockAmid],
]

for (const [capacity, one, other] of PAIRS) {
  test(`${one.name} beside ${other.name}, capacity ${capacity}`, async (t) => {
    const found: string[][] = []
    for (const strategy of ["every", "exhaustive"] as const) {
      const outcomes = new Set<string>()
      const program = async () => {
        const things = [channel<number>(capacity), sharedArray(Int32Array, 1), mutex()] as const
        const both = await Promise.all([go(one, ...things), go(other, ...things)])
        outcomes.add(both.join(" | "))
      }
      const { exhaustive, line } = await explore(program, { strategy, schedulesMax: 50_000 })
      t.diagnostic(line)
      assert.equal(exhaustive, true)
      found.push([...outcomes].sort())
    }
    assert.ok((found[0]?.length ?? 0) > 1)
    assert.deepEqual(found[1], found[0])
  })
}
