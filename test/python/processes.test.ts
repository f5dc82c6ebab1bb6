import assert from "node:assert/strict"
import { after, describe, it } from "node:test"
import { interpreter } from "../../src/python/index.ts"

describe("sys.executable", async () => {
  const py = await interpreter()
  after(() => py.terminate())
  await py.exec(`
import os, subprocess, sys

def start(*args, **options):
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, **options)
    return [done.returncode, done.stdout, done.stderr]
`)
  const start = (...args: unknown[]) => py.call(":start", ...args)

  it("is another Python, with arguments, streams and an exit code of its own", async () => {
    const program = `
import sys
print(sys.argv, __name__, input())
print("said", file=sys.stderr)
sys.exit(3)
`
    await py.exec(
      `
code, out, err = start("-I", "-c", program, "a", input="line\\n")
assert (code, out, err) == (3, "['-c', 'a'] __main__ line\\n", "said\\n"), (code, out, err)
`,
      { globals: { program } },
    )
  })

  it("ends with a traceback, or as it is told", async () => {
    const [code, out, error] = (await start("-c", "1/0")) as [number, string, string]
    assert.deepEqual([code, out], [1, ""])
    assert.match(error, /^Traceback .*\n.*line 1, in <module>\nZeroDivisionError/)
    assert.deepEqual(await start("-c", "import os; os._exit(9)"), [9, "", ""])
  })

  it("is interrupted and killed", async () => {
    await py.exec(`
loop = "print('begun', flush=True)\\nwhile True: pass"
one = subprocess.Popen([sys.executable, "-c", loop], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
assert one.stdout.readline() == b"begun\\n"
one.send_signal(2)
assert b"KeyboardInterrupt" in one.communicate()[1] and one.returncode == 130, one.returncode
two = subprocess.Popen([sys.executable, "-c", loop], stdout=subprocess.PIPE)
two.kill()
two.communicate()
assert two.returncode == -9, two.returncode
`)
  })

  it("is the only program there is", async () => {
    await assert.rejects(py.exec("subprocess.run(['ls'])"), {
      type: "OSError",
      message: /ls: only sys\.executable can be started/,
    })
  })
})
