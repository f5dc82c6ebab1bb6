import assert from "node:assert/strict"
import { before, test } from "node:test"
import { type TestPython, testPython } from "./python.ts"

let python: TestPython

before(async () => {
  python = await testPython()
})

/** Runs code that sets `out`; it must be `expected`. */
async function gives(code: string, expected: string): Promise<void> {
  assert.equal(await python.run(code), expected)
}

test("threads run, are joined and have identities of their own", async () => {
  await gives(
    `
import threading, _thread, sys
seen = {}
def work(n):
    me = threading.current_thread()
    seen[n] = (me.ident == _thread.get_ident(), me.native_id == _thread.get_native_id(), me.name)
threads = [threading.Thread(target=work, args=(n,), name=f"t{n}") for n in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
idents = {thread.native_id for thread in threads} | {threading.main_thread().native_id}
out = (seen, len(idents), threading.active_count(), _thread._count())
`,
    "({0: (True, True, 't0'), 1: (True, True, 't1'), 2: (True, True, 't2')}, 4, 1, 0)",
  )
})

test("thread-local values and context variables stay with their thread", async () => {
  await gives(
    `
import threading, contextvars, time
local, var = threading.local(), contextvars.ContextVar("var", default="none")
local.x = "main"
barrier, seen = threading.Barrier(4), []
def work(n):
    local.x = n
    var.set(n)
    barrier.wait()
    seen.append((local.x, var.get()))
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
out = (sorted(seen), local.x, var.get())
`,
    "([(0, 0), (1, 1), (2, 2), (3, 3)], 'main', 'none')",
  )
})

test("exceptions stay in their thread and are reported", async () => {
  await gives(
    `
import threading, _thread, sys
hooked = []
threading.excepthook = lambda args: hooked.append((args.exc_type.__name__, args.thread.name))
def bad():
    try:
        {}["missing"]
    except KeyError:
        raise ValueError("inside")
thread = threading.Thread(target=bad, name="bad")
thread.start(); thread.join()
threading.excepthook = threading.__excepthook__
unraisable = []
sys.unraisablehook = lambda args: unraisable.append((args.exc_type.__name__, args.err_msg))
done = _thread.allocate_lock()
handle = _thread.start_joinable_thread(bad, daemon=False)
handle.join()
handle = _thread.start_joinable_thread(sys.exit)
handle.join()
sys.unraisablehook = sys.__unraisablehook__
out = (hooked, [(name, text.split(" <")[0]) for name, text in unraisable])
`,
    "([('ValueError', 'bad')], [('ValueError', 'Exception ignored in thread started by')])",
  )
})

test("two threads that never wait share the time", async () => {
  await gives(
    `
import threading
flags = [False, False]
def spin(mine):
    flags[mine] = True
    while not flags[1 - mine]: pass
threads = [threading.Thread(target=spin, args=(n,)) for n in (0, 1)]
for thread in threads: thread.start()
for thread in threads: thread.join()
out = flags
`,
    "[True, True]",
  )
})

test("exceptions unwind on stacks of every alignment", async () => {
  await gives(
    `
import threading
class Manager:
    def __enter__(self): pass
    def __exit__(self, *args): return True
def work():
    for _ in range(50):
        with Manager(): {}["missing"]
junk = []
for size in range(1, 40):
    junk.append(bytearray(size * 8))
    thread = threading.Thread(target=work)
    thread.start(); thread.join()
out = "fine"
`,
    "fine",
  )
})

test("garbage is collected while threads wait in the middle of C functions", async () => {
  await gives(
    `
import threading, gc
event, ready = threading.Event(), threading.Semaphore(0)
def key(value):
    ready.release()
    event.wait()
    return [value]
def work():
    cycle = []
    cycle.append(cycle)
    results.append(sorted([3, 1, 2], key=key))
results = []
threads = [threading.Thread(target=work) for _ in range(5)]
for thread in threads: thread.start()
for _ in threads: ready.acquire()
for generation in (0, 1, 2): gc.collect(generation)
event.set()
for thread in threads: thread.join()
out = results == [[1, 2, 3]] * 5
`,
    "True",
  )
})

test("recursion in C ends in RecursionError, on every thread's stack", async () => {
  await gives(
    `
import threading, sys
nested = []
for _ in range(20_000): nested = (nested, [])
def work():
    try: repr(nested)
    except RecursionError as error: seen.append(type(error).__name__)
seen = []
thread = threading.Thread(target=work)
thread.start(); thread.join()
work()
while nested: nested = nested[0]
out = seen
`,
    "['RecursionError', 'RecursionError']",
  )
})

