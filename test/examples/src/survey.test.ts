import assert from "node:assert/strict"
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, describe, it } from "node:test"
import { fileURLToPath } from "node:url"
import { heddle } from "../../cli/heddle.ts"

const SURVEY = fileURLToPath(new URL("../../../examples/src/survey.ts", import.meta.url))
const STOPPED = fileURLToPath(new URL("../../fixtures/survey-stopped.ts", import.meta.url))
const INTERRUPTED = new URL("../../fixtures/interrupted-at-once.ts", import.meta.url).href
const SOURCES = fileURLToPath(new URL("../../../scripts", import.meta.url))

describe("the survey", () => {
  const folder = mkdtempSync(join(tmpdir(), "heddle-survey-"))
  after(() => rmSync(folder, { recursive: true }))
  cpSync(SOURCES, folder, { recursive: true })

  it("agrees on all isolates and on one, and says how long each took", async () => {
    const { code, stdout, stderr } = await heddle(["run", SURVEY, "--folder", folder])
    assert.equal(code, 0, stderr)
    assert.match(stdout, /Most depended-on packages/)
    assert.match(stdout, /isolate \d+ +\d+ files +\d+ % busy/)
    assert.match(stdout, /Both results are identical\.\n\n$/)
    assert.equal(stderr, "")
  })

  it("stops on Ctrl-C and reports what it has", async () => {
    const args = ["run", SURVEY, "--folder", folder]
    const { code, stdout } = await heddle(args, undefined, ["--import", INTERRUPTED])
    assert.match(stdout, /^Surveying .*\n\n/)
    assert.match(stdout, /Interrupted: this is what \d+ files say/)
    assert.equal(code, 130)
  })

  it("passes over the paths that wait, once it is told to stop", async () => {
    const many = join(folder, "many")
    mkdirSync(many)
    for (let at = 0; at < 1_000; at++) writeFileSync(join(many, `${at}.js`), `let a${at}`)
    const { code, stdout, stderr } = await heddle(["run", STOPPED, many])
    assert.equal(code, 0, stderr)
    const { files, stopped } = JSON.parse(stdout)
    assert.equal(stopped, true)
    // What is between the parsers and the aggregate, and a path in each hand, is still counted.
    assert.ok(files >= 1 && files <= 100, `${files} files`)
  })

  it("refuses wrong input in one line", async () => {
    const { code, stderr } = await heddle(["run", SURVEY, "--folder", "gone"])
    assert.equal(code, 2)
    assert.equal(stderr, "survey: no such folder: gone\n")
  })
})
