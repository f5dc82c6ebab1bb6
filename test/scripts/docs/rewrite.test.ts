import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { runnable } from "../../../scripts/docs/rewrite.ts"

const NAMES = new Map([
  ["go", "heddle"],
  ["channel", "heddle"],
  ["special", "heddle/task"],
])

/** The example as it is run, without the lines that are added at its end. */
function body(code: string): string {
  return runnable(code, NAMES).code.split("\n").slice(0, code.split("\n").length).join("\n")
}

describe("runnable", () => {
  it("turns a value comment into an assertion on the same line", () => {
    assert.equal(
      body("await f(1) // => [1, 2]"),
      ";heddleDocsEqual((await f(1)), ([1, 2])) // => [1, 2]",
    )
    assert.equal(
      body("const a = f() // => g(2)"),
      "const a = f(); heddleDocsEqual(a, (g(2))); // => g(2)",
    )
    assert.equal(body("f(\n  1,\n); // => 2"), ";heddleDocsEqual((f(\n  1,\n)), (2)); // => 2")
  })

  it("takes a comment that is only a literal for a value", () => {
    for (const value of ["1", "-1", '"text"', "true", "null", "[1, [2]]", '{ state: "ok" }']) {
      assert.match(body(`f() // ${value}`), /heddleDocsEqual/, value)
    }
    for (const remark of ["a remark", "one", "f()", "", "{}", "[a]"]) {
      assert.equal(body(`f() // ${remark}`), `f() // ${remark}`)
    }
  })

  it("finds statements inside blocks and functions", () => {
    assert.match(body("if (a) {\n  f() // 1\n}"), /\n {2};heddleDocsEqual\(\(f\(\)\), \(1\)\)/)
    assert.match(body("go(() => {\n  f() // 1\n})"), /;heddleDocsEqual\(\(f\(\)\), \(1\)\)/)
  })

  it("leaves comments alone that follow no statement", () => {
    assert.equal(body("// 1\nf()\n// => 2"), "// 1\nf()\n// => 2")
    assert.equal(body("if (a) {} // 1"), "if (a) {} // 1")
  })

  it("gathers what must be printed", () => {
    const code = "console.log(1) // prints: 1\n// prints: two words \n"
    assert.deepEqual(runnable(code, NAMES).prints, ["1", "two words"])
    assert.equal(runnable("f()", NAMES).prints, undefined)
  })

  it("imports the package's names, unless the example imports or declares itself", () => {
    const { code } = runnable("go(special, other)", NAMES)
    assert.match(code, /import \{ go \} from "heddle"/)
    assert.match(code, /import \{ special \} from "heddle\/task"/)
    assert.equal(
      runnable('import { go } from "heddle"\nchannel()', NAMES).code.includes("{ channel }"),
      false,
    )
    assert.equal(runnable("const go = 1\ngo", NAMES).code.includes("import"), false)
    assert.equal(runnable("a.go()", NAMES).code.includes("import"), false)
  })
})
