import assert from "node:assert/strict"
import { test } from "node:test"

test("without stack switching a thread is refused, and everything else works", async () => {
  // Asked once, when the module is loaded: so before that.
  Reflect.deleteProperty(Reflect.get(globalThis, "WebAssembly"), "Suspending")
  const { testPython } = await import("./python.ts")
  const python = await testPython()
  assert.equal(python.threads.switching, false)
  const out = await python.run(`
import threading, time
try: threading.Thread(target=int).start()
except RuntimeError as error: text = str(error)
lock = threading.RLock()
with lock, lock: depth = lock._recursion_count()
time.sleep(0.001)
plain = threading.Lock()
plain.acquire()
try: plain.acquire()
except RuntimeError as error: stuck = type(error).__name__
out = (text, depth, stuck, plain.acquire(timeout=0.001), threading.active_count())
`)
  assert.equal(
    out,
    `("can't start new thread: this host cannot switch WebAssembly stacks", 2, 'RuntimeError', False, 1)`,
  )
})

test("another build of the interpreter is refused by name", async () => {
  const { installThreads } = await import("../../../src/python/threads/index.ts")
  const host = { signal: { words: new Int32Array(1), index: 0 }, block: () => {} }
  assert.throws(
    () => installThreads({ _module: {}, runPython: () => {} }, host),
    /pyodide 314\.0\.x .* does not export addFunction/,
  )
})
