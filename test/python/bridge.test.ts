import assert from "node:assert/strict"
import { after, describe, it } from "node:test"
import { type Channel, channel } from "../../src/channel/index.ts"
import { move } from "../../src/internal/wire/move.ts"
import { f64, struct, text, u32 } from "../../src/internal/wire/struct.ts"
import { type Interpreter, interpreter, kwargs } from "../../src/python/index.ts"

const DEFINITIONS = `
import asyncio, heddle

def square(jobs, results):
    for n in jobs:
        results.send(n * n)
    results.close()

def same(value):
    return value

def shown(value):
    return repr(value)

def receive(ch, timeout=None):
    return ch.receive(timeout=timeout)

def outcome(fn, *args):
    try:
        return fn(*args)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
`

describe("channels between TypeScript and Python", async () => {
  const py: Interpreter = await interpreter()
  after(() => py.terminate())
  await py.exec(DEFINITIONS)

  it("carries values in parallel, in order, to the end", async () => {
    const [jobs, results] = [channel<number>(8), channel<number>(8)]
    const done = py.call(":square", jobs, results)
    void jobs.sendMany(Array.from({ length: 3_000 }, (_, i) => i)).then(() => jobs.close())
    let next = 0
    for await (const n of results) assert.equal(n, next ** 2, `value ${next++}`)
    assert.equal(next, 3_000)
    await done
  })

  it("carries values of every kind through a channel, both ways", async () => {
    const [there, back] = [channel<unknown>(64), channel<unknown>(64)]
    const values = [
      null,
      true,
      -7,
      2 ** 40,
      -(2n ** 70n),
      0.5,
      -0,
      "héllo 🧵 \u{4e16}",
      "x".repeat(10_000),
      new Uint8Array([1, 2, 255]),
      new Float64Array([0.5, -1]),
      new BigInt64Array([-(2n ** 62n)]),
      [1, [2, []]],
      { a: 1, b: { c: [null] } },
      new Map<unknown, unknown>([[1, "one"]]),
      new Set([1, "two"]),
      new Date(1_700_000_000_123),
    ]
    for (const value of values) await there.send(value)
    there.close()
    await py.exec("for value in there: back.send(value)", { globals: { there, back } })
    for (const value of values) assert.deepEqual(await back.receive(), value)
  })

  it("shows each kind as Python has it", async () => {
    const shown = (value: unknown): Promise<unknown> => py.call(":shown", value)
    assert.equal(await shown([undefined, 1, 1.5, 2n ** 60n]), "[None, 1, 1.5, 1152921504606846976]")
    assert.equal(await shown(new Uint8Array([65, 0])), "b'A\\x00'")
    assert.equal(await py.call(":shown", new Date(0)).then(String), UTC_BEGIN)
    await py.exec("import array\nnumbers = array.array('d', [1, 2]).tolist()")
    assert.match(String(await shown(new Float64Array([1]))), /^<memory at /)
  })

  it("takes what exposes its memory, tuples and subclasses", async () => {
    const ch = channel<unknown>(8)
    await py.exec(
      "import array, enum\nclass E(enum.IntEnum):\n  A = 3\nclass S(str): pass\n" +
        "for v in (array.array('i', [1, -2]), bytearray(b'ab'), memoryview(b'abc')[1:], " +
        "(1, 'x'), E.A, frozenset([1]), [S('ab'), S('é' * 40), S('🧵'), S()], " +
        "memoryview(bytearray(b'\\0\\x3c')).cast('e')): ch.send(v)",
      { globals: { ch } },
    )
    assert.deepEqual(await ch.receiveMany(8), [
      new Int32Array([1, -2]),
      new Uint8Array([97, 98]),
      new Uint8Array([98, 99]),
      [1, "x"],
      3,
      new Set([1]),
      ["ab", "é".repeat(40), "🧵", ""],
      new Float16Array([1]),
    ])
  })

  it("carries large memory, also when several arrays share it", async () => {
    const [there, back] = [channel<unknown>(4), channel<unknown>(1)]
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i)
    const shared = new Float64Array(bytes.buffer, 8, 1_000)
    await there.send({ bytes, again: bytes, shared, buffer: bytes.buffer })
    const ran = py.exec(
      "got = there.receive()\nsame_object = got['bytes'] is got['again']\n" +
        "back.send(got['shared'])\nback.send(bytearray(got['bytes']))",
      { globals: { there, back } },
    )
    assert.deepEqual(await back.receive(), shared.slice())
    assert.deepEqual(await back.receive(), bytes)
    await ran
    assert.equal(await py.call(GET, "same_object"), true)
    assert.deepEqual(await py.call(":same", bytes), bytes)
  })

  it("receives buffers that are moved, in their order, also while it waits", async () => {
    const ch = channel<unknown>(4)
    await ch.send(move(new Uint8Array(8)))
    await ch.send("next")
    assert.deepEqual(await py.call(":receive", ch), new Uint8Array(8))
    assert.equal(await py.call(":receive", ch), "next")
    const later = py.call(":receive", ch)
    while (ch.statistics().waitingReceivers === 0) await new Promise((r) => setImmediate(r))
    await ch.send(move(new Uint8Array(9)))
    assert.deepEqual(await later, new Uint8Array(9))
    assert.deepEqual(await py.call(":same", move(new Uint8Array(7))), new Uint8Array(7))
  })

  it("names the path to what has no counterpart, in both directions", async () => {
    const ch = channel<unknown>(8)
    const failed = (value: string): Promise<unknown> =>
      py.call(":outcome", { not: "callable" }).then(() => value)
    await failed("")
    await py.exec(`sent = outcome(ch.send, {"a": [1, {2: object()}]})`, { globals: { ch } })
    const expected =
      'NotShareableError: value["a"][1][2] is of class object, which has no counterpart in TypeScript'
    assert.equal(await py.call(GET, "sent"), expected)
    await ch.send({ f: [/x/] })
    await assert.rejects(py.call(":receive", ch), /value\.f\[0\] is a RegExp/)
    await py.exec("deep = []\nfor _ in range(600): deep = [deep]\nsent = outcome(ch.send, deep)", {
      globals: { ch },
    })
    assert.match(String(await py.call(GET, "sent")), /^.{100,250} is nested more than 500 deep$/)
    let deep: unknown[] = []
    for (let i = 0; i < 600; i++) deep = [deep]
    await assert.rejects(py.call(":same", deep), /^.{100,250} is nested more than 500 deep$/m)
  })

  it("carries what contains itself, both ways", async () => {
    const person: Record<string, unknown> = { name: "x", "": undefined }
    person.friends = [person, new Map([[1, person]])]
    await py.exec(
      "assert person['friends'][0] is person and person['friends'][1][1] is person\n" +
        "ring = {'__proto__': 1}\nring['next'] = (ring, {2: ring})\nnumbered = {1: 2}\n" +
        "numbered[2] = [numbered]",
      { globals: { person } },
    )
    const ring = (await py.call(GET, "ring")) as { next: [unknown, Map<number, unknown>] }
    assert.equal(ring.next[0], ring)
    assert.equal(ring.next[1].get(2), ring)
    assert.deepEqual(Object.keys(ring), ["__proto__", "next"])
    const numbered = (await py.call(GET, "numbered")) as Map<number, unknown[]>
    assert.equal(numbered.get(1), 2)
    assert.equal(numbered.get(2)?.[0], numbered)
  })

  it("tells the causes of errors, both ways", async () => {
    const error = new RangeError("outer", { cause: new TypeError("inner", { cause: "no error" }) })
    await py.exec(
      "assert str(e) == 'outer' and e.__cause__.name == 'TypeError', e.__cause__\n" +
        "assert e.__cause__.__cause__ is None",
      { globals: { e: error } },
    )
    const looped = new Error("looped")
    looped.cause = looped
    await py.exec("assert e.__cause__ is e", { globals: { e: looped } })
    const failed = await py.exec("raise ValueError('a') from KeyError('b')").catch((e) => e)
    assert.equal(failed.message, "ValueError: a")
    assert.equal(failed.cause.message, "KeyError: 'b'")
    assert.equal(failed.cause.type, "KeyError")
  })

  it("tells Python of what another Python raised by its class and traceback", async () => {
    await py.exec(`
ch = heddle.channel(1)
ch.close(ValueError("why"))
try:
    for _ in ch: pass
    assert False, "it ended"
except heddle.PythonError as error:
    assert error.type == "ValueError" and str(error) == "ValueError: why", error
    assert "ValueError: why" in error.traceback
    assert error.code == "ERR_HEDDLE_PYTHON"
`)
  })

  it("refuses keyword arguments that do not come last", async () => {
    const message = "kwargs come last and once, received args[0]"
    const named = kwargs({ reverse: true })
    for (const args of [
      [named, named],
      [named, [1]],
    ])
      await assert.rejects(py.call("sorted", ...args), { name: "TypeError", message })
    assert.deepEqual(await py.call("sorted", [1, 2], named), [2, 1])
  })

  it("gives back the memory of bytes that came with what has no counterpart", async () => {
    await using small = await interpreter({ memoryBytes: 64 << 20 })
    await small.exec(DEFINITIONS)
    const bytes = new Uint8Array(4 << 20)
    for (let i = 0; i < 32; i++) {
      await assert.rejects(small.call(":same", /x/, [new Map([[1, bytes]])]), /RegExp/)
      const error = Object.assign(new Error("with bytes"), { bytes })
      assert.equal(await small.call("len", [error, { bytes }, new Set([bytes])]), 3)
    }
  })

  it("opens a pickle of a channel once, and says so later", async () => {
    await py.exec(`
import pickle
ch = heddle.channel(1)
pickled = pickle.dumps(ch)
assert pickle.loads(pickled) == ch
before = "TypeError: this pickle was opened before: one of a channel or a reference opens once"
for _ in range(2):
    assert outcome(pickle.loads, pickled) == before
for numbers in (2**29, 1), (2**40, 2**40), (-1, 1), (0, 0), ("a", None):
    assert outcome(heddle._unpack, *numbers) == before
ch.send(1)
assert ch.receive() == 1
`)
  })

  it("has typed channels with one meaning in both languages", async () => {
    const Point = struct({ x: f64, id: u32, label: text(8) })
    const points = channel({ of: Point, capacity: 4 })
    await points.send({ x: 2, id: 7, label: "p" })
    assert.equal(await py.call(":shown", await points.receive()), "{'x': 2, 'id': 7, 'label': 'p'}")
    await points.send({ x: 2, id: 7, label: "p" })
    await py.exec("got = repr(ch.receive())\nch.send({'x': 1, 'id': 8, 'label': 'q'})", {
      globals: { ch: points },
    })
    assert.equal(await py.call(GET, "got"), FLOATED)
    assert.deepEqual(await points.receive(), { x: 1, id: 8, label: "q" })
    await py.exec("sent = outcome(ch.send, {'x': 'one', 'id': 1, 'label': ''})")
    assert.match(
      String(await py.call(GET, "sent")),
      /^TypeError: value\.x must be a number, received "one"/,
    )
  })

  it("gives up after a timeout, and loses nothing", async () => {
    const ch = channel<number>(1)
    await assert.rejects(py.call(":outcome_of_receive", ch), { type: "NameError" })
    await assert.rejects(py.call(":receive", ch, kwargs({ timeout: 0.01 })), {
      type: "TimeoutError",
    })
    await ch.send(5)
    assert.equal(await py.call(":receive", ch, 1), 5)
    await py.exec("ch.send(1)\nsent = outcome(ch.send, 2, 0.01)", { globals: { ch } })
    assert.match(String(await py.call(GET, "sent")), /^TimeoutError: no room/)
    assert.equal(await ch.receive(), 1)
    assert.equal(ch.statistics().depth, 0)
  })

  it("can be interrupted while it waits", async () => {
    const ch = channel<number>(1)
    const waits = py.call(":receive", ch)
    while (ch.statistics().waitingReceivers === 0) await new Promise((r) => setImmediate(r))
    py.interrupt()
    await assert.rejects(waits, { type: "KeyboardInterrupt" })
    await ch.send(3)
    assert.equal(await py.call(":receive", ch), 3)
  })

  it("ends with the error it was closed with", async () => {
    const ch = channel<number>(4)
    await ch.send(1)
    ch.close(new RangeError("no more"))
    await py.exec(
      "seen = []\ntry:\n  for v in ch: seen.append(v)\nexcept Exception as e: seen.append(repr(e))",
      {
        globals: { ch },
      },
    )
    assert.deepEqual(await py.call(GET, "seen"), [1, "JavaScriptError('no more')"])
    const other = channel<number>(4)
    await py.exec("other.close(KeyError('k'))", { globals: { other } })
    await assert.rejects(other.receive(), (error: Error) => {
      assert.match(String(error.cause), /PythonError: KeyError/)
      return true
    })
    await py.exec("sent = outcome(other.send, 1)")
    assert.match(String(await py.call(GET, "sent")), /^ChannelClosed/)
  })

  it("makes channels, and sends their ends", async () => {
    await py.exec("made = heddle.channel(4, name='made')\nmade.send('hello')")
    const made = (await py.call(GET, "made")) as Channel<string>
    assert.equal(await made.receive(), "hello")
    assert.equal(made.statistics().name, "made")
    const carrier = channel<unknown>(2)
    await py.exec("mine = heddle.channel(2)\ncarrier.send({'reply': mine.sender})", {
      globals: { carrier },
    })
    const { reply } = (await carrier.receive()) as { reply: Channel<number> }
    await reply.send(42)
    assert.equal(await py.call(":receive", (await py.call(GET, "mine")) as object), 42)
    await py.exec("equal = made == made.receiver, made.receiver == made.receiver")
    assert.deepEqual(await py.call(GET, "equal"), [false, true])
  })

  it("meets at a rendezvous, and redelivers", async () => {
    const meeting = channel<number>(0)
    const got = py.call(":receive", meeting)
    await meeting.send(9)
    assert.equal(await got, 9)
    const kept = channel<number>({ capacity: 4, whenReceiverDies: "redeliver" })
    await kept.send(1)
    assert.equal(await py.call(":receive", kept), 1)
    await py.exec("kept.done()", { globals: { kept } })
  })

  it("awaits in coroutines, several at a time", async () => {
    const [a, b] = [channel<number>(4), channel<number>(4)]
    const both = py.exec(
      "async def sum_of(ch):\n  return sum([v async for v in ch])\n" +
        "total = await asyncio.gather(sum_of(a), sum_of(b))",
      { globals: { a, b } },
    )
    for (let i = 0; i < 10; i++) {
      await a.send(i)
      await b.send(10 * i)
    }
    a.close()
    b.close()
    await both
    assert.deepEqual(await py.call(GET, "total"), [45, 450])
    await assert.rejects(py.exec("await heddle.channel(1).receive_async(timeout=0.01)"), {
      type: "TimeoutError",
    })
  })

  it("serves several threads of one interpreter", async () => {
    const [jobs, results] = [channel<number>(4), channel<number>(4)]
    const all = py.exec(
      "import threading\n" +
        "def work():\n  for n in jobs: results.send(n + 1)\n" +
        "threads = [threading.Thread(target=work) for _ in range(3)]\n" +
        "for t in threads: t.start()\nfor t in threads: t.join()\nresults.close()",
      { globals: { jobs, results } },
    )
    void jobs.sendMany(Array.from({ length: 60 }, (_, i) => i)).then(() => jobs.close())
    let sum = 0
    for await (const n of results) sum += n
    await all
    assert.equal(sum, (60 * 61) / 2)
  })
})

const GET = ":same.__globals__.get"
const UTC_BEGIN = "datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)"
const FLOATED = "{'x': 2.0, 'id': 7, 'label': 'p'}"
