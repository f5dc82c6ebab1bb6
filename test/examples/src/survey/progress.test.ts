import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { bar, Progress } from "../../../../examples/src/survey/progress.ts"

describe("bar", () => {
  it("shows the share and fits the terminal", () => {
    assert.equal(
      bar("survey", 5, 10, "a.js"),
      `survey [${"#".repeat(15)}${".".repeat(15)}] 5/10 a.js`,
    )
    assert.equal(bar("survey", 0, 0, "").includes("#"), false)
    assert.equal(bar("survey", 1, 2, "a".repeat(200), 60).length, 59)
  })
})

describe("Progress", () => {
  it("draws on a terminal and clears its line", () => {
    const written: string[] = []
    const terminal = { isTTY: true, write: (text: string) => written.push(text) }
    const progress = new Progress(terminal, "survey")
    progress.show(1, 2, "a.js")
    progress.clear()
    assert.match(written[0], /1\/2 a\.js$/)
    assert.equal(written.at(-1), "\r\x1b[2K")
  })

  it("writes nothing elsewhere", () => {
    const written: string[] = []
    const progress = new Progress({ write: (text: string) => written.push(text) }, "survey")
    progress.show(1, 2, "a.js")
    progress.clear()
    assert.deepEqual(written, [])
  })
})
