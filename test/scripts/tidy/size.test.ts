import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { type Sizes, sizes } from "../../../scripts/tidy/size.ts"
import { printed, tree } from "./tree.ts"

const SIZES: Sizes = {
  fileLinesMax: 6,
  functionLinesMax: 3,
  columnsMax: 40,
  longFiles: {},
  longFunctions: {},
}

const FILE = "src/sync/a.ts"

function saysTo(text: string, bounds: Partial<Sizes> = {}): string[] {
  return printed(sizes(tree({ [FILE]: text }), { ...SIZES, ...bounds }))
}

const LONG_FUNCTION = "function weave() {\n  let a\n  let b\n}\n"

describe("sizes", () => {
  it("bounds the lines of a file", () => {
    assert.deepEqual(saysTo("let a\n".repeat(6)), [])
    assert.match(saysTo("let a\n".repeat(7))[0], /^src\/sync\/a\.ts:7: file-length: 7 /)
    assert.deepEqual(saysTo("let a\n".repeat(7), { longFiles: { [FILE]: "a reason" } }), [])
  })

  it("bounds the lines of a function, whatever its form", () => {
    assert.deepEqual(saysTo("function weave() {\n  let a\n}\n"), [])
    const rule = "function-length: weave has 4 lines (at most 3): take a step out of it"
    assert.deepEqual(saysTo(LONG_FUNCTION), [`${FILE}:1: ${rule}`])
    assert.deepEqual(saysTo("\nconst weave = () => {\n  a()\n  b()\n}\n"), [`${FILE}:2: ${rule}`])
    assert.deepEqual(saysTo("class A {\n  weave() {\n    a()\n    b()\n  }\n}\n"), [
      `${FILE}:2: ${rule}`,
    ])
  })

  it("takes a named function, and leaves the suites of tests alone", () => {
    assert.deepEqual(saysTo(LONG_FUNCTION, { longFunctions: { [`${FILE}#weave`]: "why" } }), [])
    assert.deepEqual(sizes(tree({ "test/sync/a.test.ts": LONG_FUNCTION }), SIZES), [])
  })

  it("bounds columns, except where a URL or a text stands", () => {
    assert.match(saysTo(`let ${"a".repeat(40)}\n`)[0], /:1: columns: 44 columns/)
    assert.deepEqual(saysTo(`// https://example.org/${"a".repeat(40)}\n`), [])
    assert.deepEqual(saysTo(`let a = "${"a".repeat(40)}"\n`), [])
    assert.deepEqual(saysTo(`let a = \`$\{b}${"a".repeat(40)}\`\n`), [])
    assert.equal(saysTo(`let a = "a" // ${"a".repeat(40)}\n`).length, 1)
  })

  it("finds exceptions whose file is gone", () => {
    const found = saysTo("let a\n", {
      longFiles: { "src/gone.ts": "a reason" },
      longFunctions: { "src/lost.ts#weave": "a reason" },
    })
    assert.match(found[0], /stale: LONG_FILES names src\/gone\.ts/)
    assert.match(found[1], /stale: LONG_FUNCTIONS names src\/lost\.ts/)
  })
})
