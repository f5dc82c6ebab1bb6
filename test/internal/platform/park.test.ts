import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { test } from "node:test"
import { notify } from "../../../src/internal/platform/atomics.ts"
import {
  hold,
  letGo,
  spinUntilChanged,
  waitSync,
  waitThen,
} from "../../../src/internal/platform/park.ts"

const fresh = (): Int32Array => new Int32Array(new SharedArrayBuffer(64))

test("a word that differs already is not waited for", async () => {
  const words = fresh()
  assert.equal(waitSync(words, 3, 1), "not-equal")
  assert.equal(waitSync(words, 3, 0, 1), "timed-out")
  await new Promise<void>((resolve) => waitThen(words, 3, 1, resolve))
})

test("a notify wakes who waits for this word, and nobody else", async () => {
  const words = fresh()
  const woken: number[] = []
  const waits = [1, 2].map(
    (index) =>
      new Promise<void>((resolve) => {
        waitThen(words, index, 0, () => {
          woken.push(index)
          resolve()
        })
      }),
  )
  hold()
  assert.equal(notify(words, 2), 1)
  await waits[1]
  assert.deepEqual(woken, [2])
  assert.equal(notify(words, 1), 1)
  await waits[0]
  letGo()
  assert.deepEqual(woken, [2, 1])
})

test("spinning ends when the word differs, or after so many looks", () => {
  const words = fresh()
  assert.equal(spinUntilChanged(words, 0, 0, 10), false)
  assert.equal(spinUntilChanged(words, 0, 5, 10), true)
})

/** Runs a program that parks for ever and answers what it printed when it ended by itself. */
function parked(body: string): string {
  const park = new URL("../../../src/internal/platform/park.ts", import.meta.url).href
  const program = `
    import { hold, letGo, waitThen } from ${JSON.stringify(park)}
    const words = new Int32Array(new SharedArrayBuffer(64))
    ${body}
    process.on("exit", () => console.log("ended"))`
  const flags = ["--conditions=source", "--input-type=module", "--eval", program]
  return execFileSync(process.execPath, flags, { encoding: "utf8" })
}

test("a pending wait does not keep the program alive", () => {
  assert.equal(parked("waitThen(words, 0, 0, () => console.log('woken'))"), "ended\n")
})

test("holds keep it alive until all are let go", () => {
  const printed = parked(`
    hold()
    hold()
    letGo()
    setTimeout(() => { console.log("still here"); letGo() }, 20).unref()`)
  assert.equal(printed, "still here\nended\n")
})
