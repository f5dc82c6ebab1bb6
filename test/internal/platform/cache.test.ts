import assert from "node:assert/strict"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, describe, it } from "node:test"
import { beginCache, endCache, readCache } from "../../../src/internal/platform/cache.ts"

describe("the cache on disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "heddle-cache-"))
  const place = join(folder, "thing-1")
  const files = { "a.bin": new Uint8Array([1, 2, 3]), "empty.bin": new Uint8Array() }
  after(() => rmSync(folder, { recursive: true, force: true }))

  it("gives back what one process has made, in shared memory", async () => {
    assert.equal(await readCache(place), undefined)
    assert.equal(await beginCache(place), true)
    assert.equal(await beginCache(place), false)
    await endCache(place, files)
    const found = await readCache(place)
    assert.deepEqual([...(found?.["a.bin"] ?? [])], [1, 2, 3])
    assert(found?.["a.bin"].buffer instanceof SharedArrayBuffer)
    assert.deepEqual(readdirSync(folder), ["thing-1"])
  })

  it("does not give what was changed, cut or lost since, and lets it be made anew", async () => {
    const file = join(place, "a.bin")
    for (const spoil of [
      () => writeFileSync(file, new Uint8Array([1, 2, 4])),
      () => writeFileSync(file, new Uint8Array([1, 2])),
      () => rmSync(file),
    ]) {
      spoil()
      assert.equal(await readCache(place), undefined)
      assert.equal(await beginCache(place), true)
      await endCache(place, files)
      assert.deepEqual([...readFileSync(file)], [1, 2, 3])
    }
  })

  it("takes back a claim with nothing made, and one where nothing can be kept", async () => {
    const other = join(folder, "other-1")
    assert.equal(await beginCache(other), true)
    await endCache(other, undefined)
    assert.equal(await beginCache(other), true)
    await endCache(other, undefined)
    assert.equal(await beginCache(join(file(folder), "below")), false)
    assert.equal(await readCache(other), undefined)
  })

  it("keeps the newest few of one kind", async () => {
    for (let i = 2; i < 8; i++) {
      const next = join(folder, `thing-${i}`)
      await beginCache(next)
      await endCache(next, files)
    }
    const kept = readdirSync(folder).filter((name) => name.startsWith("thing-"))
    assert.equal(kept.length, 4)
    assert(kept.includes("thing-7"))
  })
})

/** A file, below which there can be no folder. */
function file(folder: string): string {
  const path = join(folder, "plain")
  writeFileSync(path, "")
  return path
}
