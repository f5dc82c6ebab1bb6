import assert from "node:assert/strict"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { brotliCompressSync } from "node:zlib"
import { Chromium, unpack } from "./chromium.ts"

test("what is unpacked, and may be running, is not replaced", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "heddle-unpack-"))
  t.after(() => rmSync(folder, { recursive: true }))
  const [packed, path] = [join(folder, "packed"), join(folder, "program")]
  writeFileSync(packed, brotliCompressSync("text"))
  await unpack(packed, path)
  const { ino } = statSync(path)
  await unpack(packed, path)
  assert.deepEqual([statSync(path).ino, readFileSync(path, "utf8")], [ino, "text"])
  assert.deepEqual(readdirSync(folder).sort(), ["packed", "program"])
})

test("who asks a browser that has ended is told", async (t) => {
  const chromium = await Chromium.start()
  if (chromium === undefined) return t.skip("no Chromium: not run")
  const opening = assert.rejects(chromium.open("about:blank"), /Chromium ended with SIGKILL/)
  await chromium.close()
  await opening
  await assert.rejects(chromium.open("about:blank"), /Chromium ended with SIGKILL/)
  await chromium.close()
})
