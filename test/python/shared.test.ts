import assert from "node:assert/strict"
import { after, describe, it } from "node:test"
import { channel, go, move, sharedArray, sharedBytes } from "../../src/index.ts"
import { interpreter } from "../../src/python/index.ts"
import { moves, shares } from "./fixtures/buffers.ts"

describe("memory that is shared with Python, or moved there", async () => {
  const py = await interpreter()
  after(() => py.terminate())
  await py.exec(`
import heddle
from concurrent import interpreters

def raises(kind, fn, *args):
    try:
        fn(*args)
    except kind as error:
        return str(error)
    raise AssertionError(f"{kind.__name__} was not raised")
`)

  it("is read and written in pieces by both sides", async () => {
    const bytes = sharedBytes(8)
    bytes.set([1, 2, 3])
    await py.exec(
      `
assert isinstance(memory, heddle.SharedBytes) and len(memory) == memory.nbytes == 8
assert memory.read() == b"\\x01\\x02\\x03" + bytes(5)
assert memory[0:2] == b"\\x01\\x02" and memory[2] == 3 and memory[-1] == 0
memory[3] = 4
memory[6:] = b"ab"
memory.write(bytearray(b"xy"), 4)
buffer = bytearray(3)
memory.readinto(buffer, 5)
assert buffer == b"yab", buffer
`,
      { globals: { memory: bytes } },
    )
    assert.equal(Buffer.from(bytes).toString("latin1"), "\x01\x02\x03\x04xyab")
    bytes[0] = 9
    await py.exec("assert memory[0] == 9")
    await py.exec(`
for at in 2**30, 2**31, 2**63:
    assert "do not fit at" in raises(ValueError, memory.write, b"x", at)
    assert "do not fit at" in raises(ValueError, memory.readinto, bytearray(1), at)
    assert memory.read(at) == b""
raises(ValueError, heddle.shared_bytes, 2**50)
raises(ValueError, heddle.shared_bytes, 2**1100)
`)
    assert.equal(bytes[0], 9)
  })

  it("has elements of a kind", async () => {
    const numbers = sharedArray(Float64Array, 3)
    numbers[1] = 0.5
    await py.exec(
      `
import array
assert (memory.format, memory.itemsize, len(memory), memory.nbytes) == ("d", 8, 3, 24)
assert memory[1] == 0.5 and memory[0:2].tolist() == [0, 0.5]
memory[2] = 2.5
memory[0:1] = array.array("d", [1.25])
`,
      { globals: { memory: numbers } },
    )
    assert.deepEqual([...numbers], [1.25, 0.5, 2.5])
  })

  it("refuses what does not fit", async () => {
    await py.exec(
      `
assert "2 bytes do not fit at 3 in shared memory of 4" in raises(ValueError, memory.write, b"ab", 3)
assert "outside" in raises(IndexError, lambda: memory[4])
assert "steps of one" in raises(ValueError, lambda: memory[::2])
assert "the slice has 2 bytes" in raises(ValueError, memory.__setitem__, slice(0, 2), b"abc")
raises(BufferError, memory.readinto, b"1234")
raises(ValueError, heddle.shared_bytes, -1)
`,
      { globals: { memory: sharedBytes(4) } },
    )
  })

  it("crosses on channels, to and from other isolates and interpreters", async () => {
    const to = channel<Uint8Array>(1)
    const back = channel<string>(1)
    const sharing = go(shares, to, back)
    await py.exec(
      "memory = to.receive()\nassert memory[0] == 42\nmemory[1] = 43\nback.send('ok')",
      {
        globals: { to, back },
      },
    )
    assert.deepEqual(await sharing, ["ok", 43])
    await py.exec(`
other = interpreters.create()
mine = heddle.shared_bytes(4)
line = heddle.channel(1)
other.exec("import heddle")
other.exec("def work(line):\\n  memory = line.receive()\\n  memory[0] = 5\\n  line.send(memory[1])")
mine[1] = 6
line.send(mine)
def work(line): return __import__("__main__").work(line)
other.call(work, line)
assert line.receive() == 6 and mine[0] == 5
`)
    const made = (await py.call("heddle:shared_bytes", 2)) as Uint8Array
    assert(made.buffer instanceof SharedArrayBuffer)
    assert.equal(made.length, 2)
  })

  it("is moved from main and from other isolates", async () => {
    const bytes = new Uint8Array([1, 2, 3])
    await py.exec("assert got == b'\\x01\\x02\\x03'", { globals: { got: move(bytes) } })
    assert.equal(bytes.length, 0)
    const to = channel<Uint8Array>(1)
    const moving = go(moves, to)
    await py.exec("assert to.receive() == bytes([7]) * 100_000", { globals: { to } })
    assert.equal(await moving, 0)
  })
})
