import assert from "node:assert/strict"
import { after, test } from "node:test"
import { LockOwnerDiedError, TimeoutError } from "../../src/errors.ts"
import { shutdown, start } from "../../src/isolate/index.ts"
import { rwLock } from "../../src/sync/index.ts"
import { go } from "../../src/task/index.ts"
import {
  dieReading,
  dieWriting,
  readMany,
  readUntilSigned,
  readWriteSync,
  shared,
  sign,
  signed,
  writeMany,
} from "./support.ts"

await start({ isolates: 2 })
after(() => shutdown())

const turn = () => new Promise((resolve) => setImmediate(resolve))

test("readers share, a writer is alone", async () => {
  const lock = rwLock()
  const [a, b] = [await lock.read(), await lock.read()]
  assert.equal(lock.tryWrite(), undefined)
  a.unlock()
  assert.equal(lock.tryWrite(), undefined)
  b.unlock()
  const writer = lock.tryWrite()
  assert.ok(writer !== undefined)
  assert.equal(lock.tryRead(), undefined)
  assert.equal(lock.tryWrite(), undefined)
  writer.unlock()
  assert.throws(() => writer.unlock(), { code: "ERR_HEDDLE_HANDLE_CLOSED" })
  using reader = lock.tryRead()
  assert.ok(reader !== undefined)
})

test("once a writer waits, new readers wait for it; then all waiting readers come in", async () => {
  const lock = rwLock()
  const log: string[] = []
  const first = await lock.read()
  const writing = lock.withWrite(() => void log.push("writer"))
  let inside = 0
  let most = 0
  const reading = Array.from({ length: 3 }, () =>
    lock.withRead(async () => {
      most = Math.max(most, ++inside)
      log.push("reader")
      await turn()
      inside--
    }),
  )
  assert.equal(lock.tryRead(), undefined)
  await turn()
  assert.deepEqual(log, [])
  first.unlock()
  await writing
  await Promise.all(reading)
  assert.deepEqual(log, ["writer", "reader", "reader", "reader"])
  assert.equal(most, 3)
})

test("a writer that gives up lets the readers in", async () => {
  const lock = rwLock()
  const first = await lock.read()
  const controller = new AbortController()
  const writing = lock.write({ signal: controller.signal })
  const reading = lock.read()
  controller.abort(new RangeError("enough"))
  await assert.rejects(writing, { message: "enough" })
  ;(await reading).unlock()
  await assert.rejects(lock.write({ timeoutMs: 1 }), TimeoutError)
  await assert.rejects(lock.write({ timeoutMs: 0 }), TimeoutError)
  ;(await lock.read({ timeoutMs: 0 })).unlock()
  first.unlock()
  ;(await lock.write()).unlock()
})

test("with…() unlocks when the function fails", async () => {
  const lock = rwLock()
  const fail = () => {
    throw new RangeError("inside")
  }
  await assert.rejects(lock.withRead(fail), { message: "inside" })
  await assert.rejects(lock.withWrite(fail), { message: "inside" })
  ;(await lock.write()).unlock()
})

test("isolates read together and write alone", async () => {
  const lock = rwLock()
  const numbers = shared()
  await Promise.all([
    go.with({ on: 1 })(readMany, lock, numbers, 1_000),
    go.with({ on: 1 })(writeMany, lock, numbers, 300),
    go.with({ on: 2 })(readMany, lock, numbers, 1_000),
    go.with({ on: 2 })(writeMany, lock, numbers, 300),
    readMany(lock, numbers, 1_000),
    writeMany(lock, numbers, 300),
  ])
  assert.equal(numbers[0], 900)
})

test("blocked isolates read and write", async () => {
  const lock = rwLock()
  const numbers = shared()
  const blocking = [1, 2].map((on) => go.with({ on })(readWriteSync, lock, numbers, 1_000))
  await Promise.all([...blocking, readMany(lock, numbers, 500)])
  assert.equal(numbers[0], 2_000)
})

test("a writer is not starved by isolates that read in a loop", async () => {
  const lock = rwLock()
  const numbers = shared()
  const readers = [1, 2].map((on) => go.with({ on })(readUntilSigned, lock, numbers))
  await signed(numbers, 2, 2)
  for (let i = 0; i < 20; i++) {
    using _guard = await lock.write()
    assert.ok(readers.every((reader) => reader.state === "running"))
  }
  sign(numbers, 3)
  await Promise.all(readers)
})

test("blocking for a lock that only this isolate could free is refused", async () => {
  await start({ blockMain: true })
  try {
    const lock = rwLock()
    const reader = lock.readSync()
    assert.throws(() => lock.writeSync(), { code: "ERR_HEDDLE_DEADLOCK" })
    const writing = lock.write()
    lock.readSync().unlock()
    reader.unlock()
    const writer = await writing
    assert.throws(() => lock.readSync(), { code: "ERR_HEDDLE_DEADLOCK" })
    assert.throws(() => lock.writeSync(), { code: "ERR_HEDDLE_DEADLOCK" })
    writer.unlock()
    lock.writeSync({ timeoutMs: 0 }).unlock()
  } finally {
    await start({ blockMain: false })
  }
  assert.throws(() => rwLock().readSync(), { code: "ERR_HEDDLE_BLOCKING_NOT_ALLOWED" })
  assert.throws(() => rwLock().writeSync(), { code: "ERR_HEDDLE_BLOCKING_NOT_ALLOWED" })
})

test("an isolate that dies while it reads is out, and nobody is told", async () => {
  const lock = rwLock()
  await assert.rejects(async () => go(dieReading, lock), { code: "ERR_HEDDLE_ISOLATE_DIED" })
  ;(await lock.write()).unlock()
})

test("after a dead writer the next has the lock alone, also a reader", async () => {
  const lock = rwLock()
  for (const next of ["read", "write"] as const) {
    const dying = go(dieWriting, lock)
    await assert.rejects(async () => dying)
    const error = await lock[next]().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof LockOwnerDiedError)
    const { guard } = error
    assert.equal(lock.tryRead(), undefined, `after ${next} it is held alone`)
    guard?.unlock()
    ;(await lock.read()).unlock()
  }
  await assert.rejects(async () => go(dieWriting, lock))
  let repairs = 0
  await Promise.all([
    lock.withRead(() => {}, { repair: () => void repairs++ }),
    lock.withRead(() => {}, { repair: () => void repairs++ }),
    lock.withWrite(() => {}, { repair: () => void repairs++ }),
  ])
  assert.equal(repairs, 1)
})
