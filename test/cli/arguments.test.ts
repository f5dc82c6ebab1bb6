import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { readCommand } from "../../src/cli/arguments.ts"

function program(...words: string[]): unknown {
  const request = readCommand(words)
  assert.equal(request.kind, "run", JSON.stringify(request))
  return request.program
}

function mistake(...words: string[]): string {
  const request = readCommand(words)
  assert.equal(request.kind, "mistake", JSON.stringify(request))
  return request.message
}

describe("readCommand", () => {
  it("takes options before the file and leaves the rest to the program", () => {
    assert.deepEqual(program("run", "a.ts"), { file: "a.ts", args: [] })
    assert.deepEqual(program("run", "--isolates", "3", "a.ts", "--isolates", "9"), {
      file: "a.ts",
      args: ["--isolates", "9"],
      isolates: 3,
    })
    assert.deepEqual(program("run", "--memory=1GiB", "a.ts", "-h", "--", "x"), {
      file: "a.ts",
      args: ["-h", "--", "x"],
      memoryBytes: 2 ** 30,
    })
  })

  it("takes a file that looks like an option after --", () => {
    assert.deepEqual(program("run", "--", "-a.ts", "-b"), { file: "-a.ts", args: ["-b"] })
  })

  it("lets the later of two equal options win", () => {
    assert.deepEqual(program("run", "--isolates=1", "--isolates=2", "a.ts"), {
      file: "a.ts",
      args: [],
      isolates: 2,
    })
  })

  it("names a wrong count of isolates", () => {
    for (const count of ["0", "-1", "1.5", "many", "64", "1e1"]) {
      assert.match(mistake("run", `--isolates=${count}`, "a.ts"), new RegExp(`not "${count}"`))
    }
    assert.match(mistake("run", "--isolates="), /--isolates wants a value/)
    assert.match(mistake("run", "--isolates"), /--isolates wants a value/)
  })

  it("names a wrong size", () => {
    assert.match(mistake("run", "--memory=lots", "a.ts"), /wants a size like .* not "lots"/)
    assert.match(mistake("run", "--memory=1KiB", "a.ts"), /from 4MiB to 4GiB, not "1KiB"/)
    assert.match(mistake("run", "--memory=5GiB", "a.ts"), /from 4MiB to 4GiB, not "5GiB"/)
  })

  it("knows what was meant", () => {
    assert.match(mistake("app.ts"), /did you mean heddle run app\.ts\?/)
    assert.match(mistake("job.py"), /did you mean heddle run job\.py\?/)
    assert.match(mistake("run", ""), /no file given/)
    assert.match(mistake("weave"), /unknown command weave; try heddle --help/)
  })

  it("names an unknown option as it was written", () => {
    assert.match(mistake("run", "--weft", "a.ts"), /unknown option --weft/)
    assert.match(mistake("run", "-w", "a.ts"), /unknown option -w/)
    assert.match(mistake("run", "--constructor", "a.ts"), /unknown option --constructor/)
  })

  it("finds help anywhere before the file", () => {
    assert.deepEqual(readCommand(["run", "--isolates=2", "-h"]), { kind: "help", topic: "run" })
    assert.deepEqual(readCommand(["help", "run"]), { kind: "help", topic: "run" })
    assert.deepEqual(readCommand(["-h"]), { kind: "help", topic: "heddle" })
  })
})
