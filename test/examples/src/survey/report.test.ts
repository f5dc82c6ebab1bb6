import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { Aggregate } from "../../../../examples/src/survey/aggregate.ts"
import { number, report, size } from "../../../../examples/src/survey/report.ts"
import { summarise } from "../../../../examples/src/survey/summarise.ts"

describe("report", () => {
  it("has a section for each finding", () => {
    const aggregate = new Aggregate()
    aggregate.add(summarise("a.js", 'import "./b.js"\nimport "acorn"\nfunction weave() {}\n'))
    aggregate.add(summarise("b.js", "let thread\n"))
    aggregate.add(summarise("c.js", "let thread\n"))
    aggregate.add(summarise("d.js", "const ="))
    assert.equal(
      report("folder", aggregate.result()).replace(/d\.js: .*/, "d.js: why"),
      `Survey of folder
  4 files, 0.1 kB, 9 lines
  1 functions, 2 imports, 2 names

Most depended-on files (imported by)
          1  b.js

Most depended-on packages (imported by)
          1  acorn

Longest functions (lines)
          1  weave  a.js:3

Most frequent names (times)
          2  thread
          1  weave

Same content: 1 files could go, 0.0 kB
     0.0 kB  2x  b.js, c.js

Not parsed as a whole: 1 files
  d.js: why`,
    )
  })

  it("says nothing of what it did not find", () => {
    assert.equal(
      report("empty", new Aggregate().result()),
      "Survey of empty\n  0 files, 0.0 kB, 0 lines\n  0 functions, 0 imports, 0 names",
    )
  })
})

describe("number and size", () => {
  it("are easy to read", () => {
    assert.equal(number(7), "7")
    assert.equal(number(1_234), "1,234")
    assert.equal(number(1_234_567), "1,234,567")
    assert.equal(size(1_500), "1.5 kB")
    assert.equal(size(37_100_000), "37.1 MB")
  })
})
