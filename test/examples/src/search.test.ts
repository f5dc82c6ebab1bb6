import assert from "node:assert/strict"
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, describe, it } from "node:test"
import { fileURLToPath } from "node:url"
import { heddle } from "../../cli/heddle.ts"

const SEARCH = fileURLToPath(new URL("../../../examples/src/search.ts", import.meta.url))
const DOCS = fileURLToPath(new URL("../../../docs", import.meta.url))

describe("the search", () => {
  const folder = mkdtempSync(join(tmpdir(), "heddle-search-"))
  after(() => rmSync(folder, { recursive: true }))
  cpSync(DOCS, folder, { recursive: true })
  for (let i = 0; i < 150; i++) writeFileSync(join(folder, `${i}.md`), `page ${i} of many pages`)
  writeFileSync(join(folder, "zebra.txt"), "a zebra, and another zebra")

  it("ends with the right index although workers and isolates die, and answers", async () => {
    const args = ["run", SEARCH, "--folder", folder, "--kills", "6", "zebra"]
    const { code, stdout, stderr } = await heddle(args)
    assert.equal(code, 0, stderr)
    assert.match(stdout, /killed 2, threw an error 2, ended their isolate 2;/)
    const restarts = Number(/restarts of workers: (\d+)/.exec(stdout)?.[1])
    assert.ok(restarts >= 3, stdout)
    assert.match(stdout, /A plain loop over the same files gives the identical index\./)
    assert.match(stdout, /1 file says something about: zebra\n {2}[\d.]+ {2}zebra\.txt\n\n$/)
    assert.equal(stderr, "")
  })

  it("refuses wrong input in one line", async () => {
    const { code, stderr } = await heddle(["run", SEARCH, "--folder", "gone"])
    assert.equal(code, 2)
    assert.equal(stderr, "search: no such folder: gone\n")
  })
})
