import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, describe, it } from "node:test"
import { fileURLToPath } from "node:url"

const INDEX = fileURLToPath(new URL("../../src/python/index.ts", import.meta.url))

/**
 * Says what chance gives, where a module came from, and whether it made the image. Where it is late
 * it has looked for an image, and does not go on before its input ends.
 */
const PROGRAM = `
import { interpreter, onPreparing } from ${JSON.stringify(INDEX)}
if (process.env.IS_LATE === "yes") {
  const { compile } = WebAssembly
  WebAssembly.compile = async (bytes) => {
    for await (const part of process.stdin);
    return compile(bytes)
  }
}
let made = false
onPreparing((over) => over.then(() => { made = true }))
const py = await interpreter()
await py.exec("import colorsys, random")
await py.exec("def loaded(): return colorsys.__spec__.loader.get_filename('colorsys')")
console.log(JSON.stringify([
  await py.call("random:random"),
  await py.call("colorsys:rgb_to_hsv", 1, 1, 1),
  await py.call(":loaded"),
  made,
]))
await py[Symbol.asyncDispose]()
`

const folder = mkdtempSync(join(tmpdir(), "heddle-start-"))
const file = join(folder, "program.mjs")
writeFileSync(file, PROGRAM)
after(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the program in a process of its own, late where it waits; gives what it printed. */
function run(cache: string, waits?: Promise<unknown>): Promise<string> {
  const args = ["--conditions=source", file]
  const env = { ...process.env, HEDDLE_CACHE: cache, IS_LATE: waits === undefined ? "no" : "yes" }
  const child = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "inherit"] })
  let text = ""
  void Promise.resolve(waits).finally(() => child.stdin.end())
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part
  })
  return new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code) => (code === 0 ? resolve(text) : reject(new Error(`ended ${code}`))))
  })
}

/** What a run says: chance first, then what is the same in all. */
function said(output: string): unknown[] {
  return JSON.parse(output) as unknown[]
}

describe("an interpreter's start", () => {
  const cache = join(folder, "cache")
  const only = (): string => join(cache, readdirSync(cache)[0])

  it("is made by one of three processes, and used by the next", async () => {
    const both = Promise.all([run(cache), run(cache)])
    const late = await run(cache, both)
    const first = [...(await both), late]
    assert.deepEqual(readdirSync(cache).length, 1)
    assert.deepEqual(readdirSync(only()).sort(), [
      "contents.json",
      "memory.bin",
      "pyodide.asm.wasm",
      "stdlib.zip",
    ])
    const made = statSync(join(only(), "memory.bin"))
    const second = await run(cache)
    assert.equal(statSync(join(only(), "memory.bin")).ino, made.ino)
    const expected = [[0, 0, 1], "/lib/python314.zip/colorsys.pyc", false]
    assert.deepEqual(said(second).slice(1), expected)
    // The one that looked before there was one, and came to making it when there was.
    assert.deepEqual(said(late).slice(1), expected)
    // One was told that it makes what another went without.
    assert.deepEqual(first.map((text) => said(text)[3]).sort(), [false, false, true])

    const chances = [...first, second].map((text) => said(text)[0])
    assert.equal(new Set(chances).size, chances.length)
  })

  it("needs no cache", async () => {
    const [, value, loaded, made] = said(await run(""))
    assert.deepEqual([value, loaded, made], [[0, 0, 1], "/lib/python314.zip/colorsys.py", false])
  })
})
