import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { ExampleError, examplesOfPage, examplesOfSource } from "../../../scripts/docs/extract.ts"

describe("examplesOfPage", () => {
  it("takes ts blocks with the line they begin at", () => {
    const page =
      "# Page\n\n```ts\nlet a = 1\nlet b = 2\n```\n\n```sh\nls\n```\n\n```ts\nlet c\n```\n"
    assert.deepEqual(examplesOfPage(page), [
      { line: 4, code: "let a = 1\nlet b = 2" },
      { line: 13, code: "let c" },
    ])
  })

  it("takes the reason of a block that is not run, and asks for one", () => {
    assert.deepEqual(examplesOfPage("```ts no-run: needs a network\nfetch(x)\n```\n"), [
      { line: 2, code: "fetch(x)", notRun: "needs a network" },
    ])
    for (const mark of ["no-run", "skip"]) {
      assert.throws(() => examplesOfPage(`\`\`\`ts ${mark}\nlet a\n\`\`\`\n`), ExampleError)
    }
  })

  it("leaves a block inside a longer fence alone", () => {
    assert.deepEqual(examplesOfPage("````md\n```ts\nlet a\n```\n````\n"), [])
  })
})

describe("examplesOfSource", () => {
  it("takes what follows @example in doc comments", () => {
    const source = [
      "/** A file. */",
      "",
      "/**",
      " * Weaves.",
      " *",
      " * @example",
      " * const cloth = weave()",
      " * cloth.size // 1",
      " *",
      " * @throws never",
      " */",
      "export function weave() {}",
      "/* @example not a doc comment */",
      'const text = "@example neither"',
    ].join("\n")
    assert.deepEqual(examplesOfSource("a.ts", source), [
      { line: 7, code: "const cloth = weave()\ncloth.size // 1" },
    ])
  })

  it("takes fenced blocks only, when there are any", () => {
    const source = "/**\n * @example\n * Like this:\n * ```ts\n * weave()\n * ```\n */\nexport {}\n"
    assert.deepEqual(examplesOfSource("a.ts", source), [{ line: 5, code: "weave()" }])
  })
})
