/** What time lets happen comes last, and what it gave up could have been done before. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { explore } from "../../../src/explore/index.ts"
import { after, type Channel, channel, go, select } from "../../../src/index.ts"

async function firstOf(numbers: Channel<number>, ms: number): Promise<string> {
  const hit = await select({ number: numbers, late: after(ms) })
  return hit.case === "number" ? `${hit.value}` : "late"
}

async function sendAndTake(numbers: Channel<number>): Promise<string> {
  await numbers.send(1)
  const own = await numbers.receive().catch(() => "closed")
  return `${own}, then ${await firstOf(numbers, 3)}`
}

async function takeAndClose(numbers: Channel<number>): Promise<string> {
  const got = await firstOf(numbers, 6)
  numbers.close()
  return got
}

test("a select that timed out could have received before another one did", async () => {
  const found: string[][] = []
  for (const strategy of ["every", "exhaustive"] as const) {
    const outcomes = new Set<string>()
    const program = async (): Promise<void> => {
      const numbers = channel<number>(2)
      const tasks = [go(sendAndTake, numbers), go(takeAndClose, numbers)]
      outcomes.add((await Promise.all(tasks)).join(" | "))
    }
    const { exhaustive } = await explore(program, { strategy })
    assert.equal(exhaustive, true)
    found.push([...outcomes].sort())
  }
  assert.deepEqual(found[0], ["1, then late | late", "closed, then undefined | 1"])
  assert.deepEqual(found[1], found[0])
})
