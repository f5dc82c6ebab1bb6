import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { describe, it } from "node:test"
import { Index } from "../../../../examples/src/search/index.ts"
import { HELP, readOptions } from "../../../../examples/src/search/options.ts"
import { countWords, readPage } from "../../../../examples/src/search/page.ts"
import { answers, summary } from "../../../../examples/src/search/report.ts"
import { walk } from "../../../../examples/src/search/walk.ts"

function pageOf(path: string, text: string) {
  return { path, counts: countWords(text) }
}

describe("readOptions", () => {
  it("takes a folder, numbers and words, or what is usual", () => {
    const usual = { folder: tmpdir(), kills: 12, workers: 4, words: ["memory", "leak"] }
    assert.deepEqual(readOptions([], tmpdir()), usual)
    const given = ["--folder", ".", "--kills", "0", "--workers", "2", "one", "two"]
    const read = { folder: resolve("."), kills: 0, workers: 2, words: ["one", "two"] }
    assert.deepEqual(readOptions(given, "/"), read)
    assert.equal(readOptions(["--help"], "/"), HELP)
  })

  it("says what is wrong in one line", () => {
    for (const [args, line] of [
      [["--folder", "gone"], /^no such folder: gone$/],
      [["--folder", "package.json"], /^not a folder: package\.json$/],
      [["--kills", "-1"], /argument is ambiguous|--kills takes/],
      [["--kills", "some"], /^--kills takes a number from 0 to 1000, not some$/],
      [["--workers", "0"], /^--workers takes a number from 1 to 1000, not 0$/],
      [["--weft"], /^Unknown option '--weft'/],
    ] as const)
      assert.match(readOptions(args, "/") as string, line)
  })
})

describe("the index", () => {
  it("counts words of letters and digits, in lower case", () => {
    const counts = countWords("One one, two-2: ÄRGER a ärger 42")
    assert.deepEqual(
      [...counts],
      [
        ["one", 2],
        ["two", 1],
        ["ärger", 2],
        ["42", 1],
      ],
    )
  })

  it("is the same in whatever order files come, and a file counts once", () => {
    const pages = [pageOf("a", "red blue"), pageOf("b", "blue blue"), pageOf("c", "green")]
    const [one, other] = [new Index(), new Index()]
    for (const page of pages) one.add(page)
    for (const page of [...pages].reverse()) other.add(page)
    other.add(pages[0])
    assert.equal(one.digest(), other.digest())
    assert.deepEqual([one.files, one.words], [3, 3])
    other.add(pageOf("d", "green"))
    assert.notEqual(one.digest(), other.digest())
  })

  it("finds the best first: rare words count more, and so do short files", () => {
    const index = new Index()
    index.add(pageOf("long", `zebra ${"many other words ".repeat(50)}`))
    index.add(pageOf("short", "zebra words"))
    index.add(pageOf("none", "words"))
    assert.deepEqual(
      index.find(["Zebra"]).map(({ path }) => path),
      ["short", "long"],
    )
    assert.equal(index.find(["zebra", "words"])[0]?.path, "short")
    assert.deepEqual(index.find(["unheard"]), [])
  })
})

describe("files", () => {
  it("are found in the order of their names, and read", async () => {
    const folder = mkdtempSync(join(tmpdir(), "heddle-walk-"))
    mkdirSync(join(folder, "b"))
    for (const path of ["z.md", "b/a.d.ts", "b/a.ts", "LICENSE", "code.js"])
      writeFileSync(join(folder, path), path)
    assert.deepEqual([...walk(folder)], ["LICENSE", "b/a.d.ts", "z.md"])
    assert.deepEqual(await readPage(folder, "z.md"), pageOf("z.md", "z.md"))
    rmSync(folder, { recursive: true })
  })
})

describe("the report", () => {
  it("says who fell and what was found", () => {
    const toll = { killed: 1, threw: 2, isolates: 3, restarts: 4, repeated: 5 }
    const said = summary(new Index(), toll)
    assert.match(
      said,
      /0 files.*\n.*killed 1, threw an error 2, .* isolate 3;\n.*: 4, jobs .*: 5\.$/,
    )
    assert.equal(answers(["x"], []), "Nothing is said about: x")
    assert.match(
      answers(["x"], [{ path: "a.md", score: 1 }]),
      /^1 file says .* x\n {2}1\.000 {2}a\.md$/,
    )
  })
})
