import assert from "node:assert/strict"
import { test } from "node:test"
import { inspect } from "node:util"
import { Shareable } from "../../../src/internal/wire/shareable.ts"

class Plain extends Shareable {
  readonly kindId = 1
  readonly internals = { word: 7 }
}

class Counting extends Shareable {
  readonly kindId = 2
  override statistics(): object {
    this.assertUsable()
    return { depth: 3 }
  }
}

class Failing extends Shareable {
  readonly kindId = 3
  override statistics(): object {
    throw new Error("it was closed")
  }
}

test("a handle is shown as its class and its counters, without its insides", () => {
  assert.equal(inspect(new Plain()), "Plain")
  assert.equal(inspect({ jobs: new Counting() }), "{ jobs: Counting { depth: 3 } }")
})

test("a handle that cannot be used says why where it is shown", () => {
  const moved = new Counting()
  Shareable.markMoved(moved, "at app.ts:3:1")
  assert.match(inspect(moved), /^Counting \[.*app\.ts:3:1.*\]$/)
  assert.equal(inspect(new Failing()), "Failing [it was closed]")
})
