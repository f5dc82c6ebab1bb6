import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, it } from "node:test"
import { fileURLToPath } from "node:url"
import { compare, documents, runDocument } from "../../../scripts/docs/run.ts"

const ROOT = fileURLToPath(new URL("../../..", import.meta.url))

describe("runDocument", () => {
  it("runs what a page shows and says where it does something else", async (context) => {
    const root = mkdtempSync(join(tmpdir(), "heddle-docs-"))
    context.after(() => rmSync(root, { recursive: true }))
    for (const name of ["src", "node_modules", "package.json"])
      symlinkSync(join(ROOT, name), join(root, name))
    mkdirSync(join(root, "docs", "guide"), { recursive: true })
    const fence = "```"
    const page = [
      `${fence}ts`,
      'import { go } from "heddle"',
      "",
      "console.log(await go((a: number) => a + 1, 1)) // prints: 2",
      fence,
      `${fence}ts`,
      "const one = 1 // => 2",
      fence,
      `${fence}ts`,
      'console.log("this") // prints: that',
      fence,
      `${fence}ts no-run: it is only shown`,
      "nonsense(",
      fence,
    ].join("\n")
    writeFileSync(join(root, "docs", "guide", "page.md"), page)
    const { passed, skipped, failures } = await runDocument(root, "docs/guide/page.md")
    assert.equal(passed, 1)
    assert.equal(skipped, 1)
    assert.deepEqual(
      failures.map(({ title }) => title),
      [
        "docs/guide/page.md:7 ended with exit code 1",
        "docs/guide/page.md:10 prints something else",
      ],
    )
    assert.match(failures[0]?.detail as string, /line-7\.ts/)
  })
})

describe("compare", () => {
  it("compares line by line, blind to spaces at the ends", () => {
    const ready = { code: "", prints: ["one", "two"] }
    assert.equal(compare("a", ready, "one \ntwo\n"), undefined)
    assert.match(
      compare("a", ready, "one\n")?.detail as string,
      /promised:\none\ntwo\nprinted:\none/,
    )
    assert.notEqual(compare("a", ready, "one\ntwo\nthree\n"), undefined)
    assert.equal(compare("a", { code: "", prints: undefined }, "anything"), undefined)
  })
})

describe("documents", () => {
  it("finds the guide and the examples of the public rooms", () => {
    const found = documents(ROOT, [])
    assert.ok(found.includes("README.md"))
    assert.ok(found.includes("src/isolate/runtime.ts"))
    assert.equal(
      found.some((path) => path.startsWith("src/internal/")),
      false,
    )
    assert.deepEqual(documents(ROOT, ["README"]), ["README.md"])
  })
})
