import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { run } from "../../../scripts/ci/process.ts"

const BOUNDS = { cwd: ".", boundMs: 30_000 }

describe("run", () => {
  it("gives exit code and output", async () => {
    const text = 'console.log("out"); console.error("err"); process.exitCode = 4'
    const { code, output, stdout, stderr, timedOut } = await run(
      process.execPath,
      ["-e", text],
      BOUNDS,
    )
    assert.equal(code, 4)
    assert.equal(timedOut, false)
    assert.deepEqual([stdout, stderr], ["out\n", "err\n"])
    assert.deepEqual(output.trim().split("\n").sort(), ["err", "out"])
  })

  it("takes a command that cannot start as failed", async () => {
    const { code, output } = await run("./no-such-command", [], BOUNDS)
    assert.equal(code, 127)
    assert.match(output, /ENOENT/)
  })

  it("ends a process at its bound, with all that it started", async () => {
    // The grandchild holds the same pipe: were it left alive, the output would never end.
    const text = `require("node:child_process")
      .spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" })
      setInterval(() => {}, 1000)`
    const ended = await run(process.execPath, ["-e", text], { cwd: ".", boundMs: 500 })
    assert.equal(ended.timedOut, true)
    assert.equal(ended.signal, "SIGKILL")
  })

  it("waits for nothing that has left the group of a process at its bound", async () => {
    const text = `const left = require("node:child_process")
      .spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"],
        { stdio: "inherit", detached: true })
      console.log(left.pid)
      setInterval(() => {}, 1000)`
    let boundMs = 1_000
    let ended = await run(process.execPath, ["-e", text], { cwd: ".", boundMs })
    // Until the host was fast enough to have come to the grandchild.
    while (ended.stdout === "") {
      boundMs *= 2
      ended = await run(process.execPath, ["-e", text], { cwd: ".", boundMs })
    }
    const left = Number(ended.stdout)
    assert.equal(process.kill(left, 0), true, "the grandchild was waited for")
    process.kill(left, "SIGKILL")
  })
})