test("stack_size, and arguments that are wrong", async () => {
  await gives(
    `
import threading, _thread
def complaint(call, *args):
    try: call(*args)
    except Exception as error: return f"{type(error).__name__}: {error}"
thread = threading.Thread(target=int)
thread.start(); thread.join()
handle = _thread._ThreadHandle()
out = "\\n".join([
    str((threading.stack_size(1 << 17), threading.stack_size(0), threading.stack_size())),
    complaint(threading.stack_size, 100),
    complaint(threading.stack_size, -1),
    complaint(_thread.start_new_thread, 1, ()),
    complaint(_thread.start_new_thread, int, []),
    complaint(_thread.start_new_thread, int, (), 1),
    complaint(_thread.start_joinable_thread, 1),
    complaint(_thread.start_joinable_thread, int, 5),
    complaint(handle.join),
    complaint(thread.start),
])
`,
    `(0, 131072, 0)
ValueError: size not valid: 100 bytes
ValueError: size must be 0 or a positive value
TypeError: first arg must be callable
TypeError: 2nd arg must be a tuple
TypeError: optional 3rd arg must be a dictionary
TypeError: thread function must be callable
TypeError: 'handle' must be a _ThreadHandle
RuntimeError: thread not started
RuntimeError: threads can only be started once`,
  )
})

test("the library's pools and queues work as they are", async () => {
  await gives(
    `
from concurrent.futures import ThreadPoolExecutor, as_completed
import queue, threading
with ThreadPoolExecutor(3) as pool:
    squares = list(pool.map(lambda n: n * n, range(10)))
    failed = pool.submit(lambda: 1 / 0).exception()
work, done = queue.Queue(maxsize=2), queue.SimpleQueue()
def worker():
    while (item := work.get()) is not None:
        done.put(item + 1)
threads = [threading.Thread(target=worker) for _ in range(3)]
for thread in threads: thread.start()
for n in range(20): work.put(n)
for _ in threads: work.put(None)
for thread in threads: thread.join()
out = (squares, type(failed).__name__, sorted(done.get() for _ in range(20)) == list(range(1, 21)))
`,
    "([0, 1, 4, 9, 16, 25, 36, 49, 64, 81], 'ZeroDivisionError', True)",
  )
})

test("much at once: exceptions, generators, callbacks of C, locks, imports, garbage", async () => {
  await gives(
    `
import collections, contextlib, decimal, gc, json, queue, random, re, threading, time, traceback
lock, condition, items = threading.RLock(), threading.Condition(), queue.Queue(3)
@contextlib.contextmanager
def locked():
    with lock: yield
def raises(rnd):
    try:
        with locked(): {}[rnd.random()]
    except KeyError: pass
def matches(rnd):
    text = re.sub(r"(\\w+)-(\\d+)", lambda m: (time.sleep(0), m.group(2))[1], "ab-12 " * 5)
    assert text == "12 " * 5
def sorts(rnd):
    key = lambda n: (gc.collect(0) if rnd.random() < 0.05 else 0, -n)
    assert sorted(range(30), key=key)[0] in range(30)
def generates(rnd):
    def numbers():
        for n in range(10):
            yield n
            if n == 5: time.sleep(0)
    assert sum(numbers()) == 45
def queues(rnd):
    items.put(1); items.get()
def waits(rnd):
    with condition:
        condition.notify(); condition.wait(0.0002)
def computes(rnd):
    with decimal.localcontext() as context:
        context.prec = digits = rnd.randrange(5, 40)
        time.sleep(0)
        assert decimal.getcontext().prec == digits
def starts(rnd):
    thread = threading.Thread(target=json.loads, args=("[1]",))
    thread.start(); thread.join()
def spins(rnd):
    for _ in range(5000): pass
jobs = [raises, matches, sorts, generates, queues, waits, computes, starts, spins]
failures, done = [], collections.Counter()
def worker(seed):
    rnd = random.Random(seed)
    try:
        for _ in range(40):
            rnd.choice(jobs)(rnd)
            done["all"] += 1
    except BaseException:
        failures.append(traceback.format_exc())
threads = [threading.Thread(target=worker, args=(n,)) for n in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
out = (failures, done["all"])
`,
    "([], 320)",
  )
})

test("at exit, threads that are no daemons are joined", async () => {
  await gives(
    `
import threading, time
ended = []
def work(name):
    gate.wait()
    time.sleep(0)
    ended.append(name)
gate = threading.Event()
threading.Thread(target=work, args=("joined",)).start()
threading.Thread(target=threading.Event().wait, daemon=True).start()
gate.set()
import _thread
_thread._shutdown()
out = ended
`,
    "['joined']",
  )
})

test("TypeScript starts threads beside the main one", async () => {
  const beside = python.run("import threading; out = threading.current_thread().name", false)
  const main = python.run("import threading; out = threading.current_thread().name")
  assert.equal(await main, "MainThread")
  assert.match(await beside, /^Dummy-/)
})
