import assert from "node:assert/strict"
import { after, test } from "node:test"
import { LockOwnerDiedError, TimeoutError } from "../../src/errors.ts"
import { shutdown, start } from "../../src/isolate/index.ts"
import { LockGuard, type Mutex, mutex } from "../../src/sync/index.ts"
import { go } from "../../src/task/index.ts"
import {
  addCarefully,
  addLocked,
  addLockedSync,
  addOrDie,
  dieHolding,
  keepLocked,
  lockSyncTwice,
  lockSyncWithin,
  lockWhileWaiting,
  repair,
  shared,
  sign,
  signed,
} from "./support.ts"

await start({ isolates: 2 })
after(() => shutdown())

test("a lock is held until it is unlocked", async () => {
  const m = mutex()
  const guard = await m.lock()
  assert.ok(guard instanceof LockGuard)
  assert.equal(m.locked, true)
  assert.equal(m.tryLock(), undefined)
  guard.unlock()
  assert.equal(m.locked, false)
  {
    using _held = m.tryLock()
    assert.equal(m.locked, true)
  }
  assert.equal(m.locked, false)
})

test("unlocking twice is an error, disposing after unlocking is not", async () => {
  const m = mutex()
  const guard = await m.lock()
  guard.unlock()
  assert.throws(() => guard.unlock(), {
    code: "ERR_HEDDLE_HANDLE_CLOSED",
    message: "LockGuard was unlocked before",
  })
  const other = await m.lock()
  guard[Symbol.dispose]()
  assert.equal(m.locked, true, "a guard gives back only what it holds")
  other.unlock()
})

test("tasks of one isolate exclude each other and get it in order", async () => {
  const m = mutex()
  const order: number[] = []
  let inside = 0
  await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      using _guard = await m.lock()
      assert.equal(++inside, 1)
      await new Promise((resolve) => setImmediate(resolve))
      order.push(i)
      inside--
    }),
  )
  assert.deepEqual(
    order,
    Array.from({ length: 20 }, (_, i) => i),
  )
})

test("with() holds the lock as long as the function runs, also when it fails", async () => {
  const m = mutex()
  const result = await m.with(async () => {
    await null
    return m.locked
  })
  assert.equal(result, true)
  await assert.rejects(
    m.with(() => {
      throw new RangeError("inside")
    }),
    { message: "inside" },
  )
  assert.equal(m.locked, false)
})

test("a wait can be called off, and the lock goes to the next", async () => {
  const m = mutex()
  const guard = await m.lock()
  const controller = new AbortController()
  const given = m.lock({ signal: controller.signal })
  const late = m.lock({ timeoutMs: 1 })
  const next = m.lock()
  controller.abort(new RangeError("enough"))
  await assert.rejects(given, { message: "enough" })
  await assert.rejects(late, (error: TimeoutError) => {
    assert.ok(error instanceof TimeoutError)
    assert.equal(error.operation, "mutex lock")
    return true
  })
  guard.unlock()
  ;(await next).unlock()
  assert.equal(m.locked, false)
})

test("an aborted signal and a time of 0 do not wait", async () => {
  const m = mutex()
  await assert.rejects(m.lock({ signal: AbortSignal.abort(new RangeError("before")) }), {
    message: "before",
  })
  assert.equal(m.locked, false)
  using _free = await m.lock({ timeoutMs: 0 })
  await assert.rejects(m.lock({ timeoutMs: 0 }), TimeoutError)
})

test("a wrong time is refused", () => {
  const m = mutex()
  assert.throws(() => m.lock({ timeoutMs: -1 }), RangeError)
  assert.throws(() => m.lock({ timeoutMs: Number.NaN }), /received NaN/)
})

test("main is not blocked, unless that was allowed", async () => {
  const m = mutex()
  assert.throws(() => m.lockSync(), { code: "ERR_HEDDLE_BLOCKING_NOT_ALLOWED" })
  await start({ blockMain: true })
  try {
    const guard = m.lockSync()
    assert.throws(() => m.lockSync(), { code: "ERR_HEDDLE_DEADLOCK" })
    guard.unlock()
    const numbers = shared()
    const kept = go(keepLocked, m, numbers)
    await signed(numbers, 2)
    assert.throws(() => m.lockSync({ timeoutMs: 5 }), TimeoutError)
    sign(numbers, 3)
    m.lockSync().unlock()
    await kept
  } finally {
    await start({ blockMain: false })
  }
})

test("isolates exclude each other, awaiting and blocking", async () => {
  const m = mutex()
  const numbers = shared()
  await Promise.all([
    go.with({ on: 1 })(addLocked, m, numbers, 2_000),
    go.with({ on: 2 })(addLockedSync, m, numbers, 2_000),
    addLocked(m, numbers, 2_000),
    addLocked(m, numbers, 2_000),
  ])
  assert.equal(numbers[0], 8_000)
  const blocking = [1, 2].map((on) => go.with({ on })(addLockedSync, m, numbers, 5_000))
  await Promise.all(blocking)
  assert.equal(numbers[0], 18_000)
  assert.equal(m.locked, false)
})

