import assert from "node:assert/strict"
import { test } from "node:test"
import { program } from "./program.ts"

for (const what of ["nothing", "memory only", "started", "floating timer", "floating loop"]) {
  test(`a program ends by itself: ${what}`, async () => {
    const { code, stdout, stderr } = await program("ends", [what])
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" })
  })
}

test("a program ends by itself after what it awaited", async () => {
  const { code, stdout } = await program("ends", ["awaited"])
  assert.deepEqual([code, stdout], [0, "3\n"])
})

test("tasks that nobody awaits end first", async () => {
  const { code, stdout } = await program("ends", ["not awaited"])
  assert.deepEqual([code, stdout], [0, "the task ended\n"])
})

test("so do tasks that tasks have submitted", async () => {
  const { code, stdout } = await program("ends", ["grandchild"])
  assert.deepEqual([code, stdout], [0, "the grandchild ended\n"])
})

for (const end of ["written", "written, shut down"]) {
  test(`what its isolates have written comes out first: ${end}`, async () => {
    const { code, stdout } = await program("ends", [end])
    assert.deepEqual([code, stdout], [0, "first\nlast\nfirst\nlast\n"])
  })
}

test("an exit code that was set stays", async () => {
  assert.equal((await program("ends", ["exit code"])).code, 3)
})

test("a failure that nobody handles ends the program as in Node", async () => {
  const { code, stderr } = await program("ends", ["unhandled failure"])
  assert.equal(code, 1)
  assert.match(stderr, /NotSendableError: args\[0\] is a function/)
})

test("process.exit ends the program, whatever its tasks do", async () => {
  assert.equal((await program("ends", ["exit with tasks"])).code, 4)
})

test("Ctrl-C ends it, whatever its tasks do", async () => {
  const { signal, stderr } = await program("ends", ["waits for Ctrl-C"], {
    watch: (child, stdout) => {
      if (stdout.includes("ready")) child.kill("SIGINT")
    },
  })
  assert.deepEqual([signal, stderr], ["SIGINT", ""])
})

test("after shutdown only main is left", async () => {
  const { code, stdout } = await program("ends", ["shut down"])
  assert.deepEqual([code, stdout], [0, "1\n"])
})
