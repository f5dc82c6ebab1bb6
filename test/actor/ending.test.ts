/** The end of the program, and questions that are open then. */
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const program = fileURLToPath(new URL("./ending-program.ts", import.meta.url))

async function outputOf(...args: string[]): Promise<string> {
  const all = ["--conditions=source", program, ...args]
  const { stdout } = await promisify(execFile)(process.execPath, all)
  return stdout
}

for (const where of ["here", "1", "relay"]) {
  test(`${where}: shutdown waits for questions`, async () => {
    assert.equal(await outputOf(where), "worked\nshut down\n")
  })
}

test("an actor that shuts down is not waited for, though it was asked to", async () => {
  assert.equal(await outputOf("itself"), "closed\nshut down\n")
})

test("who is asked and does not answer in time is named", async () => {
  const [busy, lost] = (await outputOf("1", "600000", "10")).split("\n").sort().slice(1)
  assert.match(`${busy}`, /^busy: Clerk#\d+$/)
  assert.equal(lost, "lost")
})
