/** Shared objects against sequential ones. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { ExploreFailure, linearizable } from "../../../src/explore/index.ts"
import { channel, mutex, sharedArray } from "../../../src/index.ts"

class CounterModel {
  #count = 0

  next(): number {
    return this.#count++
  }

  look(): number {
    return this.#count
  }
}

class Counter {
  readonly #words = sharedArray(Int32Array, 1)

  next(): number {
    return Atomics.add(this.#words, 0, 1)
  }

  look(): number {
    return Atomics.load(this.#words, 0)
  }
}

class Forgetful {
  readonly #words = sharedArray(Int32Array, 1)

  next(): number {
    const before = Atomics.load(this.#words, 0)
    Atomics.store(this.#words, 0, before + 1)
    return before
  }

  look(): number {
    return Atomics.load(this.#words, 0)
  }
}

class Pair {
  readonly #lock = mutex()
  readonly #values = channel<number>(4)

  async put(value: number): Promise<string> {
    using _guard = await this.#lock.lock()
    return this.#values.trySend(value)
  }

  async take(): Promise<unknown> {
    using _guard = await this.#lock.lock()
    const found = this.#values.tryReceive()
    return found.state === "ok" ? found.value : found.state
  }
}

class PairModel {
  readonly #values: number[] = []

  put(value: number): string {
    if (this.#values.length >= 4) return "full"
    this.#values.push(value)
    return "ok"
  }

  take(): unknown {
    return this.#values.shift() ?? "empty"
  }
}

test("an atomic counter and a locked pair behave as their models", async (t) => {
  const operations = { next: [[]], look: [[]] }
  const counter = await linearizable(Counter, { model: CounterModel, operations, programs: 6 })
  t.diagnostic(counter.line)
  assert.ok(counter.exhaustive)
  const pair = await linearizable(() => new Pair(), {
    name: "pair",
    model: PairModel,
    operations: { put: (below) => [below(3)], take: [[]] },
    programs: 4,
    calls: 2,
  })
  t.diagnostic(pair.line)
  assert.ok(pair.schedules > 100)
})

test("the smallest history without an explanation is shown", async () => {
  const checked = linearizable(Forgetful, {
    model: CounterModel,
    operations: { next: [[]], look: [[]] },
  })
  const failure: unknown = await checked.catch((error: unknown) => error)
  assert.ok(failure instanceof ExploreFailure)
  assert.equal(failure.kind, "not linearizable")
  const calls = failure.message.split("\n").filter((line) => /^ +task \d +\d+-\d+ /.test(line))
  assert.equal(calls.length, 2, failure.message)
  assert.ok(calls.every((line) => /next\(\) +0$/.test(line)))
})
