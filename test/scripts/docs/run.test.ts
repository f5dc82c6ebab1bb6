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
      `${fence}ts`,
      "channel(1)",
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
        "docs/guide/page.md:13 ended with exit code 1",
      ],
    )
    assert.match(failures[0]?.detail, /line-7\.ts/)
  })
})

describe("compare", () => {
  it("compares line by line, blind to spaces at the ends", () => {
    const ready = { code: "", prints: ["one", "two"] }
    const compared = (stdout: string, stderr = "") => compare("a", ready, { stdout, stderr })
    assert.equal(compared("one \ntwo\n"), undefined)
    assert.match(compared("one\n")?.detail as string, /promised:\none\ntwo\nprinted:\none/)
    assert.notEqual(compared("one\ntwo\nthree\n"), undefined)
    const silent = { code: "", prints: undefined }
    assert.equal(compare("a", silent, { stdout: "anything", stderr: "any" }), undefined)
  })

  it("expects nothing on the other stream, whichever of the two comes first", () => {
    const ready = { code: "", prints: ["one"] }
    const failure = compare("a", ready, { stdout: "one\n", stderr: "a warning\n" })
    assert.deepEqual(failure, { title: "a prints to standard error", detail: "a warning\n" })
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
