/** Well-known algorithms: what holds holds in all orders, and what is broken is found. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { CLASSICS, examine } from "../../../examples/src/classics.ts"

for (const classic of CLASSICS) {
  const { name, finds } = classic
  test(`${name} ${finds === "" ? "holds" : `is broken: ${finds}`}`, async (t) => {
    const verdict = await examine(classic)
    t.diagnostic(`${verdict.schedules} schedules`)
    assert.equal(verdict.finds, finds, verdict.message)
    assert.equal(verdict.exhaustive, finds === "")
  })
}
