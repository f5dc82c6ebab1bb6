import assert from "node:assert/strict"
import type { ChildProcess } from "node:child_process"
import { describe, it } from "node:test"
import { heddle } from "./heddle.ts"

/** One line on standard error, nothing on standard output, exit code 2. */
async function refuses(args: readonly string[], line: RegExp): Promise<void> {
  const { code, stdout, stderr } = await heddle(args)
  assert.equal(code, 2, stderr)
  assert.equal(stdout, "")
  assert.match(stderr, line)
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr)
}

describe("heddle", () => {
  it("prints its version and its help", async () => {
    assert.match((await heddle(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/)
    assert.match((await heddle(["--help"])).stdout, /heddle run app\.ts/)
    assert.match((await heddle(["run", "--help"])).stdout, /--isolates N/)
  })

  it("refuses what it does not know", async () => {
    await refuses([], /no command/)
    await refuses(["weave"], /unknown command weave/)
    await refuses(["--weave"], /unknown option --weave/)
    await refuses(["argv.ts"], /did you mean heddle run argv\.ts\?/)
    await refuses(["run", "--weave", "argv.ts"], /run: unknown option --weave; try heddle run --h/)
    await refuses(["run", "--isolates"], /run: --isolates wants a value/)
    await refuses(["run", "--memory", "much", "argv.ts"], /--memory wants a size .* not "much"/)
  })
})

describe("heddle run", () => {
  it("gives the program its arguments, options included, and calls it main", async () => {
    const { code, stdout } = await heddle(["run", "argv.ts", "one", "--isolates", "--", "-x"])
    assert.equal(code, 0)
    assert.deepEqual(JSON.parse(stdout), { args: ["one", "--isolates", "--", "-x"], main: true })
  })

  it("lifts closures", async () => {
    const { code, stdout, stderr } = await heddle(["run", "closure.ts"])
    assert.equal(stdout, "15\n", stderr)
    assert.equal(code, 0)
  })

  it("runs under Node's flags, those that threads refuse included", async () => {
    const flags = [
      "--no-opt",
      "--single-threaded-gc",
      "--max-old-space-size=512",
      "--trace-uncaught",
    ]
    const { code, stdout, stderr } = await heddle(["run", "closure.ts"], undefined, flags)
    assert.equal(stdout, "15\n", stderr)
    assert.equal(code, 0)
  })

  it("hands the runtime's options over in bytes", async () => {
    const options = ["--isolates", "2", "--memory=64MiB"]
    const { stdout } = await heddle(["run", ...options, "environment.ts"])
    assert.equal(stdout, `2 ${64 * 2 ** 20}\n`)
  })

  it("runs a script without an extension", async () => {
    assert.equal((await heddle(["run", "weave"])).stdout, "15\n")
  })

  it("refuses a file that cannot be run", async () => {
    await refuses(["run"], /no file given/)
    await refuses(["run", "missing.ts"], /no such file: missing\.ts/)
    await refuses(["run", "."], /\. is a directory/)
    await refuses(["run", "view.tsx"], /view\.tsx: .*: tsx --import heddle\/register view\.tsx/)
    await refuses(["run", "notes.txt"], /notes\.txt: \.txt files cannot be run/)
    await refuses(["run", "missing.py"], /no such file: missing\.py/)
  })

  it("names the place of a syntax error, also in an imported file", async () => {
    await refuses(["run", "syntax.ts"], /^heddle: syntax\.ts:2:7: /)
    await refuses(["run", "syntax.mjs"], /^heddle: syntax\.mjs:2:16: /)
    await refuses(["run", "imports-syntax.mjs"], /^heddle: syntax\.mjs:2:16: /)
  })

  it("names the place of a captured variable that cannot cross", async () => {
    await refuses(["run", "capture.ts"], /^heddle: capture\.ts:\d+:\d+: .*count/)
  })

  it("shows a program's own failure as Node does", async () => {
    const { code, stderr } = await heddle(["run", "fails.ts"])
    assert.equal(code, 1)
    assert.match(stderr, /RangeError: the program failed\n\s+at .*fails\.ts:1:7/)
    const json = await heddle(["run", "bad-json.ts"])
    assert.equal(json.code, 1)
    assert.match(json.stderr, /SyntaxError: .*\n(.*\n)*.*bad-json\.ts:1:6/)
  })

  it("tells of a top-level await that never ends", async () => {
    const { code, stderr } = await heddle(["run", "never.ts"])
    assert.equal(code, 13)
    assert.match(stderr, /unsettled top-level await at .*never\.ts:1/)
  })

  it("ends on Ctrl-C, unless the program listens itself", async () => {
    const interrupt = (child: ChildProcess, stdout: string) => {
      if (stdout === "up\n") child.kill("SIGINT")
    }
    for (const program of ["endless.ts", "busy.ts"])
      assert.deepEqual(await heddle(["run", program], interrupt), {
        code: 130,
        stdout: "up\n",
        stderr: "",
      })
    assert.equal((await heddle(["run", "own-interrupt.ts"], interrupt)).code, 7)
  })

  it("ends supervision trees in order on Ctrl-C, and at once on the second", async () => {
    const once = (child: ChildProcess, stdout: string) => {
      if (stdout === "up\n") child.kill("SIGINT")
    }
    assert.deepEqual(await heddle(["run", "supervised.ts", "2", "1"], once), {
      code: 130,
      stdout: "up\nstop 1\nstop 2\n",
      stderr: "",
    })
    const again = (child: ChildProcess, stdout: string) => {
      if (stdout === "up\n" || stdout === "up\nstop 0\n") child.kill("SIGINT")
    }
    const { code, stdout } = await heddle(["run", "supervised.ts", "1", "0"], again)
    assert.deepEqual([code, stdout], [130, "up\nstop 0\n"])
  })
})
