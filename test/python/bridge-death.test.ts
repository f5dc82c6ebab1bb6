import assert from "node:assert/strict"
import { it } from "node:test"
import { channel } from "../../src/channel/index.ts"
import { move } from "../../src/internal/wire/move.ts"
import { interpreter } from "../../src/python/index.ts"

/** Resolves when `ready` says so; other things happen meanwhile. */
async function until(ready: () => boolean): Promise<void> {
  while (!ready()) await new Promise((resolve) => setImmediate(resolve))
}

it("an interpreter that dies gives back what it had, and takes nothing along", async () => {
  const py = await interpreter()
  const kept = channel<number>({ capacity: 4, whenReceiverDies: "redeliver" })
  const ended = channel<number>(4)
  const awaited = channel<number>(4)
  await py.exec("held = kept.receive", { globals: { kept } })
  await kept.send(1)
  await py.exec("held()\nending.send(7)", { globals: { ending: move(ended.sender) } })
  const waits = py.exec("awaited.receive()", { globals: { awaited } })
  const failed = assert.rejects(waits, { name: "InterpreterEndedError" })
  await until(() => awaited.statistics().waitingReceivers === 1)
  py.terminate()
  await failed
  await py.ended
  // What it had received and not acknowledged goes to another.
  assert.equal(await kept.receive(), 1)
  // Its sending end was the last.
  assert.equal(await ended.receive(), 7)
  await assert.rejects(ended.receive(), { name: "ChannelClosedError" })
  // Nobody is woken in its place.
  await awaited.send(5)
  assert.equal(await awaited.receive(), 5)
  assert.equal(awaited.statistics().waitingReceivers, 0)
})

it("memory used up is an exception; the interpreter goes on", async () => {
  await using py = await interpreter({ memoryBytes: 64 << 20 })
  const bytes = channel<Uint8Array>(1)
  await bytes.send(new Uint8Array(100 << 20))
  await assert.rejects(py.exec("bytes_in = ch.receive()", { globals: { ch: bytes } }), {
    type: "MemoryError",
  })
  await bytes.send(new Uint8Array(8))
  await py.exec("bytes_in = ch.receive()")
  await py.exec("assert bytes_in == bytes(8)")
})
