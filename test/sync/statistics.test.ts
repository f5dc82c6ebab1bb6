/** Names and figures of locks, and what their makers refuse. */
import assert from "node:assert/strict"
import { after, test } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { shutdown, start } from "../../src/isolate/index.ts"
import {
  barrier,
  type LockNaming,
  type LockStatistics,
  latch,
  type Mutex,
  mutex,
  once,
  rwLock,
  semaphore,
} from "../../src/sync/index.ts"
import { go } from "../../src/task/index.ts"
import { addLocked, keepLocked, readOnce, shared, sign, signed, statisticsOf } from "./support.ts"

await start({ isolates: 2 })
after(() => shutdown())

const MAKERS = {
  mutex: (options?: LockNaming) => mutex(options),
  rwLock: (options?: LockNaming) => rwLock(options),
  semaphore: (options?: LockNaming) => semaphore(2, options),
  barrier: (options?: LockNaming) => barrier(2, options),
  latch: (options?: LockNaming) => latch(2, options),
  once: (options?: LockNaming) => once(() => 1, options),
}

for (const [kind, make] of Object.entries(MAKERS)) {
  test(`${kind}: a name, or none, and only options that are known`, () => {
    const fresh = { kind, waiting: 0, holders: [], acquisitions: 0 }
    assert.deepEqual(make().statistics(), { ...fresh, name: "" })
    assert.deepEqual(make({}).statistics(), { ...fresh, name: "" })
    assert.deepEqual(make({ name: "näme" }).statistics(), { ...fresh, name: "näme" })
    assert.ok(Object.isFrozen(make().statistics()))
    const wrong = (options: unknown) => () => make(options as LockNaming)
    const message = (text: string) => ({ name: "TypeError", message: text })
    const hint = `${kind} takes options such as { name: "log" }, received`
    assert.throws(wrong(3), message(`${hint} 3`))
    assert.throws(wrong(null), message(`${hint} null`))
    assert.throws(wrong({ nmae: "x" }), message(`${kind} has no option nmae; it knows name`))
    assert.throws(wrong({ name: 7 }), message(`${kind}: name must be a string, received 7`))
  })

  test(`${kind}: a name goes with its lock`, () => {
    make({ name: "x".repeat(5000) })[Symbol.dispose]()
    const before = here().arena.statistics().usedBytes
    for (let i = 0; i < 100; i++) make({ name: "x".repeat(5000) })[Symbol.dispose]()
    assert.equal(here().arena.statistics().usedBytes, before)
  })
}

test("a mutex knows its holder, who waits, and how often it was taken", async () => {
  const m = mutex({ name: "log" })
  const numbers = shared()
  const keeping = go.with({ on: 2 })(keepLocked, m, numbers)
  await signed(numbers, 2)
  const waits = [m.lock(), m.lock()]
  const held: LockStatistics = { ...m.statistics() }
  assert.deepEqual(held, {
    kind: "mutex",
    name: "log",
    waiting: 2,
    holders: [2],
    acquisitions: 1,
  })
  sign(numbers, 3)
  await keeping
  for (const wait of waits) (await wait).unlock()
  await Promise.all([go(addLocked, m, numbers, 500), go(addLocked, m, numbers, 500)])
  assert.equal(m.tryLock()?.unlock(), undefined)
  assert.deepEqual(m.statistics(), { ...held, waiting: 0, holders: [], acquisitions: 1004 })
})

test("another isolate sees the same", async () => {
  const m: Mutex = mutex({ name: "sent" })
  using _guard = await m.lock()
  const seen = await go(statisticsOf, m)
  assert.deepEqual(seen, { ...m.statistics() })
  assert.deepEqual(seen.holders, [0])
})

test("readers and writers", async () => {
  const lock = rwLock()
  const first = await lock.read()
  const second = await lock.read()
  const writing = lock.write()
  assert.deepEqual(lock.statistics(), {
    kind: "rwLock",
    name: "",
    waiting: 1,
    holders: [0],
    acquisitions: 2,
  })
  first.unlock()
  second.unlock()
  const writer = await writing
  assert.deepEqual(lock.statistics().holders, [0])
  writer.unlock()
  await go(readOnce, lock)
  assert.deepEqual(lock.statistics().holders, [])
  assert.equal(lock.statistics().acquisitions, 4)
})

test("permits, rounds, gates and functions", async () => {
  const permits = semaphore(3)
  const two = await permits.acquire(2)
  const more = permits.acquire(2)
  assert.partialDeepStrictEqual(permits.statistics(), {
    waiting: 1,
    holders: [0],
    acquisitions: 1,
  })
  two.release()
  ;(await more).release()
  assert.equal(permits.statistics().acquisitions, 2)

  const rounds = barrier(2)
  for (let i = 0; i < 3; i++) await Promise.all([rounds.wait(), rounds.wait()])
  const alone = rounds.wait()
  assert.partialDeepStrictEqual(rounds.statistics(), { waiting: 1, acquisitions: 3 })
  await Promise.all([alone, rounds.wait()])

  const gate = latch(1)
  const waits = gate.wait()
  assert.partialDeepStrictEqual(gate.statistics(), { waiting: 1, acquisitions: 0 })
  gate.countDown()
  await waits
  assert.partialDeepStrictEqual(gate.statistics(), { waiting: 0, acquisitions: 1 })

  const { promise, resolve } = Promise.withResolvers<number>()
  const single = once(() => promise)
  const got = single.get()
  await null
  assert.partialDeepStrictEqual(single.statistics(), { holders: [0], acquisitions: 0 })
  resolve(7)
  assert.equal(await got, 7)
  assert.partialDeepStrictEqual(single.statistics(), { holders: [], acquisitions: 1 })
})
