import assert from "node:assert/strict"
import { test } from "node:test"
import { type ExploreFailure, explore, linearizable } from "../../../src/explore/index.ts"

type Loose = (...args: unknown[]) => Promise<unknown>

async function refused(call: unknown, args: readonly unknown[], pattern: RegExp): Promise<void> {
  const error: unknown = await (call as Loose)(...args).catch((error: unknown) => error)
  assert.match(String(error), pattern)
}

test("what is wrong with an exploration is named before anything runs", async () => {
  let runs = 0
  const wrong = (options: unknown, pattern: RegExp) =>
    refused(explore, [() => runs++, options], pattern)
  await wrong(null, /^TypeError: explore takes an object of options, received null$/)
  await wrong(
    { strategy: "all" },
    /^TypeError: strategy must be one of exhaustive, .* received "all"$/,
  )
  await wrong(
    { timeouts: "never" },
    /^TypeError: timeouts must be one of last, any; received "never"$/,
  )
  await wrong({ leaks: true }, /^TypeError: leaks must be one of none, locks, all; received true$/)
  await wrong({ killsMax: -1 }, /^RangeError: killsMax must be a count, received -1$/)
  await wrong({ schedulesMax: "9" }, /^RangeError: schedulesMax must be a count, received "9"$/)
  await wrong({ seed: NaN }, /^RangeError: seed must be a whole number, received NaN$/)
  await wrong({ replay: 0 }, /^TypeError: replay must be a string, received 0$/)
  await wrong({ replay: "0-x" }, /^RangeError: not a schedule: x in 0-x$/)
  await wrong({ kill: 1 }, /^TypeError: kill must be true or false, received 1$/)
  await wrong(
    { allow: ["Date"] },
    /^TypeError: allow must be a list of Math.random, .* received "Date"$/,
  )
  await wrong({ allow: "crypto" }, /^TypeError: allow must be a list of .* received "crypto"$/)
  await refused(explore, [null], /^TypeError: explore takes a function, received null$/)
  assert.equal(runs, 0)
})

test("so is what is wrong with an object and its model", async () => {
  class Model {
    next() {}
  }
  const operations = { next: [[]] }
  await refused(linearizable, [], /^TypeError: linearizable takes a function, received undefined$/)
  await refused(linearizable, [Model, { operations }], /^TypeError: model takes a function/)
  await refused(
    linearizable,
    [Model, { model: Model }],
    /^TypeError: linearizable needs operations/,
  )
  const strange = { model: Model, operations: { ...operations, last: [[]] } }
  await refused(linearizable, [Model, strange], /^TypeError: the model has no method last$/)
  const none = { model: Model, operations, threads: 0 }
  await refused(
    linearizable,
    [Model, none],
    /^RangeError: threads must be a count from 1, received 0$/,
  )
})

test("a program that is explored cannot explore another one, and is told so", async () => {
  const nested = explore(() => explore(() => 1))
  await assert.rejects(nested, ({ kind, cause }: ExploreFailure) => {
    assert.equal(kind, "error")
    assert.match(
      String(cause),
      /^TypeError: a program that is explored cannot explore another one$/,
    )
    return true
  })
})
