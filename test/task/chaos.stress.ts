/**
 * Isolates die at random under load; afterwards every task and every message is accounted for.
 *
 * HEDDLE_SEED repeats a run as far as threads let it; HEDDLE_LONG=1 goes on for a hundred rounds,
 * each time from another seed.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { channel } from "../../src/channel/index.ts"
import { IsolateDiedError, TaskCancelledError } from "../../src/errors.ts"
import { here } from "../../src/internal/loop/here.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { isolates, sharedArray, start } from "../../src/isolate/index.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import { go, type Task } from "../../src/task/index.ts"
import * as record from "../../src/task/record.ts"
import { pending } from "../../src/task/submit.ts"
import {
  consumes,
  ends,
  type Ledger,
  parent,
  produces,
  quick,
  slow,
  stepwise,
} from "./chaos-functions.ts"

const ISOLATES = 3
const TASKS = 1000
const CHILDREN = 10
const LONG = process.env.HEDDLE_LONG === "1"
const ROUNDS = LONG ? 100 : 3
/** A hundred times what a round takes. */
const HANG_MS = 120_000

let seed = Number(process.env.HEDDLE_SEED ?? (LONG ? Date.now() % 1_000_000 : 20_260))
console.log(`HEDDLE_SEED=${seed}`)

/** A whole number below `bound`. */
function below(bound: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0
  return (seed >>> 8) % bound
}

process.removeAllListeners("warning")
await start({ isolates: ISOLATES })

/** Says what a run that hangs waits for, and ends it. */
function watch(what: string, more = (): unknown => ""): () => void {
  const timer = setTimeout(() => {
    const { words } = here()
    console.log(`${what} hangs`, isolates())
    for (const { name, id, state, record: block } of pending.all().slice(0, 40)) {
      const seen = block === 0 ? [] : [record.stateOf(words, block), record.holderOf(words, block)]
      console.log({
        name,
        id,
        state,
        block,
        seen,
        isPinned: block !== 0 && record.isPinned(words, block),
      })
    }
    console.log(
      [1, 2, 3].map((slot) => ownerOf(words, slot)),
      more(),
    )
    process.exit(1)
  }, HANG_MS)
  return () => clearTimeout(timer)
}

interface Started {
  readonly i: number
  readonly isPinned: boolean
  readonly task: Task<unknown>
}

function startOne(ledger: Ledger, i: number): Started {
  const on = below(20) === 0 ? below(ISOLATES) + 1 : undefined
  const isPinned = on !== undefined && ownerOf(here().words, on) !== 0
  const start = isPinned ? go.with({ on }) : go
  const dice = below(100)
  if (dice < 40) return { i, isPinned, task: start(quick, ledger, i) }
  if (dice < 70) return { i, isPinned, task: start(slow, ledger, i) }
  if (dice < 90) return { i, isPinned, task: start(stepwise, ledger, i) }
  if (dice < 99) {
    const from = TASKS + i * CHILDREN
    return { i, isPinned, task: start(parent, ledger, i, from, from + below(CHILDREN)) }
  }
  return { i, isPinned, task: start(ends, ledger, i) }
}

function killOne(): void {
  requestKill(ownerOf(here().words, below(ISOLATES) + 1))
}

async function round(): Promise<{ died: number; completed: number; cancelled: number }> {
  const ledger: Ledger = {
    began: sharedArray(Int32Array, TASKS * (CHILDREN + 1)),
    ended: sharedArray(Int32Array, TASKS * (CHILDREN + 1)),
  }
  const started: Started[] = []
  for (let i = 0; i < TASKS; i++) {
    const one = startOne(ledger, i)
    one.task.catch(() => {})
    started.push(one)
    if (below(30) === 0) await turn()
    if (below(50) === 0) started[below(started.length)].task.cancel("chaos")
    if (below(250) === 0) killOne()
  }
  return await account(ledger, started)
}

async function account(ledger: Ledger, started: readonly Started[]) {
  const sums = { died: 0, completed: 0, cancelled: 0 }
  for (const { i, isPinned, task } of started) {
    const [began, ended] = [ledger.began, ledger.ended].map((words) => Atomics.load(words, i))
    const outcome = await task.then(
      () => "completed",
      (error: unknown) => error,
    )
    const what = `task ${i} (${task.name}${isPinned ? ", pinned" : ""}): ${outcome}`
    const [beganNow, endedNow] = [ledger.began, ledger.ended].map((words) => Atomics.load(words, i))
    assert.ok(beganNow <= 1, `${what}, began ${beganNow} times`)
    assert.ok(endedNow <= 1, `${what}, ended ${endedNow} times`)
    assert.ok(began <= beganNow && ended <= endedNow)
    if (outcome === "completed") {
      assert.deepEqual([beganNow, endedNow], [1, 1], what)
      sums.completed++
    } else if (outcome instanceof IsolateDiedError) sums.died++
    else {
      assert.ok(outcome instanceof TaskCancelledError, what)
      sums.cancelled++
    }
  }
  while (pending.count > 0) await turn()
  for (const count of [...ledger.began, ...ledger.ended]) assert.ok(count <= 1)
  return sums
}

