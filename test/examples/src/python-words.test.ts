import assert from "node:assert/strict"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { it } from "node:test"
import { countWords } from "../../../examples/src/python-words.ts"

it("counts the words of several files in Python", async () => {
  const folder = await mkdtemp(join(tmpdir(), "words-"))
  try {
    const texts = ["One two, two.", "Two three!", "ONE"]
    const files = texts.map((_, i) => join(folder, `${i}.txt`))
    for (const [i, file] of files.entries()) await writeFile(file, texts[i])
    const totals = await countWords(files, 2)
    const sorted = [...totals].sort(([a], [b]) => a.localeCompare(b))
    assert.deepEqual(sorted, [
      ["one", 2],
      ["three", 1],
      ["two", 3],
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})
