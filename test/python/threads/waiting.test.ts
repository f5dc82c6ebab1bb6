import assert from "node:assert/strict"
import { once } from "node:events"
import { before, beforeEach, test } from "node:test"
import { Worker } from "node:worker_threads"
import type { Waiting } from "../../../src/python/threads/index.ts"
import { type TestPython, testPython } from "./python.ts"

let python: TestPython

before(async () => {
  python = await testPython()
})

beforeEach(() => {
  for (const list of [python.blocks, python.deadlocks, python.printed]) list.length = 0
})

/** Runs code that sets `out`; it must be `expected`. */
async function gives(code: string, expected: string): Promise<void> {
  assert.equal(await python.run(code), expected)
}

/** A builtin that waits until a word is not 0, as an interpreter's room makes it. */
function wordBuiltin(): Int32Array {
  const words = new Int32Array(new SharedArrayBuffer(4))
  const waiting: Waiting = {
    get word() {
      return { words, index: 0, expected: 0 }
    },
    resume: () => (Atomics.load(words, 0) === 0 ? undefined : python.none),
  }
  python.builtin(python.threads.blocking(() => waiting))
  return words
}

test("a lone thread blocks the host's thread on the word", async () => {
  const words = wordBuiltin()
  const code = `
    const { workerData } = require("node:worker_threads")
    Atomics.store(workerData, 0, 1)
    Atomics.notify(workerData, 0)
  `
  const worker = new Worker(code, { eval: true, workerData: words })
  const ended = once(worker, "exit")
  await gives("wait(); out = 'woken'", "woken")
  assert.ok(python.blocks.every((word) => word.words === words))
  await ended
})

test("beside other threads, a wait for a word lets them run, and the event loop", async () => {
  const words = wordBuiltin()
  python.give(() => {
    setImmediate(() => {
      Atomics.store(words, 0, 1)
      Atomics.notify(words, 0)
    })
  })
  await gives(
    `
import threading
order, gate = [], threading.Event()
def waits():
    started.set()
    wait()
    order.append("word")
    gate.set()
def patient():
    gate.wait(3600)
    order.append("gate")
started = threading.Event()
threads = [threading.Thread(target=f) for f in (patient, waits)]
for thread in threads: thread.start()
started.wait()
order.append("main")
js()
for thread in threads: thread.join()
out = order
`,
    "['main', 'word', 'gate']",
  )
  assert.equal(python.blocks.length, 0)
})

test("timeouts of locks, conditions, queues and joins", async () => {
  await gives(
    `
import threading, queue, _thread
lock, condition, items = threading.Lock(), threading.Condition(), queue.SimpleQueue()
lock.acquire()
thread = threading.Thread(target=lock.acquire, daemon=True)
thread.start()
thread.join(0.001)
def empty(**options):
    try: items.get(**options)
    except queue.Empty: return "empty"
with condition:
    waited = condition.wait(0.001)
out = (lock.acquire(timeout=0.001), lock.acquire(False), waited, thread.is_alive(),
       empty(timeout=0.001), empty(block=False))
lock.release()
thread.join()
`,
    "(False, False, False, True, 'empty', 'empty')",
  )
})

test("wrong arguments of waits", async () => {
  await gives(
    `
import threading, queue, time
def complaint(call, *args, **options):
    try: call(*args, **options)
    except Exception as error: return f"{type(error).__name__}: {error}"
lock = threading.Lock()
out = "\\n".join(map(str, [
    complaint(lock.acquire, False, 1),
    complaint(lock.acquire, timeout=-2),
    complaint(lock.acquire, timeout="1"),
    complaint(lock.acquire, timeout=threading.TIMEOUT_MAX * 2),
    complaint(lock.release),
    complaint(threading.RLock().release),
    complaint(queue.SimpleQueue().get, timeout=-1),
    complaint(queue.SimpleQueue().get, wrong=1),
    complaint(time.sleep, -1),
    complaint(time.sleep, "1"),
]))
`,
    `ValueError: can't specify a timeout for a non-blocking call
ValueError: timeout value must be a non-negative number
TypeError: 'str' object cannot be interpreted as an integer or float
OverflowError: timestamp out of range for platform time_t
RuntimeError: release unlocked lock
RuntimeError: cannot release un-acquired lock
ValueError: 'timeout' must be a non-negative number
TypeError: get() got an unexpected keyword argument 'wrong'
ValueError: sleep length must be non-negative
TypeError: 'str' object cannot be interpreted as an integer or float`,
  )
})

