import assert from "node:assert/strict"
import { it } from "node:test"
import {
  channel,
  go,
  InterpreterEndedError,
  NoFreeIsolateError,
  PythonError,
  start,
} from "../../src/index.ts"
import { here } from "../../src/internal/loop/here.ts"
import { living, slotOf } from "../../src/internal/memory/owners.ts"
import { wantIsolates } from "../../src/isolate/roster.ts"
import { interpreter } from "../../src/python/index.ts"
import { leaveBehind, stopFromTask, useFromTask } from "./fixtures/in-a-task.ts"

await start({ isolates: 2 })

it("interpreters are used from any isolate, as from main", async () => {
  const { heardBefore, area, failure } = await go(useFromTask)
  assert.equal(heardBefore, "from a task\n")
  assert.equal(area, 42)
  assert(failure instanceof PythonError)
  assert.equal(failure.type, "ZeroDivisionError")
  assert.match(failure.traceback, /line 1, in <module>/)
  assert.match(
    String(failure.stack),
    /at <module> \(<exec>:1\)\n {4}--- thrown in Python, awaited here: ---\n.*in-a-task\.ts/,
  )
  const [interrupted, ended, reason] = await go(stopFromTask)
  assert(interrupted instanceof PythonError)
  assert.equal(interrupted.type, "KeyboardInterrupt")
  assert(ended instanceof InterpreterEndedError)
  assert.equal(reason, "it was terminated")
})

it("an interpreter ends with the isolate that asked for it", async () => {
  const running = (): number => living(here().words).filter((token) => slotOf(token) > 2).length
  const opened = channel<string>(1)
  const task = go.with({ kill: true })(leaveBehind, opened)
  await opened.receive()
  assert.equal(running(), 1)
  task.cancel()
  await assert.rejects(task, { name: "TaskCancelledError" })
  while (running() > 0) await new Promise((resolve) => setImmediate(resolve))
})

it("isolates and interpreters do not take each other's places", async () => {
  const py = await interpreter()
  await py.exec("from concurrent import interpreters\nother = interpreters.create()")
  await py.exec("other.exec('')")
  await assert.rejects(start({ isolates: 63 }), (error: unknown) => {
    assert(error instanceof NoFreeIsolateError)
    assert.equal(error.code, "ERR_HEDDLE_NO_FREE_ISOLATE")
    assert.deepEqual([error.places, error.isolates], [63, 63])
    assert(error.interpreters >= 2)
    return true
  })
  py.terminate()
  await py[Symbol.asyncDispose]()
  // All places but one are for tasks from here on, and Python takes the last.
  wantIsolates(62)
  await using last = await interpreter()
  await assert.rejects(interpreter(), { code: "ERR_HEDDLE_NO_FREE_ISOLATE", interpreters: 1 })
  await last.exec("from concurrent import interpreters\nother = interpreters.create()")
  await assert.rejects(last.exec("other.exec('')"), {
    type: "InterpreterError",
    message: /could not be started: every isolate that this process can have is taken/,
  })
})
