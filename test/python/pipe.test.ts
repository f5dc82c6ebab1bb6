import assert from "node:assert/strict"
import { after, describe, it } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { interpreter } from "../../src/python/index.ts"
import {
  closeEnd,
  forgetUser,
  isOpen,
  noteUser,
  openPipe,
  readPipe,
  writePipe,
} from "../../src/python/pipe.ts"
import { endWorld, makeWorld } from "../../src/python/world.ts"

describe("an end that is closed while somebody uses it", () => {
  const at = here()
  const world = makeWorld(at)
  after(() => endWorld(at, world))
  const byte = new Uint8Array([7])

  it("has the bytes that came before, and is closed when they are read", () => {
    const fd = openPipe(at, world)
    noteUser(at, world, fd, true)
    writePipe(at, world, fd + 1, byte)
    assert.equal(closeEnd(at, world, fd), true)
    assert.equal(closeEnd(at, world, fd), false)
    const into = new Uint8Array(8)
    assert.equal(readPipe(at, world, fd, into), 1)
    assert.equal(into[0], 7)
    noteUser(at, world, fd, false)
    assert.equal(readPipe(at, world, fd, into), "closed")
    assert.equal(writePipe(at, world, fd + 1, byte), "broken")
    assert.equal(closeEnd(at, world, fd + 1), true)
    assert.equal(openPipe(at, world), fd)
    for (const end of [fd, fd + 1]) closeEnd(at, world, end)
  })

  it("is open for nobody else, and closed when its user is done, or has died", () => {
    const into = new Uint8Array(8)
    const ends = [
      (fd: number) => noteUser(at, world, fd, false),
      () => forgetUser(at, world, at.me),
    ]
    for (const end of ends) {
      const fd = openPipe(at, world)
      noteUser(at, world, fd, true)
      closeEnd(at, world, fd)
      assert.equal(isOpen(at, world, fd), false)
      assert.equal(writePipe(at, world, fd + 1, byte), 1)
      end(fd)
      assert.equal(writePipe(at, world, fd + 1, byte), "broken")
      closeEnd(at, world, fd + 1)

      assert.equal(openPipe(at, world), fd)
      noteUser(at, world, fd + 1, true)
      closeEnd(at, world, fd + 1)
      assert.equal(isOpen(at, world, fd + 1), false)
      assert.equal(readPipe(at, world, fd, into), "wait")
      assert.equal(writePipe(at, world, fd + 1, byte), 1)
      assert.equal(readPipe(at, world, fd, into), 1)
      end(fd + 1)
      assert.equal(readPipe(at, world, fd, into), 0)
      closeEnd(at, world, fd)
    }
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

it("a thread that waits in a write writes all, or what was read, though it closes", async () => {
  await using py = await interpreter()
  await py.exec(`
import os, threading, time
SIZE = 300_000

def waiting(work):
    """Begins work in a thread that waits when this returns."""
    gate = threading.Lock()
    def run():
        gate.release()
        work()
    gate.acquire()
    thread = threading.Thread(target=run)
    thread.start()
    gate.acquire()
    time.sleep(0.001)
    return thread

def through(write, close):
    reading, writing = os.pipe()
    file = open(writing, "wb", buffering=0, closefd=close is not os.close)
    got = []
    thread = waiting(lambda: got.append(write(file)))
    os.close(writing) if close is os.close else file.close()
    try:
        os.write(writing, b"x")
        assert False, "it is open"
    except OSError:
        pass
    count = 0
    while data := os.read(reading, 65536):
        count += len(data)
    thread.join()
    os.close(reading)
    return got, count

data = bytes(SIZE)
for write in lambda file: os.write(file.fileno(), data), lambda file: file.write(data):
    for close in os.close, None:
        assert through(write, close) == ([SIZE], SIZE)

reading, writing = os.pipe()
got = []
thread = waiting(lambda: got.append(os.write(writing, bytes(SIZE))))
os.close(reading)
thread.join()
assert got == [65536], got
try:
    os.write(writing, b"x")
    assert False, "somebody reads"
except BrokenPipeError:
    pass
os.close(writing)

# Nothing has come when the end is closed: it is waited for all the same.
reading, writing = os.pipe()
got = []
thread = waiting(lambda: got.append(os.read(reading, 4)))
os.close(reading)
os.write(writing, b"late")
thread.join()
assert got == [b"late"], got
try:
    os.write(writing, b"x")
    assert False, "somebody reads"
except BrokenPipeError:
    pass
`)
})

it("a timeout that is no number is refused", async () => {
  await using py = await interpreter()
  await py.exec(`
import os, select
reading, writing = os.pipe()
poll = select.poll()
poll.register(reading, select.POLLIN)
for wait in lambda: select.select([reading], [], [], float("nan")), lambda: poll.poll(float("nan")):
    try:
        wait()
        assert False, "it ended"
    except ValueError as error:
        assert str(error) == "Invalid value NaN (not a number)", error
`)
})
