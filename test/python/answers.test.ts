import assert from "node:assert/strict"
import { after, describe, it } from "node:test"
import { setImmediate } from "node:timers/promises"
import { here } from "../../src/internal/loop/here.ts"
import { interpreter } from "../../src/python/index.ts"

describe("whatever an interpreter is asked, it answers", async () => {
  const py = await interpreter({ memoryBytes: 64 << 20, stderr: () => {} })
  after(() => py.terminate())
  await py.exec(`
import signal, sys, time
from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed, InterpreterError

class Unspeakable(Exception):
    def __str__(self): raise SystemExit(3)

class Unpackable:
    def __reduce__(self): raise SystemExit(3)

class Out:
    def __init__(self, fail): self.fail, self.was = fail, sys.stdout
    def write(self, text): return len(text)
    def flush(self):
        sys.stdout = self.was
        self.fail()

def interrupted(): signal.raise_signal(signal.SIGINT)
def size(data): return len(data)
def fails(fn, *args):
    try:
        fn(*args)
    except (ExecutionFailed, InterpreterError) as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]
`)

  it("when an exception cannot be described", async () => {
    await assert.rejects(py.exec("raise Unspeakable()"), { type: "Unspeakable" })
  })

  it("when a stream fails, or is interrupted, in its last flush", async () => {
    await py.exec("sys.stdout = Out(interrupted)")
    await py.exec("sys.stdout = Out(sys.exit)")
    await assert.rejects(py.exec("sys.stdout = Out(interrupted)\n1 / 0"), {
      type: "ZeroDivisionError",
    })
    assert.equal(await py.call(":size", [1]), 1)
  })

  it("when its result cannot be packed", async () => {
    await py.exec(`
other = interpreters.create()
other.exec('''
class Unpackable:
    def __reduce__(self): raise SystemExit(3)
''')
def made():
    import sys
    return sys.modules["__main__"].Unpackable()
assert fails(other.call, made) == "ExecutionFailed: SystemExit: 3"
assert other.call(size, "abc") == 3
other.close()
`)
  })

  it("when it has no memory for what it is asked", async () => {
    await py.exec(`
other = interpreters.create()
other.exec('''
kept = []
try:
    while True: kept.append(bytes(1 << 18))
except MemoryError: pass
''')
failure = fails(other.call, size, bytes(4 << 20))
assert failure == "ExecutionFailed: MemoryError: ", failure
other.exec("kept.clear()")
assert other.call(size, bytes(4 << 20)) == 4 << 20
other.close()
`)
  })
})

it("an interpreter that leaves says so", async () => {
  const py = await interpreter()
  const reason = "it called os._exit(3)"
  await assert.rejects(py.exec("import os\nos._exit(3)"), {
    name: "InterpreterEndedError",
    message: `The interpreter has ended: ${reason}`,
  })
  assert.equal(await py.ended, reason)
})

it("an interpreter that was ended at any moment gives back its memory", async () => {
  const { arena } = here()
  const used: number[] = []
  for (let round = 0; round < 3; round++) {
    const py = await interpreter({ stderr: () => {} })
    await py.exec("import _interpchannels as channels\nfrom concurrent import interpreters")
    await py.exec(`
queue, other = interpreters.create_queue(), interpreters.create()
queue.put((queue, "x" * 100_000))
line = channels.create(1)
channels.send(line, b"x" * 100_000, blocking=False)
other.prepare_main(queue=queue)
`)
    const asked = assert.rejects(
      py.exec("other.exec('queue.put(queue); queue.put(bytes(100_000))\\nwhile True: pass')"),
    )
    const waits = assert.rejects(py.call("len", "x".repeat(100_000)))
    if (round > 0) await setImmediate()
    py.terminate()
    await Promise.all([asked, waits, py.ended])
    await py[Symbol.asyncDispose]()
    used.push(arena.statistics().usedBytes)
  }
  assert.equal(used[2], used[1], `used: ${used}`)
})
