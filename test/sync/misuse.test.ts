import assert from "node:assert/strict"
import { it } from "node:test"
import { channel } from "../../src/channel/index.ts"
import { barrier, latch, mutex, once, rwLock, semaphore } from "../../src/sync/index.ts"

type Loose = (...args: unknown[]) => unknown

/** Calls a method with arguments of any types, as JavaScript does. */
function loosely(handle: object, method: string): Loose {
  return (Reflect.get(handle, method) as Loose).bind(handle)
}

function refusal(message: string): (error: unknown) => boolean {
  return (error) => {
    assert.equal(String(error).slice(0, message.length), message)
    return true
  }
}

const WAITS: readonly (readonly [string, Loose])[] = [
  ["lock", loosely(mutex(), "lock")],
  ["read", loosely(rwLock(), "read")],
  ["write", loosely(rwLock(), "write")],
  ["acquire", loosely(semaphore(1), "acquire").bind(undefined, 1)],
  ["wait", loosely(barrier(1), "wait")],
  ["wait", loosely(latch(0), "wait")],
  [
    "get",
    loosely(
      once(() => 1),
      "get",
    ),
  ],
]

it("options of a wait are checked although nothing has to wait", async () => {
  for (const [name, call] of WAITS) {
    const refuse = (options: unknown, message: string): Promise<void> =>
      assert.rejects(async () => call(options), refusal(message))
    await refuse({ timeout: 5 }, `TypeError: ${name} has no option timeout; it knows signal, time`)
    await refuse({ signal: 5 }, `TypeError: ${name} takes an AbortSignal as signal, received 5`)
    await refuse({ timeoutMs: "5" }, "RangeError: timeoutMs must be a number of milliseconds")
    await refuse(null, `TypeError: ${name} takes an object of options, received null`)
  }
})

it("so are those of a lock that is tried, and the function that repairs", () => {
  const [m, lock] = [mutex(), rwLock()]
  for (const method of ["tryRead", "tryWrite"]) {
    const message = `TypeError: ${method} has no option timeoutMs; it knows repair`
    assert.throws(() => loosely(lock, method)({ timeoutMs: 5 }), refusal(message))
  }
  const repair = "TypeError: repair takes a function, received 5"
  assert.throws(() => loosely(m, "tryLock")({ repair: 5 }), refusal(repair))
  assert.throws(() => loosely(m, "lock")({ repair: 5 }), refusal(repair))
  assert.equal(m.locked, false)
})

it("what is to be run while holding a lock is a function, before anything is taken", async () => {
  const [m, lock, permits] = [mutex(), rwLock(), semaphore(1)]
  const refuse = (handle: object, method: string): Promise<void> => {
    const message = `TypeError: ${method} takes a function, received undefined`
    return assert.rejects(async () => loosely(handle, method)(), refusal(message))
  }
  const held = [await m.lock(), await lock.write(), await permits.acquire()]
  await refuse(m, "with")
  await refuse(lock, "withRead")
  await refuse(lock, "withWrite")
  await refuse(permits, "with")
  for (const guard of held) guard[Symbol.dispose]()
})

it("a wait that took too long names the lock", async () => {
  const m = mutex({ name: "log" })
  using _guard = await m.lock()
  await assert.rejects(m.lock({ timeoutMs: 0 }), {
    operation: "mutex lock",
    message: "mutex lock (log) did not end within 0 ms",
  })
  await assert.rejects(
    latch(1, { name: "ready" }).wait({ timeoutMs: 1 }),
    /^T.*: latch wait \(ready\)/,
  )
})

it("a guard is not sent: the lock is", async () => {
  using guard = await mutex().lock()
  using permits = await semaphore(1).acquire()
  assert.throws(() => channel(1).trySend(guard), {
    name: "NotSendableError",
    message:
      "value is a LockGuard: it stays with who locked: send the lock, and lock it where it is needed",
  })
  assert.throws(() => channel(1).trySend({ permits }), {
    name: "NotSendableError",
    message:
      "value.permits is a Permits: they stay with who acquired them: send the semaphore, and " +
      "acquire there",
  })
})
