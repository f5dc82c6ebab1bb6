import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { NotSendableError } from "../../src/errors.ts"
import { here } from "../../src/internal/loop/here.ts"
import { KIND } from "../../src/internal/memory/kinds.ts"
import { kindOf } from "../../src/internal/memory/objects.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { share, start } from "../../src/isolate/index.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import { go } from "../../src/task/index.ts"
import {
  collect,
  depth,
  echoTable,
  isAllFrozen,
  keep,
  letGo,
  look,
  sharesItself,
  sumOf,
  writes,
} from "./fixtures/share-functions.ts"
import { collectGarbage } from "./garbage.ts"

await start({ isolates: 2, memoryBytes: 256 << 20 })

const used = (): number => here().arena.statistics().usedBytes

/** How many shared values there are. */
function living(): number {
  let count = 0
  here().arena.forEachObject((object) => {
    if (kindOf(here().words, object) === KIND.SHARED_VALUE) count++
  })
  return count
}

/** Collects garbage everywhere until `holds`. */
async function collected(holds: () => boolean): Promise<void> {
  while (!holds()) {
    collectGarbage()
    await Promise.all([1, 2].map((on) => go.with({ on })(collect)))
    await turn()
  }
}

test("share returns the value itself, frozen with everything in it", () => {
  const value = { list: [1, { deep: "text" }], nothing: null }
  const shared = share(value)
  assert.equal(shared, value)
  assert.ok(isAllFrozen(shared))
  assert.throws(() => {
    ;(shared.list as number[]).push(1)
  }, TypeError)
  assert.equal(share(shared), shared)
})

test("others get it once, frozen, and the same object every time", async () => {
  const table = share({ squares: Array.from({ length: 1000 }, (_, n) => n * n) })
  for (const on of [1, 2]) {
    assert.deepEqual(await go.with({ on })(look, table, 12), {
      value: 144,
      frozen: true,
      same: false,
    })
    assert.deepEqual(await go.with({ on })(look, table, 13), {
      value: 169,
      frozen: true,
      same: true,
    })
  }
  await assert.rejects(go(writes, table), TypeError)
})

test("what comes back is the very object that was shared", async () => {
  const table = share({ n: 1 })
  assert.equal(await go(echoTable, table), table)
  const { inside, list } = (await go(echoTable, { inside: table, list: [table, table] })) as {
    inside: unknown
    list: unknown[]
  }
  assert.equal(inside, table)
  assert.equal(list[0], table)
  assert.equal(list[1], table)
})

test("the cost of sending it does not depend on its size", async () => {
  const large = share(Array.from({ length: 200_000 }, (_, i) => ({ i, name: `number ${i}` })))
  assert.equal(await go.with({ on: 1 })(sumOf, large), (200_000 * 199_999) / 2)
  const before = used()
  const tasks = Array.from({ length: 200 }, () => go.with({ on: 1 })(sumOf, large))
  assert.ok(used() - before < 1 << 20, `${used() - before} bytes for 200 messages`)
  await Promise.all(tasks)
})

test("shared values within shared values, and circles", async () => {
  const inner = share({ n: 7 })
  const outer = share({ inner, again: [inner] })
  assert.equal(await go(depth, outer), 7)
  const circle: { self?: unknown; n: number } = { n: 1 }
  circle.self = circle
  share(circle)
  const back = (await go(echoTable, circle)) as typeof circle
  assert.equal(back, circle)
  const fromThere = (await go(sharesItself)) as { self: unknown; text: string }
  assert.equal(fromThere.self, fromThere)
  assert.equal(fromThere.text, "made there")
  assert.ok(Object.isFrozen(fromThere))
})

test("what freezing does not protect is refused with its path, and nothing is frozen", () => {
  class Point {
    x = 1
  }
  const refused: [value: unknown, path: string, problem: RegExp][] = [
    [() => {}, "value", /is a function/],
    [{ a: { f: () => {} } }, "value.a.f", /is a function/],
    [{ list: [1, new Map()] }, "value.list[1]", /instance of Map/],
    [new Set(), "value", /instance of Set/],
    [{ at: new Date() }, "value.at", /instance of Date/],
    [[new Uint8Array(1)], "value[0]", /instance of Uint8Array/],
    [{ p: new Point() }, "value.p", /instance of Point/],
    [{ [Symbol("hidden")]: Symbol("x") }, "value[Symbol(hidden)]", /is a symbol/],
    [
      {
        get now() {
          return 1
        },
      },
      "value.now",
      /accessor/,
    ],
  ]
  for (const [value, path, problem] of refused) {
    assert.throws(
      () => share(value),
      (error: NotSendableError) => {
        assert.ok(error instanceof NotSendableError)
        assert.equal(error.path, path)
        assert.match(error.problem, problem)
        return true
      },
    )
    if (typeof value === "object") assert.equal(Object.isFrozen(value), false)
  }
})

test("primitives are themselves", () => {
  for (const value of [undefined, null, 1, "text", 2n, true]) assert.equal(share(value), value)
})

test("when nobody uses it any more, its memory is free again", async () => {
  await Promise.all([1, 2].map((on) => go.with({ on })(letGo)))
  await collected(() => living() === 0)
  const before = used()
  await (async () => {
    const large = share(Array.from({ length: 50_000 }, (_, i) => `number ${i}`))
    await Promise.all([1, 2].map((on) => go.with({ on })(keep, large)))
    assert.ok(used() > before + (1 << 19))
  })()
  await Promise.all([1, 2].map((on) => go.with({ on })(letGo)))
  await collected(() => living() === 0)
  assert.ok(used() <= before)
})

test("it lives on where it is used when its maker is gone, and ends there", async () => {
  await go.with({ on: 1 })(keep, share(["one", "two"]))
  for (let i = 0; i < 10; i++) {
    collectGarbage()
    await turn()
  }
  assert.equal(living(), 1)
  requestKill(ownerOf(here().words, 1))
  while (living() > 0) {
    collectGarbage()
    await turn()
  }
})
