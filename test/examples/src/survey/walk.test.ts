import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { describe, it } from "node:test"
import { walk } from "../../../../examples/src/survey/walk.ts"

describe("walk", () => {
  it("yields sources in the order of names and follows no links", (context) => {
    const root = mkdtempSync(join(tmpdir(), "heddle-walk-"))
    context.after(() => rmSync(root, { recursive: true }))
    const sources = ["B.js", "a/b.d.ts", "a/c.mts", "a/d/e.cjs", "a/f.tsx", "b.jsx", "c.mjs"]
    for (const path of [...sources, "a/readme.md", "js", "d.json", "e.tsbuildinfo"]) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), "")
    }
    symlinkSync("..", join(root, "a", "circle"))
    symlinkSync("c.mjs", join(root, "link.js"))
    assert.deepEqual([...walk(root)], sources)
  })

  it("passes over what cannot be read", () => {
    assert.deepEqual([...walk(join(tmpdir(), "heddle-is-not-here"))], [])
  })
})