test("sleepers wake in the order of their times, and others run meanwhile", async (t) => {
  // A clock that stands still unless it is set: however slowly they start, they sleep from one
  // moment on, and nobody is late.
  const begun = performance.now()
  let now = begun
  t.mock.method(performance, "now", () => now)
  python.give((seconds: number) => {
    now = begun + seconds * 1000
  })
  await gives(
    `
import threading, time
order, clock, moments = [], js, iter((0.015, 0.03, 1))
def sleeper(seconds):
    time.sleep(seconds)
    order.append(seconds)
    clock(next(moments))
threads = [threading.Thread(target=sleeper, args=(s,)) for s in (0.03, 0.002, 0.015)]
for thread in threads: thread.start()
order.append("running")
clock(0.002)
for thread in threads: thread.join()
out = order
`,
    "['running', 0.002, 0.015, 0.03]",
  )
})

test("who waited in vain before gets the lock handed over", async () => {
  await gives(
    `
import threading
lock, turns, stop = threading.Lock(), [], False
def greedy():
    while not stop:
        with lock: turns.append("greedy")
def patient():
    global stop
    for _ in range(5):
        with lock: turns.append("patient")
    stop = True
threads = [threading.Thread(target=f) for f in (greedy, patient)]
for thread in threads: thread.start()
for thread in threads: thread.join()
out = turns.count("patient")
`,
    "5",
  )
})

test("two items wake two who wait for a SimpleQueue", async () => {
  await gives(
    `
import threading, queue
items, got, waiting = queue.SimpleQueue(), [], threading.Semaphore(0)
def consume():
    waiting.release()
    got.append(items.get())
threads = [threading.Thread(target=consume) for _ in range(3)]
for thread in threads: thread.start()
for _ in threads: waiting.acquire()
for item in range(3): items.put(item)
for thread in threads: thread.join()
out = sorted(got)
`,
    "[0, 1, 2]",
  )
})

test("an RLock knows its thread, its depth, and gives itself up for a condition", async () => {
  await gives(
    `
import threading
lock = threading.RLock()
with lock, lock:
    depth = lock._recursion_count()
    seen = []
    thread = threading.Thread(target=lambda: seen.extend(
        [lock.acquire(False), lock._is_owned(), lock._recursion_count()]))
    thread.start(); thread.join()
condition = threading.Condition(lock)
def notifier():
    with condition: condition.notify()
with condition, condition:
    thread = threading.Thread(target=notifier)
    thread.start()
    notified = condition.wait()
    after = lock._recursion_count()
thread.join()
out = (depth, seen, notified, after, lock._recursion_count())
`,
    "(2, [False, False, 0], True, 2, 0)",
  )
})

test("KeyboardInterrupt reaches the main thread wherever it waits", async () => {
  await gives(
    `
import threading, _thread, time
caught = []
def interrupt():
    started.wait()
    _thread.interrupt_main()
def spin():
    while True: pass
for wait in (threading.Event().wait, lambda: time.sleep(3600), spin):
    started = threading.Event()
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        started.set()
        wait()
    except KeyboardInterrupt:
        caught.append(threading.current_thread().name)
    thread.join()
out = caught
`,
    "['MainThread', 'MainThread', 'MainThread']",
  )
})

test("a signal from outside interrupts the main thread among others", async () => {
  python.give(() => setImmediate(() => python.interrupt()))
  await gives(
    `
import threading
gate = threading.Event()
thread = threading.Thread(target=gate.wait)
thread.start()
try:
    js()
    threading.Event().wait()
except KeyboardInterrupt:
    out = "interrupted"
gate.set()
thread.join()
`,
    "interrupted",
  )
})

test("a deadlock is told to the host, which can still interrupt", async () => {
  const before = setInterval(() => {
    if (python.deadlocks.length === 0) return
    clearInterval(before)
    python.interrupt()
  }, 1)
  await gives(
    `
import threading
a, b, taken = threading.Lock(), threading.Lock(), threading.Event()
a.acquire()
def other():
    with b:
        taken.set()
        a.acquire()
threading.Thread(target=other).start()
taken.wait()
try:
    b.acquire()
except KeyboardInterrupt:
    out = "interrupted"
a.release()
`,
    "interrupted",
  )
  assert.equal(python.deadlocks[0]?.length, 2)
  assert.equal(python.deadlocks[0]?.[0], "main thread")
})

test("below a frame of JavaScript no thread is switched to, and Python says why", async () => {
  python.give((fn: () => string) => fn())
  await gives(
    `
import threading, time
lock = threading.Lock()
lock.acquire()
thread = threading.Thread(target=lock.acquire)
thread.start()
def below():
    try: lock.acquire()
    except RuntimeError as error: text = str(error)
    return f"{lock.acquire(timeout=0.001)}, {text}"
out = js(below)
lock.release()
thread.join()
`,
    "False, cannot wait here for another thread: a JavaScript frame is on the stack, " +
      "or this host cannot switch WebAssembly stacks",
  )
})
