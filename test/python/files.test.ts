/** Files given as text: each interpreter has them, and imports modules among them. */
import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { go } from "../../src/index.ts"
import { type InterpreterOptions, interpreter } from "../../src/python/index.ts"
import { say } from "./fixtures/with-files.ts"

const JOBS = `
from concurrent.futures import InterpreterPoolExecutor
from words.greeting import greet

def pool():
    with InterpreterPoolExecutor(max_workers=2) as executor:
        return list(executor.map(greet, ["a", "b", "c"]))
`

const GREETING = `
def greet(name):
    with open("data.bin", "rb") as file:
        return f"hello {name} {list(file.read())}"
`

const FILES = {
  "jobs.py": JOBS,
  "words/greeting.py": GREETING,
  "data.bin": new Uint8Array([0, 255]),
}

describe("files", () => {
  it("are there in each interpreter of a pool", async () => {
    await using py = await interpreter({ files: FILES })
    const greetings = ["a", "b", "c"].map((name) => `hello ${name} [0, 255]`)
    assert.deepEqual(await py.call("jobs:pool"), greetings)
  })

  it("are there in an interpreter that another isolate asks for", async () => {
    assert.equal(await go(say, "'grüße'"), "grüße")
  })

  it("are refused when they are none, or lie elsewhere", async () => {
    for (const [files, problem] of [
      ["jobs.py", /files must be an object of contents by path, received "jobs\.py"/],
      [{ "../jobs.py": "" }, /"\.\.\/jobs\.py" is no relative path/],
      [{ "/jobs.py": "" }, /"\/jobs\.py" is no relative path/],
      [{ "jobs.py": 1 }, /jobs\.py must be a string or a Uint8Array, received 1/],
    ] as const) {
      const options = { files } as unknown as InterpreterOptions
      await assert.rejects(interpreter(options), { name: "TypeError", message: problem })
    }
  })
})
