/** How fast schedules are run; printed, not judged: the machine may be busy. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { add, type Words } from "#platform/atomics"
import { type ModelOptions, type ModelResult, model } from "../../src/explore/index.ts"
import { sixteen } from "./failing.ts"

/** Two threads of `steps` steps, of which `shared` are on one word. */
function two(steps: number, shared: number): ModelOptions<Words, void> {
  return {
    name: `two threads of ${steps} steps, ${shared} on one word`,
    setup: sixteen,
    threads: [1, 2].map((me) => (words: Words) => {
      for (let i = 0; i < steps; i++) add(words, i % Math.floor(steps / shared) === 0 ? 0 : me, 1)
    }),
  }
}

function rate({ line, schedules, milliseconds }: ModelResult): string {
  const perSecond = Math.round(schedules / (milliseconds / 1000))
  return `${line}: ${perSecond.toLocaleString("en-US")} per second`
}

test("schedules per second", (t) => {
  const few = model(two(5, 5))
  assert.equal(few.schedules, 252)
  t.diagnostic(rate(few))
  const all = model(two(20, 5))
  assert.equal(all.schedules, 252)
  const many = model(two(8, 8))
  assert.equal(many.schedules, 12_870)
  t.diagnostic(rate(many))
  const chance = { strategy: "random", schedulesMax: 20_000 } as const
  t.diagnostic(rate(model({ ...two(5, 5), ...chance })))
  t.diagnostic(rate(model({ ...two(20, 20), ...chance })))
  t.diagnostic(rate(model({ ...two(20, 20), strategy: "pct", schedulesMax: 20_000 })))
  t.diagnostic(rate(model({ ...two(20, 20), preemptionsMax: 3 })))
})
