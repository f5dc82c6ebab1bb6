/**
 * Where things lie in CPython's structures, seen rather than believed: each offset is found, or
 * held against what the interpreter does, when threads are installed.
 */
import type { Lookup } from "./lookup.ts"
import { cString, type ThreadModule, unknownBuild } from "./module.ts"
import type { Pointer } from "./seam.ts"

/** Byte offsets and addresses of one interpreter. */
export interface Layout {
  /** The identity of Python's main thread, as `_thread.get_ident()` gives it. */
  readonly mainIdent: number
  /** Index of the word in which the runtime keeps the identity of its main thread. */
  readonly mainThreadWord: number
  /** Offset of a thread handle's identity and state below its object. */
  readonly handleIdent: number
  readonly handleState: number
}

/** Offsets in a PyThreadState. */
export const STATE = { EVAL_BREAKER: 12, THREAD_ID: 92, NATIVE_ID: 96 } as const

/** Offsets in `_thread.lock` and `_thread.RLock`: a byte, a word, a word. */
export const LOCK = { BITS: 8, OWNER: 16, LEVEL: 24 } as const

/** States of a thread handle. */
export const HANDLE = { NOT_STARTED: 1, RUNNING: 3, DONE: 4 } as const

/** Where the pointer to a thread handle's contents lies in its object. */
export const HANDLE_CONTENTS = 8

/** Words searched for a value that must be near. */
const RUNTIME_WORDS = 1024
const HANDLE_WORDS = 12

/** An identity that is nobody's, to be found again in memory. */
const PROBE_IDENT = 0x5ee4_1234

/** Finds the layout; throws when this is not the CPython that we know. */
export function findLayout(module: ThreadModule, look: Lookup): Layout {
  const words = module.HEAPU32
  const state = module._PyThreadState_Get()
  const ident = words[(state + STATE.THREAD_ID) >> 2]
  checkIdent(module, look.call("_thread", "get_ident"), ident)
  checkLocks(module, look, ident)
  return {
    mainIdent: ident,
    mainThreadWord: findMainThread(module.HEAPU32, module.__PyRuntime >> 2, ident, state),
    ...findHandle(module, look),
  }
}

function checkIdent(module: ThreadModule, object: Pointer, ident: number): void {
  const seen = module._PyFloat_AsDouble(object)
  module._Py_DecRef(object)
  if (seen !== ident) throw unknownBuild("a thread state has its identity elsewhere")
}

function findMainThread(words: Uint32Array, from: number, ident: number, state: Pointer): number {
  for (let at = from; at < from + RUNTIME_WORDS; at++) {
    if (words[at] === ident && words[at + 1] === state) return at
  }
  throw unknownBuild("the runtime does not name its main thread")
}

function checkLocks(module: ThreadModule, look: Lookup, ident: number): void {
  const lock = look.call("_thread", "allocate_lock")
  const rlock = look.call("_thread", "RLock")
  const acquire = (object: Pointer) => {
    const method = module._PyObject_GetAttrString(object, cString(module, "acquire"))
    const none = module._PyTuple_New(0)
    for (const made of [module._PyObject_Call(method, none, 0), none, method])
      module._Py_DecRef(made)
  }
  const seen = [module.HEAPU8[lock + LOCK.BITS], module.HEAPU8[rlock + LOCK.BITS]]
  for (const object of [lock, rlock, rlock]) acquire(object)
  seen.push(module.HEAPU8[lock + LOCK.BITS], module.HEAPU8[rlock + LOCK.BITS])
  seen.push(module.HEAPU32[(rlock + LOCK.OWNER) >> 2], module.HEAPU32[(rlock + LOCK.LEVEL) >> 2])
  if (seen.join() !== [0, 0, 1, 1, ident, 1].join()) throw unknownBuild("locks look different")
  for (const object of [lock, rlock]) {
    module.HEAPU8[object + LOCK.BITS] = 0
    module._Py_DecRef(object)
  }
}

function findHandle(
  module: ThreadModule,
  look: Lookup,
): { handleIdent: number; handleState: number } {
  const probe = module._PyLong_FromUnsignedLong(PROBE_IDENT)
  const made = look.call("_thread", "_make_thread_handle", probe)
  const fresh = look.call("_thread", "_ThreadHandle")
  const contents = (handle: Pointer) => {
    const words = module.HEAPU32
    const at = words[(handle + HANDLE_CONTENTS) >> 2] >> 2
    return [...words.subarray(at, at + HANDLE_WORDS)]
  }
  const [running, idle] = [contents(made), contents(fresh)]
  const ident = running.indexOf(PROBE_IDENT)
  const state = running.findIndex(
    (word, at) => at > ident && word === HANDLE.RUNNING && idle[at] === HANDLE.NOT_STARTED,
  )
  if (ident < 0 || state < 0) throw unknownBuild("thread handles look different")
  for (const object of [made, fresh, probe]) module._Py_DecRef(object)
  return { handleIdent: ident * 4, handleState: state * 4 }
}
