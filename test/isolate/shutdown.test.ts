import assert from "node:assert/strict"
import { test } from "node:test"
import { program } from "./program.ts"

async function lines(what: string): Promise<string[]> {
  const { code, stdout, stderr } = await program("shuts-down", [what])
  assert.equal(code, 0, stdout + stderr)
  return stdout.trim().split("\n")
}

test("shutdown waits for what runs, and refuses what comes after", async () => {
  assert.deepEqual(await lines("waits"), [
    "the task ended",
    "down, isolates: 1",
    "RuntimeStoppedError ERR_HEDDLE_RUNTIME_STOPPED",
    "again: fine",
  ])
})

test("what does not end in time is ended, and named", async () => {
  assert.deepEqual(await lines("too late"), [
    "ShutdownTimeoutError ERR_HEDDLE_SHUTDOWN_TIMEOUT 20 endless",
    "the task: RuntimeStoppedError",
    "isolates: 1",
  ])
})

test("what had not begun when the time was over is over too, and the program ends", async () => {
  assert.deepEqual(await lines("waiting"), [
    "ShutdownTimeoutError",
    "rejected",
    "rejected",
    "rejected",
    "quiet",
  ])
})

test("who waits for the isolates while they start is told, and the program ends", async () => {
  assert.deepEqual(await lines("starting"), [
    "RuntimeStoppedError start was waiting after shutdown()",
    "quiet",
  ])
})

test("a program that never used anything shuts down; nothing starts afterwards", async () => {
  assert.deepEqual(await lines("unused"), [
    "down",
    "RuntimeStoppedError ERR_HEDDLE_RUNTIME_STOPPED",
  ])
})

test("bad options, and the wrong isolate", async () => {
  assert.deepEqual(await lines("refused"), [
    "RangeError graceMs must be a number from 0, received -1",
    "RangeError graceMs must be a number from 0, received NaN",
    "TypeError shutdown has no option grace; it knows graceMs",
    "Error shutdown belongs to the main isolate: this code runs in another one",
    "Error start belongs to the main isolate: this code runs in another one",
    "still here: 3",
  ])
})
