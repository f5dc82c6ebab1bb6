import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { formatSize, parseSize } from "../../src/cli/size.ts"

describe("parseSize", () => {
  it("reads binary and decimal units, in any case", () => {
    const cases: [string, number][] = [
      ["65536", 65_536],
      ["1b", 1],
      ["2GiB", 2 ** 31],
      ["512mib", 2 ** 29],
      ["1.5 KiB", 1_536],
      ["3kB", 3_000],
      ["2MB", 2_000_000],
      ["1GB", 1_000_000_000],
    ]
    for (const [text, bytes] of cases) assert.equal(parseSize(text), bytes, text)
  })

  it("refuses everything else", () => {
    for (const text of ["", "GiB", "-1", "1TiB", "1 2", "0x10", "1e9", "1GiBs"]) {
      assert.equal(parseSize(text), undefined, text)
    }
  })
})

describe("formatSize", () => {
  it("uses the largest unit that keeps the number whole", () => {
    assert.equal(formatSize(2 ** 30), "1GiB")
    assert.equal(formatSize(1_536 * 2 ** 20), "1536MiB")
    assert.equal(formatSize(4_096), "4KiB")
    assert.equal(formatSize(1_000), "1000 bytes")
  })
})
