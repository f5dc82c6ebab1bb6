import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { here } from "../../src/internal/loop/here.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { start } from "../../src/isolate/index.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import { go, type Task } from "../../src/task/index.ts"
import { pending } from "../../src/task/submit.ts"
import { add, echo, fails, waits } from "./functions.ts"
import { words } from "./support.ts"

await start({ isolates: 2, memoryBytes: 64 << 20 })

const used = (): number => here().arena.statistics().usedBytes
const told = words()
const value = { text: "some text of some length ".repeat(40), list: [1, 2, 3] }

async function settled(tasks: Task<unknown>[]): Promise<void> {
  await Promise.allSettled(tasks)
  while (pending.count > 0) await turn()
}

/** Tasks of every fate but death. */
async function round(count: number): Promise<void> {
  const tasks: Task<unknown>[] = []
  for (let i = 0; i < count; i++) {
    tasks.push(go(add, i, 1), go(echo, value), go(fails, "range"), go(fails, "function"))
    tasks.push(go(echo, { f: () => {} }))
    const queued = go(echo, value)
    queued.cancel({ why: value })
    const late = go(echo, value)
    void Promise.resolve().then(() => late.cancel())
    tasks.push(queued, late, go.with({ on: "main" })(echo, value))
    for (const task of tasks.slice(-8)) task.catch(() => {})
  }
  const running = go(waits, told)
  while (running.state === "queued") await turn()
  running.cancel()
  running.catch(() => {})
  tasks.push(running)
  await settled(tasks)
}

test("tasks that complete, fail, are refused or cancelled leave nothing behind", async () => {
  for (let i = 0; i < 3; i++) await round(300)
  const before = used()
  for (let i = 0; i < 20; i++) await round(300)
  // Isolates keep some free blocks at hand; how many differs from moment to moment.
  // 48,000 tasks would leave 6 MiB of records alone.
  assert.ok(used() - before < 2 << 20, `${used() - before} bytes more`)
})

test("an isolate's death leaves next to nothing behind", async () => {
  const die = async (): Promise<void> => {
    const token = ownerOf(here().words, 1)
    const tasks: Task<unknown>[] = []
    for (let i = 0; i < 50; i++) tasks.push(go(echo, value), go.with({ on: 1 })(echo, value))
    for (let i = 0; i < 5; i++) tasks.push(go.with({ on: 1 })(waits, told))
    for (const task of tasks) task.catch(() => {})
    await turn()
    requestKill(token)
    await settled(tasks)
    while ([0, token].includes(ownerOf(here().words, 1))) await turn()
    await start()
    await round(5)
  }
  for (let i = 0; i < 5; i++) await die()
  const before = used()
  for (let i = 0; i < 15; i++) await die()
  assert.ok(used() - before < 1 << 20, `${used() - before} bytes more after 15 deaths`)
})
