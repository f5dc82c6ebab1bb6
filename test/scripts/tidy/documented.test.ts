import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { documented, doors } from "../../../scripts/tidy/documented.ts"
import { printed, tree } from "./tree.ts"

const HEAD = "/** A file. */\n\n"

function undocumented(text: string): string[] {
  const texts = { "src/sync/a.ts": text }
  return printed(documented(tree(texts), "src/explore/platform"))
}

describe("documented", () => {
  it("asks for a comment on every exported symbol", () => {
    for (const [text, name] of [
      ["export const weft = 1\n", "weft"],
      ["export function weft() {}\n", "weft"],
      ["export class Weft {}\n", "Weft"],
      ["export type Weft = 1\n", "Weft"],
      ["/** Something else. */\nlet other = 1\n\nexport interface Weft {}\n", "Weft"],
      ["/* not a doc comment */\nexport const weft = 1\n", "weft"],
      ["const weft = 1\n\nexport { weft }\n", "weft"],
    ] as const) {
      const found = undocumented(HEAD + text)
      assert.equal(found.length, 1, text)
      assert.match(found[0], new RegExp(`documented: ${name} is exported without`))
    }
  })

  it("accepts one comment for lines that stand together, for overloads and for a list", () => {
    for (const text of [
      "/** Told. */\nexport const weft = 1\n",
      "/** States. */\nexport const A = 1\nexport const B = 2 // the second\nexport const C = 3\n",
      "/** Told. */\nexport function f(a: 1): 1\nexport function f(a: 2): 2\nexport function f() {}\n",
      "/** Told. */\n// For the reader of the code.\nexport const weft = 1\n",
      "/** Told. */\nconst weft = 1\n\nexport { weft }\n",
      'export { weft } from "./b.ts"\n',
    ]) {
      assert.deepEqual(undocumented(HEAD + text), [], text)
    }
  })

  it("asks for the first line of a file", () => {
    const found = undocumented("import './b.ts'\n/** Told. */\nexport const weft = 1\n")
    assert.match(found[0], /a\.ts:1: documented: the first line says what the file is/)
  })

  it("leaves twins to the documentation of their originals", () => {
    const texts = { "src/explore/platform/clock.ts": "export const now = 1\n" }
    assert.deepEqual(documented(tree(texts), "src/explore/platform"), [])
  })
})

describe("doors", () => {
  const says = (text: string) => printed(doors(tree({ "src/sync/index.ts": text })))

  it("lets a door pass names on", () => {
    assert.deepEqual(says('/** Sync. */\nexport { a } from "./a.ts"\nimport "./b.ts"\n'), [])
  })

  it("refuses code of its own, too many lines, and silence", () => {
    assert.match(says("/** Sync. */\nexport const a = 1\n")[0], /:2: door: a door only/)
    assert.match(says('/** Sync. */\nimport { a } from "./a.ts"\n')[0], /:2: door/)
    const many = '/** Sync. */\nexport { a } from "./a.ts"\n'.concat(
      'export { a } from "./a.ts"\n'.repeat(20),
    )
    assert.match(says(many)[0], /:1: door: 21 lines/)
    assert.match(says('export { a } from "./a.ts"\n')[0], /begins with one sentence/)
  })
})
