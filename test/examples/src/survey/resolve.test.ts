import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { packageOf, resolveFile } from "../../../../examples/src/survey/resolve.ts"

describe("resolveFile", () => {
  const files = new Set(["a/b.js", "a/b.d.ts", "a/c/index.js", "a/c.ts", "d.mjs"])

  it("tries the path, its endings, its index", () => {
    assert.equal(resolveFile("a/x.js", "./b.js", files), "a/b.js")
    assert.equal(resolveFile("a/x.js", "./b", files), "a/b.js")
    assert.equal(resolveFile("a/x.js", "./c", files), "a/c.ts")
    assert.equal(resolveFile("a/c.ts", "./c/index.js", files), "a/c/index.js")
    assert.equal(resolveFile("a/c/index.js", "../../d", files), "d.mjs")
    assert.equal(resolveFile("a/x.js", "./gone", files), undefined)
  })

  it("prefers declarations to declarations", () => {
    assert.equal(resolveFile("a/x.d.ts", "./b.js", files), "a/b.d.ts")
    assert.equal(resolveFile("a/x.d.ts", "./c", files), "a/c.ts")
  })
})

describe("packageOf", () => {
  it("takes the name and leaves the path", () => {
    assert.equal(packageOf("acorn"), "acorn")
    assert.equal(packageOf("acorn/dist/acorn.js"), "acorn")
    assert.equal(packageOf("@scope/name/deep/path"), "@scope/name")
    assert.equal(packageOf("fs"), "node:fs")
    assert.equal(packageOf("node:fs/promises"), "node:fs")
  })

  it("knows what is no package", () => {
    for (const specifier of ["./a.js", "../a.js", "/a.js", "#inside", "data:text/plain,"]) {
      assert.equal(packageOf(specifier), undefined, specifier)
    }
  })
})
