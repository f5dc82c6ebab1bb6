import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, it } from "node:test"
import { setImmediate } from "node:timers/promises"
import { script } from "../../src/python/script.ts"

const folder = mkdtempSync(join(tmpdir(), "heddle-"))
after(() => rmSync(folder, { recursive: true }))

for (const turns of [0, 1, 20])
  it(`a script interrupted before it has begun does not begin: ${turns} turns`, async () => {
    const path = join(folder, "endless.py")
    writeFileSync(path, "while True: pass")
    const options = { name: path, argv: [], cwd: folder, mounts: [], env: {} }
    const { exitCode, interrupt } = script(path, options)
    for (let turn = 0; turn < turns; turn++) await setImmediate()
    interrupt()
    assert.equal(await exitCode, 130)
  })
