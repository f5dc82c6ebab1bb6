import assert from "node:assert/strict"
import { after, describe, it } from "node:test"
import { InterpreterEndedError, PythonError } from "../../src/errors.ts"
import { type Interpreter, interpreter } from "../../src/python/index.ts"

describe("interpreter", async () => {
  const out: string[] = []
  const py: Interpreter = await interpreter({
    stdout: (text) => out.push(text),
    stderr: (text) => out.push(`! ${text}`),
    stdin: "first line\nsecond\n",
    memoryBytes: 128 << 20,
  })
  after(() => py.terminate())

  it("runs statements in one namespace, with top-level await", async () => {
    await py.exec("import asyncio\nx = 20\ndef get(name): return globals()[name]")
    await py.exec("await asyncio.sleep(0)\ny = x + 1")
    assert.equal(await py.call(":get", "y"), 21)
  })

  it("calls functions by name and copies values both ways", async () => {
    assert.equal(await py.call("math:sqrt", 2), Math.SQRT2)
    assert.equal(await py.call("os.path:join", "a", "b"), "a/b")
    await py.exec("def same(*args): return args")
    const values = [
      null,
      true,
      -7,
      2 ** 40,
      0.5,
      -(2n ** 70n),
      "héllo 🧵",
      new Uint8Array([1, 2, 255]),
      [1, [2, []]],
      { a: 1, b: { c: [null] } },
      new Map<unknown, unknown>([[1, "one"]]),
      new Set([1, 2]),
    ]
    assert.deepEqual(await py.call(":same", ...values), values)
    assert.equal(await py.call("repr", [undefined, Number.NaN, 1.0]), "[None, nan, 1]")
  })

  it("awaits coroutines", async () => {
    await py.exec("async def later(n):\n  await asyncio.sleep(0.001)\n  return n * 2")
    assert.equal(await py.call("__main__:later", 21), 42)
  })

  it("rejects with Python's exception: type, message and traceback", async () => {
    await py.exec("def fail():\n  raise ValueError('bad')")
    await assert.rejects(py.call(":fail"), (error: unknown) => {
      assert(error instanceof PythonError)
      assert.equal(error.type, "ValueError")
      assert.equal(error.message, "ValueError: bad")
      assert.match(error.traceback, /^Traceback .*\n.*line 2, in fail\n(.*\n)*ValueError: bad$/)
      assert.doesNotMatch(error.traceback, /heddle/)
      return true
    })
    await assert.rejects(py.exec("1 +"), { name: "PythonError", type: "SyntaxError" })
    await assert.rejects(py.call("no_such_module:f"), { type: "ModuleNotFoundError" })
    await assert.rejects(py.call("object"), { type: "NotShareableError" })
  })

  it("tells where Python raised an exception, and where the call was awaited", async () => {
    await py.exec(
      "def inner(): raise ValueError('two\\nlines')\n" +
        "def outer():\n  try: 1 / 0\n  except ArithmeticError: inner()",
    )
    const here = async (): Promise<unknown> => await py.call(":outer")
    await assert.rejects(here(), ({ stack }: Error) => {
      const lines = String(stack).split("\n")
      assert.deepEqual(lines.slice(0, 5), [
        "PythonError: ValueError: two",
        "lines",
        "    at inner (<exec>:1)",
        "    at outer (<exec>:4)",
        "    --- thrown in Python, awaited here: ---",
      ])
      assert.match(lines[5], /^ {4}at here \(.*interpreter\.test\.ts:\d+:\d+\)$/)
      return true
    })
  })

  it("refuses names that name nothing", async () => {
    const wanted = 'call takes "module:name", ":name" or "name"'
    for (const name of ["", ":", "math:", ".x", "math:pi.", "a:b:c", "a b"]) {
      const message = `${wanted}, received ${JSON.stringify(name)}`
      await assert.rejects(py.call(name), { name: "RangeError", message })
    }
    await assert.rejects(py.call(7 as unknown as string), {
      name: "TypeError",
      message: "call takes a name, received 7",
    })
    await assert.rejects(py.call(":nope"), {
      type: "NameError",
      message: "NameError: name 'nope' is not defined: neither __main__ nor the builtins have it",
    })
    await assert.rejects(py.call("math:nope"), { type: "AttributeError" })
  })

  it("refuses what has no counterpart, by its path", async () => {
    await assert.rejects(py.call("len", [{ f: () => 1 }]), /args\[0\]\[0\]\.f is a function/)
    await assert.rejects(py.call("repr", { a: [/x/] }), /args\[0\]\.a\[0\] is a RegExp, which has/)
    await assert.rejects(py.call("object"), /result is of class object, which has no counterpart/)
  })

  it("hands over what Python writes, and gives it its input", async () => {
    await py.exec("import sys\nprint('one', 2)\nprint('oops', file=sys.stderr)")
    assert.equal(out.splice(0).join(""), "one 2\n! oops\n")
    assert.equal(await py.call("input"), "first line")
    assert.equal(
      await py.call("sys.stdin:read" as string).catch((e) => e.type),
      "ModuleNotFoundError",
    )
    await py.exec("rest = sys.stdin.read()")
    assert.equal(await py.call(":get", "rest"), "second\n")
  })

  it("interrupts an endless loop, and goes on", async () => {
    await py.exec("started = False")
    const loop = py.exec("print('looping')\nwhile True: pass")
    while (!out.join("").includes("looping")) await new Promise((resolve) => setImmediate(resolve))
    py.interrupt()
    await assert.rejects(loop, { type: "KeyboardInterrupt" })
    assert.equal(await py.call("abs", -1), 1)
  })

  it("interrupts a wait", async () => {
    const wait = py.exec("import time\nprint('sleeping')\ntime.sleep(3600)")
    while (!out.join("").includes("sleeping")) await new Promise((resolve) => setImmediate(resolve))
    py.interrupt()
    await assert.rejects(wait, { type: "KeyboardInterrupt" })
  })

  it("bounds the memory", async () => {
    await assert.rejects(py.exec("big = bytearray(1 << 28)"), { type: "MemoryError" })
    assert.equal(await py.call("len", "abc"), 3)
  })

  it("refuses bad options", async () => {
    await assert.rejects(interpreter({ memory: 1 } as object), /no option memory; it knows stdout/)
    await assert.rejects(interpreter({ memoryBytes: 5 }), RangeError)
    const stdout = "out.txt" as never
    await assert.rejects(interpreter({ stdout }), /stdout takes a function, received "out.txt"$/)
    await assert.rejects(interpreter({ stdin: 5 as unknown as string }), /stdin must be a string/)
  })

  it("ends whatever runs when it is terminated", async () => {
    const loop = py.exec("while True:\n  try:\n    while True: pass\n  except BaseException: pass")
    const both = Promise.allSettled([loop, py.call("abs", 1)])
    await py[Symbol.asyncDispose]()
    for (const end of await both) {
      assert.equal(end.status, "rejected")
      assert(end.reason instanceof InterpreterEndedError)
      assert.match(String(end.reason.stack), /terminated\n {4}at .*interpreter\.test\.ts/)
    }
    await assert.rejects(py.exec("pass"), /The interpreter has ended: it was terminated/)
  })
})
