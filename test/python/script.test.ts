import assert from "node:assert/strict"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, it } from "node:test"
import { setImmediate } from "node:timers/promises"
import { interpreterChild, pythonActor, pythonChild } from "../../src/python/index.ts"
import { moduleScript, script } from "../../src/python/script.ts"

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

it("the script's own name and arguments are those of each of its interpreters", async () => {
  const path = join(folder, "argued.py")
  const out = join(folder, "argued.txt")
  writeFileSync(
    path,
    `
import sys
from concurrent import interpreters

def told():
    import sys
    return sys.argv, sys.orig_argv[1:]

if __name__ == "__main__":
    one = interpreters.create()
    frame = sys._getframe()
    with open(${JSON.stringify(out)}, "w") as file:
        print(told(), one.call(told), frame.f_code.co_filename, file=file)
`,
  )
  const options = { name: "argued.py", argv: ["-x", "y"], cwd: folder, mounts: [], env: {} }
  assert.equal(await script(path, options).exitCode, 0)
  const argv = "(['argued.py', '-x', 'y'], ['argued.py', '-x', 'y'])"
  assert.equal(readFileSync(out, "utf8"), `${argv} ${argv} ${path}\n`)
})

it("what is no script, class or option is refused by the value received", async () => {
  const good = { name: "job.py", argv: [], cwd: "/work", mounts: [], env: {} }
  const refused: readonly (readonly [() => unknown, string, string])[] = [
    [() => script(none, none), "TypeError", "script takes an absolute path, received undefined"],
    [
      () => script("job.py", good),
      "RangeError",
      'script takes an absolute path, received "job.py"',
    ],
    [
      () => script("/job.py", none),
      "TypeError",
      "script takes an object of options, received undefined",
    ],
    [
      () => script("/job.py", { ...good, argv: wrong }),
      "TypeError",
      "script takes an array of strings as argv, received 3",
    ],
    [
      () => moduleScript("job", { ...good, cwd: "here" }),
      "RangeError",
      'moduleScript, for cwd and mounts, takes an absolute path, received "here"',
    ],
    [
      () => moduleScript("job", { ...good, env: { A: wrong } }),
      "TypeError",
      "moduleScript: env.A is a string, received 3",
    ],
    [
      () => pythonChild(none, none, none),
      "TypeError",
      "pythonChild takes an object of options, received undefined",
    ],
    [
      () => interpreterChild(none),
      "TypeError",
      "interpreterChild takes an object of options, received undefined",
    ],
    [() => pythonActor(none), "TypeError", "an actor of Python takes a name, received undefined"],
    [
      () => pythonActor("a:b:c"),
      "RangeError",
      'an actor of Python takes "module:name", ":name" or "name", received "a:b:c"',
    ],
    [
      () => pythonActor(":A", [], { setup: wrong }),
      "TypeError",
      "setup takes source text, received 3",
    ],
    [
      () => pythonActor(":A", [], { interpreter: wrong }),
      "TypeError",
      "pythonActor takes an interpreter or the options of one as interpreter, received 3",
    ],
  ]
  for (const [call, name, message] of refused) assert.throws(call, { name, message })
})

const none = undefined as never
const wrong = 3 as never
