import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { type Outcome, Screen } from "../../../scripts/ci/screen.ts"

function outcome(part: Partial<Outcome>): Outcome {
  return { name: "a", passed: 0, skipped: 0, failures: [], elapsedMs: 1, again: "run a", ...part }
}

/** What the screen writes for these outcomes, and its exit code. */
function shown(outcomes: readonly Outcome[], isTTY = false): { text: string; code: number } {
  let text = ""
  const screen = new Screen({ isTTY, columns: 40, write: (part: string) => (text += part) })
  screen.begin("tests", outcomes.length)
  for (const each of outcomes) {
    screen.running([each.name])
    screen.done(each)
  }
  const code = screen.end()
  return { text, code }
}

const FAILED = outcome({ name: "b", passed: 1, failures: [{ title: "b > c", detail: "why\nso" }] })

describe("Screen", () => {
  it("ends with the sums as its last line", () => {
    const { text, code } = shown([outcome({ passed: 3 }), outcome({ passed: 4 })])
    assert.equal(text.split("\n").at(-2), "7 passed, 0 failed")
    assert.equal(code, 0)
  })

  it("shows a failure in full, how to run it alone, and its name once more at the end", () => {
    const { text, code } = shown([outcome({ passed: 3 }), FAILED])
    assert.match(text, /FAIL {2}b .* 1 passed, 1 failed\n/)
    assert.match(text, /b > c\n {10}why\n {10}so\n {8}alone: run a\n/)
    assert.match(text, /\nFailed:\n {2}b: b > c\n\n4 passed, 1 failed\n$/)
    assert.equal(code, 1)
  })

  it("does not take nothing for success", () => {
    const { text, code } = shown([])
    assert.match(text, /Nothing was asked for\.\n\n0 passed, 0 failed\n$/)
    assert.equal(code, 1)
  })

  it("tells how many were skipped", () => {
    assert.match(shown([outcome({ passed: 1, skipped: 2 })]).text, /\n2 skipped\n\n1 passed, 0 /)
  })

  it("moves the cursor on a terminal only", () => {
    assert.equal(shown([FAILED]).text.includes("\x1b"), false)
    assert.ok(shown([FAILED], true).text.includes("\r\x1b[2K  0/1  b"))
  })
})
