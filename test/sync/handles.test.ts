import assert from "node:assert/strict"
import { after, test } from "node:test"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { here } from "../../src/internal/loop/here.ts"
import { move } from "../../src/internal/wire/move.ts"
import { shutdown, start } from "../../src/isolate/index.ts"
import { barrier, latch, mutex, once, rwLock, semaphore } from "../../src/sync/index.ts"
import { go } from "../../src/task/index.ts"
import { sendBack } from "./support.ts"

await start({ isolates: 2 })
after(() => shutdown())

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

const MAKERS = {
  mutex: () => mutex(),
  rwLock: () => rwLock(),
  semaphore: () => semaphore(2),
  barrier: () => barrier(2),
  latch: () => latch(2),
  once: () => once(() => 1),
}

function usedBytes(): number {
  return here().arena.statistics().usedBytes
}

test("a lock is the same in every isolate, and there and back", async () => {
  const m = mutex()
  const back = await go(sendBack, m)
  assert.equal(back, m)
  using _guard = await back.lock()
  assert.equal(m.locked, true)
})

for (const [name, make] of Object.entries(MAKERS)) {
  test(`${name}: disposed handles give their memory back`, () => {
    for (let i = 0; i < 100; i++) make()[Symbol.dispose]()
    const before = usedBytes()
    for (let i = 0; i < 5_000; i++) make()[Symbol.dispose]()
    assert.ok(usedBytes() <= before, `${usedBytes() - before} bytes more`)
  })

  test(`${name}: a handle is not used after it was disposed`, () => {
    const handle = make()
    handle[Symbol.dispose]()
    handle[Symbol.dispose]()
    const use = handle as unknown as { lock(): void; wait(): void; acquire(): void; read(): void }
    const call = { mutex: "lock", rwLock: "read", semaphore: "acquire" }[name] ?? "wait"
    if (name !== "once") {
      assert.throws(() => use[call as "lock"](), { code: "ERR_HEDDLE_HANDLE_CLOSED" })
    }
  })
}

test("handles that are dropped are collected, with the memory", async () => {
  const before = usedBytes()
  for (let i = 0; i < 20_000; i++) mutex()
  assert.ok(usedBytes() > before)
  while (usedBytes() > before + 65_536) {
    collect()
    await new Promise((resolve) => setImmediate(resolve))
  }
})

test("what is held or waited for when a handle is disposed goes on", async () => {
  const m = mutex()
  const guard = await m.lock()
  const waiting = m.lock()
  m[Symbol.dispose]()
  assert.throws(() => m.tryLock(), { code: "ERR_HEDDLE_HANDLE_CLOSED" })
  guard.unlock()
  ;(await waiting).unlock()
})

test("a lock that is moved away is used no more here, until it comes back", async () => {
  const m = mutex()
  const there = await go(sendBack, move(m))
  assert.throws(() => m.locked, { code: "ERR_HEDDLE_USE_AFTER_MOVE" })
  using _guard = await there.lock()
  assert.equal(there.locked, true)
})
