import assert from "node:assert/strict"
import { after, test } from "node:test"
import { TimeoutError } from "../../src/errors.ts"
import { shutdown, start } from "../../src/isolate/index.ts"
import { Permits, semaphore } from "../../src/sync/index.ts"
import { go } from "../../src/task/index.ts"
import {
  acquireSyncly,
  dieWaiting,
  dieWithPermits,
  shared,
  sign,
  signed,
  usePermits,
} from "./support.ts"

await start({ isolates: 2 })
after(() => shutdown())

test("permits are taken and given back", async () => {
  const s = semaphore(3)
  assert.equal(s.total, 3)
  const two = await s.acquire(2)
  assert.ok(two instanceof Permits)
  assert.equal(two.count, 2)
  assert.equal(s.available, 1)
  assert.equal(s.tryAcquire(2), undefined)
  {
    using _one = s.tryAcquire()
    assert.equal(s.available, 0)
  }
  two.release()
  assert.equal(s.available, 3)
  assert.throws(() => two.release(), {
    code: "ERR_HEDDLE_HANDLE_CLOSED",
    message: "Permits were released before",
  })
})

test("release() gives back what was taken without keeping the permits, and no more", async () => {
  const s = semaphore(2)
  await s.acquire(2)
  s.release()
  s.release()
  assert.equal(s.available, 2)
  assert.throws(() => s.release(), /holds 0 permits/)
})

test("a wrong number is refused", () => {
  for (const wrong of [0, -1, 1.5, Number.NaN, 2 ** 31]) {
    assert.throws(() => semaphore(wrong), RangeError)
    assert.throws(() => semaphore(4).acquire(wrong), RangeError)
  }
  assert.throws(() => semaphore(4).acquire(5), /from 1 to 4, all there are; received 5/)
})

test("a call for many is served before later calls for few", async () => {
  const s = semaphore(4)
  const first = await s.acquire(3)
  const order: string[] = []
  const note = (name: string) => (permits: Permits) => {
    order.push(name)
    return permits
  }
  const many = s.acquire(4).then(note("many"))
  const few = s.acquire(1).then(note("few"))
  assert.equal(s.tryAcquire(1), undefined, "nobody overtakes")
  first.release()
  ;(await many).release()
  ;(await few).release()
  assert.deepEqual(order, ["many", "few"])
  assert.equal(s.available, 4)
})

test("a call that is given up lets the next through", async () => {
  const s = semaphore(2)
  const held = await s.acquire(1)
  const controller = new AbortController()
  const many = s.acquire(2, { signal: controller.signal })
  const also = s.acquire(2, { timeoutMs: 1 })
  const few = s.acquire(1)
  controller.abort(new RangeError("enough"))
  await assert.rejects(many, { message: "enough" })
  await assert.rejects(also, TimeoutError)
  ;(await few).release()
  held.release()
  assert.equal(s.available, 2)
  using _all = await s.acquire(2, { timeoutMs: 0 })
  await assert.rejects(s.acquire(1, { timeoutMs: 0 }), TimeoutError)
})

test("with() holds permits as long as the function runs", async () => {
  const s = semaphore(5)
  assert.equal(await s.with(() => s.available), 4)
  assert.equal(await s.with(async () => s.available, { permits: 3 }), 2)
  assert.equal(s.available, 5)
})

test("isolates together never use more than there are", async () => {
  const s = semaphore(4)
  const numbers = shared()
  await Promise.all([
    go.with({ on: 1 })(usePermits, s, numbers, 3, 500),
    go.with({ on: 2 })(usePermits, s, numbers, 2, 500),
    go.with({ on: 1 })(usePermits, s, numbers, 1, 500),
    usePermits(s, numbers, 4, 200),
    usePermits(s, numbers, 1, 500),
  ])
  assert.equal(s.available, 4)
})

test("blocked isolates take turns", async () => {
  const s = semaphore(3)
  await Promise.all([1, 2].map((on) => go.with({ on })(acquireSyncly, s, 2, 2_000)))
  assert.equal(s.available, 3)
})

test("blocking for permits that this isolate holds itself is refused", async () => {
  await start({ blockMain: true })
  try {
    const s = semaphore(2)
    using _one = s.acquireSync(1)
    assert.throws(() => s.acquireSync(2), { code: "ERR_HEDDLE_DEADLOCK" })
    s.acquireSync(1).release()
  } finally {
    await start({ blockMain: false })
  }
  assert.throws(() => semaphore(1).acquireSync(), { code: "ERR_HEDDLE_BLOCKING_NOT_ALLOWED" })
})

test("permits of an isolate that died come back", async () => {
  const s = semaphore(3)
  for (let i = 0; i < 3; i++) {
    await assert.rejects(async () => go(dieWithPermits, s, 3), { code: "ERR_HEDDLE_ISOLATE_DIED" })
    using _all = await s.acquire(3)
  }
  assert.equal(s.available, 3)
})

test("an isolate that dies while it waits for many holds nobody up", async () => {
  const s = semaphore(3)
  const numbers = shared()
  const held = await s.acquire(1)
  const dying = go(dieWaiting, s, 3, numbers)
  await signed(numbers, 2)
  const few = s.acquire(1)
  sign(numbers, 3)
  await assert.rejects(async () => dying)
  ;(await few).release()
  held.release()
  assert.equal(s.available, 3)
})
