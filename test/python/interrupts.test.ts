import assert from "node:assert/strict"
import { it } from "node:test"
import { channel } from "../../src/channel/index.ts"
import { here } from "../../src/internal/loop/here.ts"
import { load } from "../../src/internal/platform/atomics.ts"
import { HostInterpreter } from "../../src/python/interpreter.ts"
import { PythonRuntime } from "../../src/python/runtime.ts"
import { ROW } from "../../src/python/world.ts"

/** Resolves when `ready` says so: nothing that comes to this thread is heard meanwhile. */
async function until(ready: () => boolean): Promise<void> {
  const word = new Int32Array(new SharedArrayBuffer(4))
  while (!ready()) {
    // Only microtasks go on, one of which sends the request.
    await undefined
    Atomics.wait(word, 0, 0, 1)
  }
}

it("an interrupt after all is done, and not yet heard of, ends nothing that follows", async () => {
  const runtime = new PythonRuntime({
    env: {},
    mounts: [],
    path: [],
    argv: [""],
    cwd: "/home",
    files: {},
    stdin: "none",
    memoryBytes: 64 << 20,
  })
  await using py = new HostInterpreter(runtime)
  const gate = channel<string>(1)
  await py.exec(
    `
import _heddle
reply = _heddle.reply
def reply_and_wait(*args):
    reply(*args)
    _heddle.reply = reply
    gate.receive()
def last(): _heddle.reply = reply_and_wait
`,
    { globals: { gate } },
  )
  const done = py.exec("last()")
  await until(() => load(here().words, runtime.main + ROW.REPLY) !== 0)
  py.interrupt()
  await done
  const next = py.call("len", "hello")
  await gate.send("go on")
  assert.equal(await next, 5)
})
