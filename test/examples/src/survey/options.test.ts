import assert from "node:assert/strict"
import { tmpdir } from "node:os"
import { resolve } from "node:path"
import { describe, it } from "node:test"
import { HELP, readOptions } from "../../../../examples/src/survey/options.ts"

describe("readOptions", () => {
  it("takes a folder, or the standard one", () => {
    assert.deepEqual(readOptions([], tmpdir()), { folder: tmpdir() })
    assert.deepEqual(readOptions(["--folder", "."], "/"), { folder: resolve(".") })
    assert.equal(readOptions(["--help"], "/"), HELP)
  })

  it("says what is wrong in one line", () => {
    for (const [args, line] of [
      [["--folder", "gone"], /^no such folder: gone$/],
      [["--folder", "package.json"], /^not a folder: package\.json$/],
      [["--weft"], /^Unknown option '--weft'/],
      [["words"], /^Unexpected argument 'words'/],
      [["--folder"], /--folder/],
    ] as const) {
      const said = readOptions(args, "/")
      assert.match(said as string, line)
      assert.equal((said as string).includes("\n"), false)
    }
  })
})
