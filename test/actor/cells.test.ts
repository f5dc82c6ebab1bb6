/** What is done again for an isolate that died while it did it. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { dropCell } from "../../src/actor/message.ts"
import { CELL_WORDS, cells } from "../../src/internal/loop/cell.ts"
import { acquire, here } from "../../src/internal/loop/here.ts"

const BYTES = 1000

test("a cell that is dropped again gives its block back once", () => {
  const at = here()
  const cell = acquire(at, CELL_WORDS * 4)
  const value = "x".repeat(BYTES)
  const tag = cells().prepare(value, "value")
  cells().put(cell, tag, value)
  dropCell(at, cell)
  dropCell(at, cell)
  assert.notEqual(acquire(at, BYTES), acquire(at, BYTES))
})