test("every task completes once, is cancelled, or is told of its isolate's death", async (t) => {
  for (let i = 0; i < ROUNDS; i++) {
    const done = watch(`round ${i}`)
    t.after(done)
    t.diagnostic(`round ${i}: ${JSON.stringify(await round())}`)
    await start()
    const ids = isolates().map(({ id }) => id)
    assert.deepEqual(ids.sort(), [0, 1, 2, 3])
    done()
  }
})

test("only tasks that ran are lost: what waits runs elsewhere", async (t) => {
  const size = 3000
  const ledger: Ledger = {
    began: sharedArray(Int32Array, size),
    ended: sharedArray(Int32Array, size),
  }
  for (let i = 0; i < ROUNDS; i++) {
    const done = watch(`queued tasks, round ${i}`)
    t.after(done)
    ledger.began.fill(0)
    const tasks = Array.from({ length: size }, (_, n) => go(quick, ledger, n))
    for (const task of tasks) task.catch(() => {})
    for (let kills = 0; kills < 3; kills++) {
      await turn()
      killOne()
    }
    const outcomes = await Promise.allSettled(tasks)
    outcomes.forEach(({ status }, n) => {
      if (status === "rejected") assert.ok(Atomics.load(ledger.began, n) <= 1)
      else assert.equal(Atomics.load(ledger.began, n), 1)
    })
    const lost = outcomes.filter(({ status }) => status === "rejected").length
    assert.ok(lost <= 3 * 64, `${lost} of ${size} tasks of a microsecond were running`)
    await start()
    done()
  }
})

test("messages: none is doubled, only those in the hands of the dead are missing", async (t) => {
  const count = 6000
  for (let i = 0; i < ROUNDS; i++) {
    const numbers = channel<number>(64)
    const got = sharedArray(Int32Array, count)
    const sent = sharedArray(Int32Array, count)
    const done = watch(`messages, round ${i}`, () => ({
      ...numbers.statistics(),
      got: got.reduce((sum, n) => sum + n, 0),
      sent: sent.reduce((sum, n) => sum + n, 0),
    }))
    t.after(done)
    const { deaths, resumed } = await pipeline(numbers, got, sent, count)
    const missing = [...got.keys()].filter((n) => sent[n] === 1 && got[n] === 0)
    // A producer that died after a send and before its note of it sends the same number again.
    const doubled = [...got.keys()].filter((n) => got[n] > (resumed.get(n) ?? 0) + 1)
    t.diagnostic(
      `round ${i}: ${deaths} deaths, ${missing.length} missing, ${doubled.length} doubled`,
    )
    assert.deepEqual(doubled, [])
    assert.ok(missing.length <= deaths, `${missing.length} missing after ${deaths} deaths`)
    done()
  }
})

/** Two producers and two consumers, each begun again when it dies. */
async function pipeline(
  numbers: ReturnType<typeof channel<number>>,
  got: Int32Array,
  sent: Int32Array,
  count: number,
): Promise<{ deaths: number; resumed: Map<number, number> }> {
  let deaths = 0
  const resumed = new Map<number, number>()
  const again = async (begin: () => Task<void>): Promise<void> => {
    for (;;) {
      try {
        return await begin()
      } catch (error) {
        if (!(error instanceof IsolateDiedError)) throw error
        deaths++
      }
    }
  }
  const half = count / 2
  const producers = [0, half].map((first) => {
    let starts = 0
    return again(() => {
      let from = first
      while (from < first + half && (sent[from] === 1 || got[from] === 1)) from++
      if (starts++ > 0) resumed.set(from, (resumed.get(from) ?? 0) + 1)
      return go(produces, numbers, sent, from, first + half)
    })
  })
  const consumers = [0, 1].map(() => again(() => go(consumes, numbers, got)))
  let isOver = false
  const killer = (async () => {
    for (let mark = below(300); mark < half && !isOver; mark += 100 + below(600)) {
      while (!isOver && Atomics.load(got, mark) === 0) await turn()
      killOne()
    }
  })()
  await Promise.all(producers)
  isOver = true
  await killer
  numbers.close()
  await Promise.all(consumers)
  return { deaths, resumed }
}
