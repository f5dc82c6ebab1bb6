/** One Python with green threads in this process, for the tests of this folder. */
import { loadPyodide } from "pyodide"
import { installThreads, type Threads, type WaitWord } from "../../../src/python/threads/index.ts"

/** Defines `__run(code)`: runs it, and gives the value of `out` or the traceback. */
const PRELUDE = `
import _thread, sys, threading, time, traceback

def __make(code):
    def run():
        names = {"__name__": "__main__", "js": globals().get("js"), "wait": globals().get("wait")}
        try:
            exec(compile(code, "<test>", "exec"), names)
            return str(names.get("out"))
        except BaseException:
            return traceback.format_exc()
    return run

__made = []
`

/** What a test holds of an interpreter. */
export interface TestPython {
  readonly threads: Threads
  /** Address of None. */
  readonly none: number
  /** The word for signals; `interrupt` writes there. */
  readonly signal: { readonly words: Int32Array; readonly index: number }
  /** The words that the host's thread was blocked on. */
  readonly blocks: WaitWord[]
  readonly deadlocks: (readonly string[])[]
  readonly printed: string[]
  /** Runs code on Python's main thread, or one of its own; the value of `out` as text. */
  run(code: string, main?: boolean): Promise<string>
  /** Gives Python code a value of JavaScript, as `js`. */
  give(value: unknown): void
  interrupt(): void
  /** Gives Python code a builtin made by `threads.blocking`, as `wait`. */
  builtin(index: number): void
}

/** Loads an interpreter and installs threads. */
export async function testPython(): Promise<TestPython> {
  const printed: string[] = []
  const py = await loadPyodide({
    stdout: (line) => printed.push(line),
    stderr: (line) => printed.push(line),
  })
  const signal = { words: new Int32Array(new SharedArrayBuffer(4)), index: 0 }
  const blocks: WaitWord[] = []
  const deadlocks: (readonly string[])[] = []
  const threads = installThreads(py as never, {
    signal,
    block: (word, timeoutMs) => {
      blocks.push(word)
      Atomics.wait(word.words, word.index, word.expected, timeoutMs)
    },
    deadlocked: (names) => deadlocks.push(names),
  })
  py.runPython(PRELUDE)
  const module = (py as unknown as { _module: Module })._module
  const run = async (code: string, main = true) => {
    py.globals.set("__code", code)
    const made = py.runPython("__made.append(__make(__code)); id(__made[-1])") as number
    return await threads.run(made, {
      main,
      settle: (result) => module.UTF8ToString(module._PyUnicode_AsUTF8AndSize(result, 0)),
    })
  }
  return {
    threads,
    none: module.__Py_NoneStruct,
    signal,
    blocks,
    deadlocks,
    printed,
    run,
    give: (value) => py.globals.set("js", value),
    interrupt: () => {
      Atomics.store(signal.words, signal.index, 2)
      Atomics.notify(signal.words, signal.index)
    },
    builtin: (index) => {
      const definition = module._malloc(16)
      module.HEAPU32.set([named("wait"), index, METH_FASTCALL, 0], definition >> 2)
      const object = module._PyCFunction_NewEx(definition, 0, 0)
      const owner = module._PyImport_AddModule(named("__main__"))
      module._PyObject_SetAttrString(owner, named("wait"), object)
    },
  }

  function named(text: string): number {
    const at = module._malloc(text.length + 1)
    module.HEAPU8.set([...new TextEncoder().encode(text), 0], at)
    return at
  }
}

const METH_FASTCALL = 0x80

interface Module {
  readonly HEAPU8: Uint8Array
  readonly HEAPU32: Uint32Array
  readonly __Py_NoneStruct: number
  UTF8ToString(at: number): string
  _malloc(bytes: number): number
  _PyUnicode_AsUTF8AndSize(text: number, size: number): number
  _PyCFunction_NewEx(definition: number, self: number, module: number): number
  _PyImport_AddModule(name: number): number
  _PyObject_SetAttrString(object: number, name: number, value: number): number
}
