import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { describe, it } from "node:test"
import { parse, readTree } from "../../../scripts/tidy/tree.ts"

describe("readTree", () => {
  it("reads sources and pages, nothing generated, installed or a fixture", (context) => {
    const root = mkdtempSync(join(tmpdir(), "heddle-tidy-"))
    context.after(() => rmSync(root, { recursive: true }))
    for (const path of [
      "src/a.ts",
      "docs/guide/b.md",
      "README.md",
      "test/a.test.ts",
      "test/fixtures/broken.ts",
      "examples/node_modules/c/d.ts",
      "LICENSE",
    ]) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), path.includes("broken") ? "const =" : "")
    }
    writeFileSync(join(root, "package.json"), "{}")
    symlinkSync("..", join(root, "examples", "node_modules", "heddle"))
    const tree = readTree(root)
    assert.deepEqual([...tree.sources.keys()], ["src/a.ts", "test/a.test.ts"])
    assert.deepEqual([...tree.pages.keys()], ["README.md", "docs/guide/b.md"])
    assert.ok(tree.files.has("LICENSE"))
  })
})

describe("parse", () => {
  it("knows the kind, names and line of each import", () => {
    const text = [
      'import a, { b as c } from "./x.ts"',
      'import type { T } from "./x.ts"',
      'import * as all from "node:fs"',
      'export { d as e } from "./x.ts"',
      'export * from "./x.ts"',
      'await import("./x.ts")',
      'let f: import("./x.ts").F',
      'new URL("./x.ts", import.meta.url)',
    ].join("\n")
    const { imports } = parse("src/a/b.ts", text, new Set())
    const byLine = imports.toSorted((one, other) => one.line - other.line)
    assert.deepEqual(
      byLine.map(({ line, names, target }) => [line, names.join(), target]),
      [
        [1, "default,b", "src/a/x.ts"],
        [2, "T", "src/a/x.ts"],
        [3, "*", undefined],
        [4, "d", "src/a/x.ts"],
        [5, "*", "src/a/x.ts"],
        [6, "*", "src/a/x.ts"],
        [7, "*", "src/a/x.ts"],
        [8, "*", "src/a/x.ts"],
      ],
    )
    assert.deepEqual(
      byLine.map(({ typeOnly }) => typeOnly),
      [false, true, false, false, false, false, true, false],
    )
  })

  it("names the file that cannot be parsed", () => {
    assert.throws(() => parse("src/a.ts", "const = 1", new Set()), /^SyntaxError: src\/a\.ts: /)
  })
})
