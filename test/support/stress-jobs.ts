/** What the threads of stress tests do; loaded by each of them. */
import assert from "node:assert/strict"
import { workerData } from "node:worker_threads"
import { add, exchange, load, or, read, write } from "#platform/atomics"
import { waitSync } from "#platform/park"
import { Arena } from "../../src/internal/memory/arena.ts"
import { enter, leave } from "../../src/internal/memory/guard.ts"
import { tell } from "../../src/internal/queue/inbox.ts"
import { Ring } from "./ring.ts"
import { chance } from "./shared-memory.ts"
import type { Order } from "./stress.ts"

type Job = (words: Int32Array, token: number, numbers: readonly number[]) => void

/** Words of a block or node: what it says, and the same once more at another place. */
const SAYS = 2
const AGAIN = 15

const jobs = {
  /** Acquires and releases, half of it through slots in which other threads find blocks. */
  arena(words, token, [slots, slotCount, steps, seed]) {
    const arena = new Arena(words, token)
    const next = chance(seed)
    for (let i = 0; i < steps; i++) {
      const bytes = next(8) === 0 ? next(100_000) : 64 + next(1000)
      const block = next(9) === 0 ? arena.acquireObject(bytes) : arena.acquire(bytes)
      if (block === 0) continue
      write(words, block + SAYS, block)
      write(words, block + AGAIN, ~block)
      const other = exchange(words, slots + next(slotCount), block)
      if (other === 0) continue
      assert.equal(read(words, other + SAYS), other, "a block was written by another")
      assert.equal(read(words, other + AGAIN), ~other, "a block was written by another")
      write(words, other + SAYS, 0)
      arena.release(other)
    }
  },

  /** Sections that must never be seen half-done, until word `stop` is set. */
  guard(words, token, [guard, stop]) {
    const count = guard + 1
    while (load(words, stop) === 0) {
      enter(words, guard, token)
      for (let i = 1; i < 8; i++) assert.equal(read(words, count + i), read(words, count))
      for (let i = 0; i < 8; i++) write(words, count + i, read(words, count + i) + 1)
      leave(words, guard, token)
    }
  },

  /** Tells numbered nodes to another isolate. */
  teller(words, token, [to, messages]) {
    const arena = new Arena(words, token)
    for (let i = 1; i <= messages; i++) {
      const node = arena.acquire(64)
      assert.notEqual(node, 0)
      write(words, node + SAYS, token)
      write(words, node + AGAIN, i)
      tell(words, to, node, node)
    }
  },

  /** Sends the numbers from `first` on. */
  sender(words, token, [at, capacity, first, count, ended]) {
    const ends = new Ring(words, at, token, capacity)
    const next = chance(token)
    for (let sent = 0; sent < count; ) {
      const some = Math.min(1 + next(64), count - sent)
      const values = Array.from({ length: some }, (_, i) => first + sent + i)
      const moved = ends.send(...values)
      if (moved > 0) sent += moved
      else nap(ends, words)
    }
    ends.writer.yield()
    add(words, ended, 1)
  },

  /**
   * Receives until both senders have ended; marks a bit for each number, which nobody marked
   * before.
   */
  receiver(words, token, [at, capacity, half, bits, ended]) {
    const ends = new Ring(words, at, token, capacity)
    const got: number[] = []
    const last = [-1, -1]
    for (;;) {
      const over = load(words, ended) === 2
      if (ends.receive(got, 64) <= 0) {
        if (over) break
        nap(ends, words)
        continue
      }
      for (const value of got) {
        const sender = value < half ? 0 : 1
        assert.ok(value > last[sender], `${value} after ${last[sender]}`)
        last[sender] = value
        const bit = 1 << (value & 31)
        const before = or(words, bits + (value >>> 5), bit)
        assert.equal(before & bit, 0, `${value} came twice`)
      }
      got.length = 0
    }
    ends.reader.yield()
  },
} satisfies Record<string, Job>

/** The names of all jobs. */
export type JobName = keyof typeof jobs

/** Lets others run; nobody wakes this thread, it looks again by itself. */
function nap(ends: Ring, words: Int32Array): void {
  ends.writer.publish()
  ends.reader.publish()
  waitSync(words, 0, 0, 0.05)
}

const order = workerData as Order
const job: Job = jobs[order.job]
job(order.words, order.token, order.numbers)
