import assert from "node:assert/strict"
import { after, describe, it } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { interpreter } from "../../src/python/index.ts"
import {
  closeEnd,
  forgetReader,
  isOpen,
  noteReader,
  openPipe,
  readPipe,
  writePipe,
} from "../../src/python/pipe.ts"
import { endWorld, makeWorld } from "../../src/python/world.ts"

describe("an end that is closed while somebody reads", () => {
  const at = here()
  const world = makeWorld(at)
  after(() => endWorld(at, world))
  const byte = new Uint8Array([7])

  it("has the bytes that came before, and is closed when they are read", () => {
    const fd = openPipe(at, world)
    noteReader(at, world, fd, true)
    writePipe(at, world, fd + 1, byte)
    assert.equal(closeEnd(at, world, fd), true)
    assert.equal(closeEnd(at, world, fd), false)
    const into = new Uint8Array(8)
    assert.equal(readPipe(at, world, fd, into), 1)
    assert.equal(into[0], 7)
    noteReader(at, world, fd, false)
    assert.equal(readPipe(at, world, fd, into), "closed")
    assert.equal(writePipe(at, world, fd + 1, byte), "broken")
    assert.equal(closeEnd(at, world, fd + 1), true)
    assert.equal(openPipe(at, world), fd)
    for (const end of [fd, fd + 1]) closeEnd(at, world, end)
  })

  it("is closed at once where nothing came, and by main where the reader has died", () => {
    const fd = openPipe(at, world)
    noteReader(at, world, fd, true)
    closeEnd(at, world, fd)
    assert.equal(isOpen(at, world, fd), false)
    noteReader(at, world, fd, false)
    closeEnd(at, world, fd + 1)

    assert.equal(openPipe(at, world), fd)
    noteReader(at, world, fd, true)
    writePipe(at, world, fd + 1, byte)
    closeEnd(at, world, fd)
    forgetReader(at, world, at.me)
    assert.equal(isOpen(at, world, fd), false)
    assert.equal(writePipe(at, world, fd + 1, byte), "broken")
    closeEnd(at, world, fd + 1)
  })
})

it("a thread that waits in a read has what came before another thread closed the end", async () => {
  await using py = await interpreter()
  await py.exec(`
import os, threading, time
def through(read, close):
    reading, writing = os.pipe()
    file = open(reading, "rb", buffering=0, closefd=close is not os.close)
    got, gate = [], threading.Lock()
    def wait():
        gate.release()
        got.append(read(file))
    gate.acquire()
    thread = threading.Thread(target=wait)
    thread.start()
    gate.acquire()
    # It sleeps before this thread goes on: they take turns, and nothing else is to do.
    time.sleep(0.001)
    os.write(writing, b"x")
    close(reading) if close is os.close else file.close()
    thread.join()
    os.close(writing)
    return got

def into(file):
    buffer = bytearray(4)
    return bytes(buffer[:file.readinto(buffer)])

for read in lambda file: os.read(file.fileno(), 4), lambda file: file.read(4), into:
    for close in os.close, None:
        got = through(read, close)
        assert got == [b"x"], got
`)
})
