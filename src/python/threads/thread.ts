/**
 * A green thread: a thread state of CPython, a C stack, and a place in the scheduler.
 *
 * Invariant     a thread state is attached exactly while its thread, or the event loop after it,
 * runs
 * Invariant     a suspended thread's C stack lies still: nothing moves it, so what points into it
 *               (frames, their references, buffers of C functions) stays right
 */
import type { Timer } from "#platform/clock"
import { type Layout, STATE } from "./layout.ts"
import { raise, type ThreadModule } from "./module.ts"
import type { Pointer, Waiting, WaitWord } from "./seam.ts"

/** What a thread is and what it waits for. */
export interface GreenThread {
  readonly state: Pointer
  readonly ident: number
  readonly main: boolean
  /** Start of its C stack; 0 for the main thread, which has the interpreter's. */
  readonly stack: Pointer
  /** Where its C stack ends now. */
  top: number
  /**
   * The state that CPython sees while this thread runs: another than its own while C code of this
   * thread runs an interpreter inside the interpreter.
   */
  seen: Pointer
  /** The interpreter that it was started in. */
  readonly interpreter: Pointer
  /** What it waits for, the innermost last: a signal handler may wait during a wait. */
  readonly waits: Wait[]
  /** What will wake it while it is suspended. */
  word: WaitWord | undefined
  timer: Timer | undefined
  wake: () => void
  /** True while its stack is left, or not yet entered. */
  suspended: boolean
  /** True from the moment that something woke it until it runs. */
  ready: boolean
  /** Starts it or goes on with it. */
  proceed: () => void
}

/** One wait of a thread. */
export interface Wait {
  readonly waiting: Waiting
  /** True after the host refused to leave the stack. */
  refused: boolean
}

/** Least size of a thread's C stack. */
export const STACK_BYTES_MIN = 32 * 1024

/**
 * Usual size, and how much of the interpreter's own the main thread may use. CPython measures its
 * depth there and cannot see the engine's stack: this one has to be used up first. With the sizes
 * of platform/stacks.ts a list nested too deep for `repr` does so up to 512 KiB, not with 768.
 */
export const STACK_BYTES = 512 * 1024

/** Makes, attaches and ends the thread states of one interpreter. */
export class ThreadStates {
  readonly main: GreenThread
  readonly #module: ThreadModule
  readonly #layout: Layout
  #attached: GreenThread
  #nativeIds = 1

  constructor(module: ThreadModule, layout: Layout) {
    this.#module = module
    this.#layout = layout
    const interpreter = module._PyInterpreterState_Get()
    const state = module._PyThreadState_Get()
    const top = module.___stack_pointer.value
    this.main = newThread({
      state,
      ident: layout.mainIdent,
      main: true,
      stack: 0,
      top,
      interpreter,
    })
    this.#attached = this.main
    module._PyUnstable_ThreadState_SetStackProtection(state, top - STACK_BYTES, STACK_BYTES)
    module.HEAPU32[(state + STATE.NATIVE_ID) >> 2] = this.#nativeIds
  }

  /** The thread whose state CPython sees. */
  get attached(): GreenThread {
    return this.#attached
  }

  /** The small number of the attached thread, for `get_native_id`. */
  nativeId(): number {
    return this.#module.HEAPU32[(this.#attached.state + STATE.NATIVE_ID) >> 2]
  }

  /** A new thread, not yet run; or 0 with Python's exception set. */
  create(stackBytes: number): GreenThread | 0 {
    const module = this.#module
    const interpreter = module._PyInterpreterState_Get()
    const stack = module._malloc(stackBytes)
    const state = stack === 0 ? 0 : module._PyThreadState_New(interpreter)
    if (state === 0) {
      module._free(stack)
      return raise(module, "_PyExc_RuntimeError", "can't start new thread: out of memory")
    }
    module.HEAPU32[(state + STATE.THREAD_ID) >> 2] = state
    module.HEAPU32[(state + STATE.NATIVE_ID) >> 2] = ++this.#nativeIds
    if (module._PyUnstable_ThreadState_SetStackProtection(state, stack, stackBytes) < 0) {
      module._PyThreadState_Delete(state)
      module._free(stack)
      return 0
    }
    // Compiled code counts on 16: it sets low bits of addresses instead of adding.
    const top = (stack + stackBytes) & ~15
    return newThread({ state, ident: state, main: false, stack, top, interpreter })
  }

  /** Makes CPython see this thread: its state, its C stack, and whether it is the main one. */
  attach(thread: GreenThread): void {
    if (this.#attached !== thread) {
      this.#module._PyThreadState_Swap(thread.seen)
      this.#attached = thread
      this.beMain(thread.main)
    }
    this.#module.___stack_pointer.value = thread.top
  }

  /** Remembers where the C stack of the running thread ends, and what CPython sees. */
  leave(thread: GreenThread): void {
    thread.seen = this.#module._PyThreadState_Get()
    thread.top = this.#module.___stack_pointer.value
  }

  /** Tells CPython whether this is the main thread: signal handlers run only there. */
  beMain(main: boolean): void {
    this.#module.HEAPU32[this.#layout.mainThreadWord] = main ? this.#layout.mainIdent : 1
  }

  /** Takes back a thread whose last function has returned and whose state is cleared. */
  end(thread: GreenThread): void {
    this.attach(this.main)
    this.#module._PyThreadState_Delete(thread.state)
    this.#module._free(thread.stack)
  }
}

/** A thread that runs, has never waited, and is woken by nothing yet. */
export function newThread(
  known: Pick<GreenThread, "state" | "ident" | "main" | "stack" | "top" | "interpreter">,
): GreenThread {
  return {
    ...known,
    seen: known.state,
    waits: [],
    word: undefined,
    timer: undefined,
    wake: () => {},
    suspended: false,
    ready: false,
    proceed: () => {},
  }
}