test("an isolate that waits is not starved by one that locks in a loop", async () => {
  const m = mutex()
  const numbers = shared()
  let isOver = false
  const loop = (async () => {
    for (let i = 0; !isOver; i++) {
      using _guard = await m.lock()
      addCarefully(numbers)
      if (i % 64 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  await go(addLocked, m, numbers, 50)
  isOver = true
  await loop
})

test("a blocked wait that times out leaves the lock usable", async () => {
  const m = mutex()
  const guard = await m.lock()
  assert.equal(await go(lockSyncWithin, m, 5), "TimeoutError")
  guard.unlock()
  assert.equal(await go(lockSyncWithin, m, 5_000), "locked")
})

test("blocking for a lock that this isolate holds itself is refused", async () => {
  const m = mutex()
  await assert.rejects(async () => go(lockSyncTwice, m), { code: "ERR_HEDDLE_DEADLOCK" })
  assert.equal(m.locked, false)
})

test("a blocked isolate takes no lock for its other tasks", async () => {
  const [blocking, other] = [mutex(), mutex()]
  const numbers = shared()
  const [first, second] = [await blocking.lock(), await other.lock()]
  const task = go(lockWhileWaiting, blocking, other, numbers)
  await signed(numbers, 2)
  second.unlock()
  using third = await other.lock()
  third.unlock()
  first.unlock()
  assert.equal(await task, "free")
})

/** Lets an isolate die while it holds `m`. */
async function orphan(m: Mutex): Promise<Int32Array> {
  const numbers = shared()
  await assert.rejects(async () => go(dieHolding, m, numbers), { code: "ERR_HEDDLE_ISOLATE_DIED" })
  return numbers
}

async function ownerDeath(lock: Promise<unknown>): Promise<LockOwnerDiedError> {
  const error = await lock.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof LockOwnerDiedError)
  return error
}

test("the next holder learns that the holder died, and has the lock", async () => {
  const m = mutex({ name: "log" })
  await orphan(m)
  const error = await ownerDeath(m.lock())
  assert.ok(error.isolate > 0)
  assert.equal(error.lock, "log")
  assert.match(error.message, /died while holding lock log;/)
  {
    using guard = error.guard
    assert.ok(guard !== undefined)
    assert.equal(m.tryLock(), undefined, "it is held")
  }
  using guard = await m.lock()
  assert.ok(guard, "nobody is told twice")
})

test("those who wait when the holder dies go on; one of them is told", async () => {
  const m = mutex()
  const numbers = shared()
  const dying = go(dieHolding, m, numbers)
  await signed(numbers, 2)
  let told = 0
  const waits = Array.from({ length: 5 }, async () => {
    using _guard = await m.lock({ repair: () => void told++ })
  })
  await assert.rejects(async () => dying)
  await Promise.all(waits)
  assert.equal(told, 1)
})

test("an error that nobody takes care of goes to the next holder", async () => {
  const m = mutex()
  await orphan(m)
  const ignored = await ownerDeath(m.lock())
  const next = await ownerDeath(m.lock())
  assert.equal(ignored.guard, undefined, "too late")
  next.guard?.unlock()
  ;(await m.lock()).unlock()
})

test("a repair that fails leaves the lock to the next repair", async () => {
  const m = mutex()
  await orphan(m)
  const fail = () => {
    throw new RangeError("cannot")
  }
  await assert.rejects(m.lock({ repair: fail }), { message: "cannot" })
  assert.throws(() => m.tryLock({ repair: fail }), { message: "cannot" })
  let told: LockOwnerDiedError | undefined
  const guard = m.tryLock({
    repair: (death) => {
      told = death
      assert.equal(m.locked, true)
    },
  })
  assert.ok(told !== undefined)
  guard?.unlock()
  assert.throws(
    () => {
      throw told
    },
    { code: "ERR_HEDDLE_LOCK_OWNER_DIED" },
  )
})

test("isolates that die now and then while holding lose nothing but their own", async () => {
  const m = mutex()
  const numbers = shared()
  let died = 0
  for (let round = 0; round < 5; round++) {
    const tasks = [
      go(addOrDie, m, numbers, 100, 40),
      go(addOrDie, m, numbers, 100, -1),
      addOrDie(m, numbers, 100, -1),
    ]
    for (const { status } of await Promise.allSettled(tasks)) if (status === "rejected") died++
  }
  using _guard = await m.lock({ repair: () => repair(numbers) })
  assert.ok(died >= 5)
  assert.equal(numbers[4], 5, "each death was told once")
  assert.ok(numbers[0] >= 5 * (100 + 41))
})
