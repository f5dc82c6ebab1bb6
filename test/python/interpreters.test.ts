import assert from "node:assert/strict"
import { after, describe, it } from "node:test"
import { type Interpreter, interpreter } from "../../src/python/index.ts"

/** Runs a test written in Python; its assertions are ours. */
function runs(py: Interpreter, code: string): () => Promise<void> {
  return async () => {
    await py.exec(`def _test():\n${code.replace(/^/gm, " ")}\n_test()\ndel _test`)
  }
}

const SETUP = `
from concurrent import interpreters
from concurrent.interpreters import _queues as queues
import _interpreters, _interpqueues, pickle, textwrap, threading, time

def raises(kind, fn, *args, **kwargs):
    try:
        fn(*args, **kwargs)
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")

one = interpreters.create()
`

describe("concurrent.interpreters", async () => {
  const out: string[] = []
  const py = await interpreter({
    stdout: (text) => out.push(text),
    stderr: (text) => out.push(text),
  })
  after(() => py.terminate())
  await py.exec(SETUP)

  it(
    "queues on their way live, however deep they lie in what is sent, and however it is sent",
    runs(
      py,
      `
class Holder:
    pass

def fresh(text):
    queue = interpreters.create_queue()
    queue.put(text)
    return queue

def fetch(way):
    outer = interpreters.create_queue()
    outer.put(way(fresh("inside")))
    return outer.get()

before = len(_interpqueues.list_all())
assert fetch(lambda queue: queue).get() == "inside"
assert fetch(lambda queue: (1, (queue, None)))[1][0].get() == "inside"
assert fetch(lambda queue: [{"key": queue}])[0]["key"].get() == "inside"
two = fetch(lambda queue: [queue, fresh("other"), queue])
assert two[0] is two[2] and two[1].get() == "other"
# What is never opened goes with the queue that it waits in.
outer = interpreters.create_queue()
outer.put([fresh("never")])
del outer, two
assert len(_interpqueues.list_all()) == before, _interpqueues.list_all()

one.exec("""if True:
    from concurrent import interpreters
    def make(deep):
        queue = interpreters.create_queue()
        queue.put(deep)
        return [queue] if deep else queue
""")
one.exec("def call(): return make(False)")
import types
made = one.call(types.FunctionType(compile("make(False)", "<c>", "eval"), {}))
assert made.get() is False
made, = one.call(types.FunctionType(compile("make(True)", "<c>", "eval"), {}))
assert made.get() is True
`,
    ),
  )

  it(
    "lists interpreters by CPython's ids",
    runs(
      py,
      `
main = interpreters.get_main()
assert main.id == 0 and main.whence == "runtime init", (main, main.whence)
assert interpreters.get_current() is main
assert one.id == 1 and one.whence == "_interpreters module"
assert interpreters.list_all() == [main, one]
two = interpreters.create()
assert two.id == 2
assert pickle.loads(pickle.dumps(two)) is two
two.close()
assert two not in interpreters.list_all()
error = raises(interpreters.InterpreterNotFoundError, two.close)
assert str(error) == "unrecognized interpreter ID 2"
assert main.is_running() and not one.is_running()
error = raises(interpreters.InterpreterError, main.close)
assert str(error) == "cannot destroy unrecognized interpreter 0", error
`,
    ),
  )

  it(
    "runs source, functions without surroundings, and calls",
    runs(
      py,
      `
def script():
    global left
    left = 41
one.exec(script)
one.exec("left += 1")
assert one.call(eval, "left") == 42
import math
assert one.call(math.hypot, 3, 4) == 5.0
assert one.call(lambda a, *, b: [a, b], {"k": (1, None)}, b=b"x") == [{"k": (1, None)}, b"x"]
assert str(raises(SyntaxError, one.exec, "1 +")).startswith("invalid syntax (<script>")
outer = 5
def closure(): return outer
error = raises(interpreters.NotShareableError, one.call, closure)
assert str(error) == "only stateless functions are shareable"
raises(interpreters.NotShareableError, one.call, len, (x for x in ()))
raises(ValueError, one.exec, lambda a: a)
raises(TypeError, one.exec, 5)
`,
    ),
  )

  it(
    "tells of a failure with the traceback from there",
    runs(
      py,
      `
error = raises(interpreters.ExecutionFailed, one.exec, "def f():\\n  1/0\\nf()")
info = error.excinfo
assert info.type.__name__ == "ZeroDivisionError" and info.msg == "division by zero", info
assert info.formatted == "ZeroDivisionError: division by zero"
assert '  File "<script>", line 2, in f' in info.errdisplay and "heddle" not in info.errdisplay
shown = "ZeroDivisionError: division by zero\\n\\nUncaught in the interpreter:\\n\\nTraceback"
assert str(error).startswith(shown)
info = raises(interpreters.ExecutionFailed, one.exec, "raise KeyboardInterrupt").excinfo
assert info.formatted == "KeyboardInterrupt: ", info
code = "import queue; raise queue.Empty('of Q')"
info = raises(interpreters.ExecutionFailed, one.exec, code).excinfo
assert info.formatted == "_queue.Empty: of Q", info
assert repr(raises(TypeError, one.call, 1)) == "TypeError('expected a callable, got 1')"
error = raises(interpreters.NotShareableError, one.call, lambda: (x for x in ()))
assert type(error).__module__ == "concurrent.interpreters"
assert one.call(len, "ok") == 2
`,
    ),
  )

  it(
    "binds shareable values in __main__",
    runs(
      py,
      `
one.prepare_main(a=1, b=(None, b"x", "é"), c=2**40)
assert one.call(eval, "(a, b, c)") == (1, (None, b"x", "é"), 2**40)
raises(interpreters.NotShareableError, one.prepare_main, bad=[])
for value in None, True, 5, -2**62, 1.5, "x\\ud800", "𝄞", b"", (), (1, []), memoryview(b"m"):
    assert interpreters.is_shareable(value), value
for value in [], {}, object(), len, type, range(3):
    assert not interpreters.is_shareable(value), value
`,
    ),
  )

  it(
    "refuses a second request while one runs, and runs both at once elsewhere",
    runs(
      py,
      `
q, started = interpreters.create_queue(), interpreters.create_queue()
one.prepare_main(q=q, started=started)
t = threading.Thread(target=one.exec, args=("started.put('in'); q.get()",))
t.start()
assert started.get() == "in"
assert one.is_running()
assert str(raises(interpreters.InterpreterError, one.exec, "1")) == "interpreter already running"
raises(interpreters.InterpreterError, one.prepare_main, x=1)
assert str(raises(interpreters.InterpreterError, one.close)) == "interpreter running"
q.put(1)
t.join()
assert not one.is_running() and q.empty()
t = one.call_in_thread(len, "abc")
t.join()
`,
    ),
  )

  it(
    "passes values through queues in order, with bounds and timeouts",
    runs(
      py,
      `
q = interpreters.create_queue(3)
values = [7, -1, 2**31, -2**63, 2**100, 1.25, "text", "ÿ€𝄞", b"\\0\\xff", None, True]
values += [(1, ("n", ())), [1], {"k": {2}}, q]
for value in values:
    q.put(value)
    got = q.get()
    assert got == value and type(got) is type(value), (value, got)
assert q.maxsize == 3 and not q.full() and q.empty()
for i in range(3): q.put_nowait(i)
assert q.full() and q.qsize() == 3
raises(interpreters.QueueFull, q.put_nowait, 4)
began = time.monotonic()
raises(interpreters.QueueFull, q.put, 4, timeout=0.02)
raises(ValueError, q.put, 4, timeout=float("nan"))
assert time.monotonic() - began >= 0.02
assert [q.get() for _ in range(3)] == [0, 1, 2]
raises(interpreters.QueueEmpty, q.get_nowait)
raises(ValueError, q.get, timeout=float("nan"))
raises(interpreters.QueueEmpty, q.get, timeout=0.01)
view = memoryview(bytearray(b"abcd"))
q.put(view)
got = q.get()
assert isinstance(got, memoryview) and got == view and not got.readonly
raises(interpreters.NotShareableError, q.put, (x for x in ()))
assert str(raises(queues.QueueNotFoundError, queues.Queue, 9999)) == "queue 9999 not found"
raises(TypeError, interpreters.create_queue, "1")
`,
    ),
  )

  it(
    "wakes whoever waits for a queue in another interpreter",
    runs(
      py,
      `
there, back = interpreters.create_queue(1), interpreters.create_queue()
def echo(there, back):
    while (item := there.get()) is not None:
        back.put(item)
t = one.call_in_thread(echo, there, back)
for i in range(200):
    there.put(i)
    if i % 2: assert (back.get(), back.get()) == (i - 1, i)
there.put(None)
t.join()
`,
    ),
  )

  it(
    "treats items of an interpreter that ended as their policy says",
    runs(
      py,
      `
q = interpreters.create_queue()
two = interpreters.create()
two.prepare_main(q=q)
two.exec(textwrap.dedent("""
from concurrent.interpreters import _queues as queues
q.put("replaced")
q.put("removed", unbounditems=queues.UNBOUND_REMOVE)
q.put("raises", unbounditems=queues.UNBOUND_ERROR)
"""))
q.put("mine")
assert q.qsize() == 4
two.close()
assert q.qsize() == 3
assert q.get() is queues.UNBOUND
raises(queues.ItemInterpreterDestroyed, q.get)
assert q.get() == "mine"
`,
    ),
  )

  it(
    "survives an interpreter that dies while others wait for it and for what it holds",
    runs(
      py,
      `
q = interpreters.create_queue()
two = interpreters.create()
two.prepare_main(q=q)
two.exec("q.put('left behind')")
error = raises(interpreters.InterpreterError, two.exec, "import _heddle; _heddle.die()")
assert "died" in str(error), error
assert two not in interpreters.list_all()
assert q.get() is queues.UNBOUND
raises(interpreters.QueueEmpty, q.get, timeout=0.01)
assert one.call(len, "abcd") == 4
`,
    ),
  )

  it(
    "runs the library's own pool",
    runs(
      py,
      `
from concurrent.futures import InterpreterPoolExecutor
with InterpreterPoolExecutor(max_workers=2) as pool:
    assert list(pool.map(pow, range(5), [2] * 5)) == [0, 1, 4, 9, 16]
    error = raises(ValueError, pool.submit(int, "x").result)
    assert isinstance(error.__cause__, interpreters.ExecutionFailed)
    assert pool.submit(lambda: __import__("_interpreters").get_current()[0]).result() > 1
`,
    ),
  )

  it(
    "has the channels of the C module",
    runs(
      py,
      `
import _interpchannels as channels
cid = channels.create()
assert repr(cid) == f"ChannelID({int(cid)})" and cid.end == "both"
one.call(channels.send, cid.send, b"spam", blocking=False)
assert channels.recv(cid) == (b"spam", None)
assert channels.list_interpreters(cid, send=True) == [one.id]
raises(channels.ChannelEmptyError, channels.recv, cid)
assert channels.recv(cid, "nothing") == ("nothing", None)
raises(TimeoutError, channels.send, cid, 1, timeout=0.01)
assert channels.get_count(cid) == 0
t = one.call_in_thread(lambda cid: __import__("_interpchannels").send(cid, "waits"), cid)
while channels.get_count(cid) == 0: time.sleep(0.001)
assert channels.recv(cid) == ("waits", None)
t.join()
channels.send(cid, 1, blocking=False)
raises(channels.ChannelNotEmptyError, channels.close, cid)
channels.close(cid, send=True)
assert channels.get_info(cid).closing
raises(channels.ChannelClosedError, channels.send, cid, 2)
assert channels.recv(cid) == (1, None)
raises(channels.ChannelClosedError, channels.recv, cid)
raises(channels.ChannelNotFoundError, channels.recv, 10_000)
`,
    ),
  )

  it(
    "knows pipes by number in all interpreters",
    runs(
      py,
      `
import os
r, w = os.pipe()
def answer(r, w):
    import os
    with open(r, "rb") as ask, open(w, "w") as say:
        say.write(ask.read().decode().upper())
r2, w2 = os.pipe()
t = one.call_in_thread(answer, r, w2)
with open(w, "wb", buffering=0) as ask: ask.write(b"hey" * 50_000)
with open(r2) as said: assert said.read() == "HEY" * 50_000
t.join()
raises(OSError, os.read, r, 1)
raises(OSError, os.close, w2)
`,
    ),
  )

  it(
    "lets go of what one held that died, but not of what others hold too",
    runs(
      py,
      `
import textwrap
before = interpreters.list_all()
holder = interpreters.create()
shared = interpreters.create()
holder.prepare_main(id=shared.id)
died = raises(interpreters.InterpreterError, holder.exec, textwrap.dedent("""
import os
from concurrent import interpreters
shared = interpreters.Interpreter(id)
own = [interpreters.create() for _ in range(2)]
own[0].exec("from concurrent import interpreters; inner = interpreters.create()")
os._exit(1)
"""))
assert "died" in str(died), died
shared.exec("pass")
del shared
# The last that was held ends when the thread of its own holder has ended.
while len(interpreters.list_all()) > len(before): time.sleep(0.001)
assert interpreters.list_all() == before
`,
    ),
  )

  it("wrote nothing of its own", async () => {
    await py.exec("import gc; gc.collect()")
    assert.deepEqual(out, [])
  })
})
