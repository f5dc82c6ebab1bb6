import assert from "node:assert/strict"
import { test } from "node:test"
import { program } from "./program.ts"

interface Spent {
  readonly ms: number
  readonly cpuMs: number
}

async function spent(isolates: number): Promise<Spent> {
  const { stdout } = await program("crowd", [`${isolates}`])
  return JSON.parse(stdout) as Spent
}

test("more isolates than cores do not collapse", async () => {
  const two = await spent(2)
  const eight = await spent(8)
  // Processor time is what collapse looks like, and other programs on the machine do not change it.
  assert.ok(
    eight.cpuMs < two.cpuMs * 4,
    `eight: ${eight.cpuMs} ms, two: ${two.cpuMs} ms of processor`,
  )
})
