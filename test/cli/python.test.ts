import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, describe, it } from "node:test"
import { FIXTURES, heddle, type Run, started } from "./heddle.ts"

const FOLDER = join(FIXTURES, "python")
/** Runs `heddle run` in the folder of Python's fixtures, with standard input and two settings. */
function python(args: readonly string[], input: string): Promise<Run> {
  const env = { ...process.env, TZ: "Asia/Tokyo", JOB: "set" }
  return started(["run", ...args], { cwd: FOLDER, env }, input)
}

describe("heddle run of Python", { concurrency: true }, () => {
  const outside = mkdtempSync(join(tmpdir(), "heddle-python-"))
  after(() => rmSync(outside, { recursive: true, force: true }))

  it("runs a script as python does: arguments, streams, files, modules, a traceback", async () => {
    const written = join(FOLDER, "written.txt")
    try {
      const { code, stdout, stderr } = await python(["job.py", "written.txt", "-x"], "Ann\nrest\n")
      assert.deepEqual(stdout.split("\n"), [
        "argv ['job.py', 'written.txt', '-x']",
        "name? read Ann 'rest\\n'",
        "where python False __main__",
        "zone 9 set",
        "sub from beside",
        "",
      ])
      assert.deepEqual(stderr.split("\n"), [
        "to stderr",
        "Traceback (most recent call last):",
        `  File "${join(FOLDER, "job.py")}", line 24, in <module>`,
        "    fail()",
        "    ~~~~^^",
        `  File "${join(FOLDER, "job.py")}", line 21, in fail`,
        '    raise LookupError("wanted")',
        "LookupError: wanted",
        "",
      ])
      assert.equal(code, 1)
      assert.equal(readFileSync(written, "utf8"), "from beside")
    } finally {
      rmSync(written, { force: true })
    }
  })

  it("runs a package, sees a folder it was given, ends with what os._exit was told", async () => {
    const file = join(outside, "data.txt")
    writeFileSync(file, "mounted")
    const { code, stdout, stderr } = await python(["--mount", outside, "-m", "tool", file], "")
    assert.equal(stderr, "")
    assert.equal(stdout, `__main__.py ['${file}'] __main__ tool\nmounted\n`)
    assert.equal(code, 7)
  })

  it("raises KeyboardInterrupt at Ctrl-C, and ends at the second", async () => {
    let asked = ""
    const { code, stdout, stderr } = await heddle(["run", "python/patient.py"], (child, text) => {
      const last = text.trim().split("\n").at(-1) as string
      if (last === asked) return
      asked = last
      child.kill("SIGINT")
    })
    assert.equal(stdout, "waiting\ninterrupted\n")
    assert.equal(stderr, "")
    assert.equal(code, 130)
  })

  it("hears Ctrl-C while it waits for input, and reads on", async () => {
    const { code, stdout, stderr } = await heddle(["run", "python/asks.py"], (child, text) => {
      if (text === "name? ") child.kill("SIGINT")
      if (!text.endsWith("interrupted\nagain? ")) return
      child.stdin?.write("you\n")
      child.stdin?.end("x".repeat(200_000))
    })
    assert.equal(stderr, "")
    assert.equal(stdout, "name? interrupted\nagain? hello you\n200000\n")
    assert.equal(code, 0)
  })

  it("says in a line what it cannot run", async () => {
    const refused = [
      [["run", "--mount", "nowhere", "job.py"], "run: --mount: no such folder: nowhere"],
      [["run", "--mount", "/lib", "python/job.py"], "/lib cannot be seen from Python"],
      [["run", "--mount", ".", "argv.ts"], "--mount is for Python programs"],
      [["run", "-m"], "run: -m wants a value"],
    ] as const
    for (const [args, message] of refused) {
      const { code, stderr } = await heddle(args)
      assert.equal(code, 2)
      assert(stderr.includes(`heddle: ${message}`), stderr)
    }
  })
})
