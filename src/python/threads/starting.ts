/**
 * Threads from their start to their end: `start_joinable_thread`, `start_new_thread`, handles, the
 * joining at exit, and calls that TypeScript makes.
 */
import { hold, letGo } from "#platform/park"
import { deadlineIn } from "./calls.ts"
import { HANDLE, HANDLE_CONTENTS, type Layout } from "./layout.ts"
import type { LockTools } from "./locks.ts"
import { type CFunction, exception, raise } from "./module.ts"
import type { Native } from "./natives.ts"
import type { Pointer, RunOptions } from "./seam.ts"
import { type GreenThread, STACK_BYTES, STACK_BYTES_MIN, type ThreadStates } from "./thread.ts"
import { body, promising, switchesStacks } from "./wasm.ts"

/** What a thread calls, and what is done with the result and at its end. */
interface Job {
  readonly callable: Pointer
  readonly args: Pointer
  readonly kwargs: Pointer
  /** Takes the result; true when an exception is set that shall be reported. */
  settle(result: Pointer): boolean
  /** Called when the thread is no more. */
  ended(): void
  /** Called instead when the interpreter is broken; only TypeScript can hear of that. */
  broken?(error: unknown): void
}

const NO_SWITCH = "can't start new thread: this host cannot switch WebAssembly stacks"

/** What joins all threads at exit waits for; no object's address. */
const SHUTDOWN = 2

const CANNOT_JOIN = "Cannot join current thread"
const CANNOT_JOIN_AT_END = "cannot join thread at Python finalization"
const CANNOT_START_AT_END = "can't create new thread at interpreter shutdown"

/** Starts and ends the threads of one interpreter. */
export class Starting {
  stackBytes: number
  /** Threads besides the main one. */
  count = 0
  /** Calls of TypeScript that have not ended. */
  runs = 0
  readonly #tools: LockTools
  readonly #states: ThreadStates
  readonly #layout: Layout
  readonly #jobs = new Map<GreenThread, Job>()
  readonly #joinedAtExit = new Set<GreenThread>()
  readonly #enter: (...args: number[]) => Promise<number>
  readonly #report: Pointer
  readonly #setDone: CFunction
  #mainFree: Promise<unknown> = Promise.resolve()

  constructor(tools: LockTools, states: ThreadStates, layout: Layout, stackBytes = STACK_BYTES) {
    this.#tools = tools
    this.#states = states
    this.#layout = layout
    this.stackBytes = stackBytes
    const { calls, natives } = tools
    const { module } = calls
    this.#report = calls.format("Exception ignored in thread started by %R")
    this.#setDone = natives.find("_thread", "_ThreadHandle._set_done")
    this.#enter = promising(
      body({
        invoke: module._PyObject_Call,
        settled: (result) => this.#settled(result),
        report: module._PyErr_FormatUnraisable,
        clear: module._PyThreadState_Clear,
      }),
    )
  }

  /** Threads that have started and not ended. */
  get threads(): readonly GreenThread[] {
    return [...this.#jobs.keys()]
  }

  /** Calls a Python callable without arguments for TypeScript. */
  run<T>(callable: Pointer, options: RunOptions<T>): Promise<T> {
    const { main } = this.#states
    if (!options.main) {
      const thread = this.#states.create(this.stackBytes)
      if (thread === 0) return Promise.reject(new Error("no memory for another Python thread"))
      return this.#run(thread, callable, options)
    }
    const run = this.#mainFree.then(() => this.#run(main, callable, options))
    this.#mainFree = run.catch(() => {})
    return run
  }

  async #run<T>(thread: GreenThread, callable: Pointer, options: RunOptions<T>): Promise<T> {
    const { module } = this.#tools.calls
    let outcome: { value: T } | { error: unknown } | undefined
    this.runs++
    hold()
    module._Py_IncRef(callable)
    try {
      await new Promise<void>((resolve, reject) => {
        this.#begin(thread, {
          callable,
          args: module._PyTuple_New(0),
          kwargs: 0,
          settle: (result) => {
            try {
              outcome = { value: options.settle(result) }
            } catch (error) {
              outcome = { error }
            }
            return false
          },
          ended: resolve,
          broken: reject,
        })
      })
    } finally {
      letGo()
      this.runs--
    }
    if (outcome === undefined) throw new Error("a Python thread ended without a result")
    if ("error" in outcome) throw outcome.error
    return outcome.value
  }

  /** `start_joinable_thread(function, handle=None, daemon=True)` */
  startJoinable(args: Pointer, kwargs: Pointer): Pointer {
    const { calls, natives } = this.#tools
    const { module } = calls
    const names = ["function", "handle", "daemon"]
    const format = "O|Op:start_joinable_thread"
    const given = calls.parse(args, kwargs, format, names, [0, calls.none, 1])
    if (given === undefined) return 0
    const [callable, wanted, daemon] = given as [number, number, number]
    if (module._PyCallable_Check(callable) === 0)
      return calls.typeError("thread function must be callable")
    if (wanted !== calls.none && !this.#isHandle(wanted))
      return calls.typeError("'handle' must be a _ThreadHandle")
    if (!calls.audit("_thread.start_joinable_thread", "OiO", callable, daemon, wanted)) return 0
    const handle = wanted === calls.none ? natives.call("_thread", "_ThreadHandle") : wanted
    if (wanted !== calls.none) module._Py_IncRef(handle)
    const state = (this.#contents(handle) + this.#layout.handleState) >> 2
    if (module.HEAPU32[state] !== HANDLE.NOT_STARTED) {
      module._Py_DecRef(handle)
      return calls.runtimeError("thread already started")
    }
    const none = module._PyTuple_New(0)
    const thread = this.#start(callable, none, 0, handle)
    module._Py_DecRef(none)
    if (thread === 0) {
      module._Py_DecRef(handle)
      return 0
    }
    if (daemon === 0) this.#joinedAtExit.add(thread)
    module.HEAPU32[state] = HANDLE.RUNNING
    module.HEAPU32[(this.#contents(handle) + this.#layout.handleIdent) >> 2] = thread.ident
    module._Py_IncRef(handle)
    return handle
  }

  /** `start_new_thread(function, args[, kwargs])` */
  startNew(args: Pointer): Pointer {
    const { calls } = this.#tools
    const { module } = calls
    const given = calls.parseTuple(args, "OO|O:start_new_thread", [0, 0, 0])
    if (given === undefined) return 0
    const [callable, tuple, dict] = given as [number, number, number]
    const is = (object: Pointer, type: Pointer) =>
      module._PyType_IsSubtype(module.HEAPU32[(object + 4) >> 2], type) !== 0
    if (module._PyCallable_Check(callable) === 0)
      return calls.typeError("first arg must be callable")
    if (!is(tuple, module._PyTuple_Type)) return calls.typeError("2nd arg must be a tuple")
    if (dict !== 0 && !is(dict, module._PyDict_Type))
      return calls.typeError("optional 3rd arg must be a dictionary")
    const shown = dict === 0 ? calls.none : dict
    if (!calls.audit("_thread.start_new_thread", "OOO", callable, tuple, shown)) return 0
    const thread = this.#start(callable, tuple, dict, 0)
    return thread === 0 ? 0 : calls.int(thread.ident)
  }

  /** `_ThreadHandle.join(timeout=None)`, in place of C's `before`. */
  join(before: CFunction): Native {
    const { calls, natives, parking, scheduler } = this.#tools
    const { module } = calls
    const isDone = natives.find("_thread", "_ThreadHandle.is_done")
    return (handle, args) => {
      const contents = this.#contents(handle)
      const done = () => isDone(handle, 0) === calls.true
      const state = module.HEAPU32[(contents + this.#layout.handleState) >> 2]
      const theirs = () => before(handle, args)
      if (done() || state === HANDLE.NOT_STARTED) return theirs()
      if (module.HEAPU32[(contents + this.#layout.handleIdent) >> 2] === scheduler.here.ident)
        return calls.runtimeError(CANNOT_JOIN)
      if (scheduler.ending) return calls.finalizationError(CANNOT_JOIN_AT_END)
      const given = calls.parseTuple(args, "|O:join", [calls.none])
      if (given === undefined) return 0
      const seconds = given[0]
      const ms = seconds === calls.none ? -1 : calls.milliseconds(seconds)
      if (ms === undefined) return 0
      return parking.wait({
        key: contents,
        take: () => (done() ? theirs() : undefined),
        late: () => calls.none,
        deadline: deadlineIn(ms < 0 ? undefined : ms),
      })
    }
  }

  /** `_ThreadHandle._set_done()` after C's: who joins is woken. */
  setDone(before: CFunction): CFunction {
    return (handle, args) => {
      const result = before(handle, args)
      if (result !== 0) this.#tools.parking.wakeAll(this.#contents(handle))
      return result
    }
  }

  /** `_shutdown()`: waits until all threads have ended that are no daemons. */
  shutdown(): Native {
    const { calls, parking, scheduler } = this.#tools
    const over = () => {
      const interpreter = calls.module._PyInterpreterState_Get()
      for (const thread of this.#joinedAtExit)
        if (thread !== scheduler.here && thread.interpreter === interpreter) return undefined
      return calls.none
    }
    return () => over() ?? parking.wait({ key: SHUTDOWN, take: over, late: () => calls.none })
  }

  /** `stack_size([size])` */
  stackSize(args: Pointer): Pointer {
    const { calls } = this.#tools
    const given = calls.parseTuple(args, "|n:stack_size", [0])
    if (given === undefined) return 0
    const asked = given[0]
    const refuse = (text: string) => raise(calls.module, "_PyExc_ValueError", text)
    if (asked < 0) return refuse("size must be 0 or a positive value")
    if (asked > 0 && asked < STACK_BYTES_MIN) return refuse(`size not valid: ${asked} bytes`)
    const before = this.#asked
    if (calls.length(args) > 0) {
      this.#asked = asked
      this.stackBytes = asked === 0 ? STACK_BYTES : (asked + 15) & ~15
    }
    return calls.int(before)
  }

  #asked = 0

  #isHandle(object: Pointer): boolean {
    const { calls, natives } = this.#tools
    const type = natives.get("_thread", "_ThreadHandle")
    calls.module._Py_DecRef(type)
    return calls.module.HEAPU32[(object + 4) >> 2] === type
  }

  #contents(handle: Pointer): Pointer {
    return this.#tools.calls.module.HEAPU32[(handle + HANDLE_CONTENTS) >> 2]
  }

  /** A thread that Python starts; it takes over the reference to its handle. */
  #start(callable: Pointer, args: Pointer, kwargs: Pointer, handle: Pointer): GreenThread | 0 {
    const { calls, parking, scheduler } = this.#tools
    const { module } = calls
    if (!switchesStacks) return calls.runtimeError(NO_SWITCH)
    if (scheduler.ending) return calls.finalizationError(CANNOT_START_AT_END)
    const thread = this.#states.create(this.stackBytes)
    if (thread === 0) return 0
    const systemExit = exception(module, "_PyExc_SystemExit")
    for (const object of [callable, args, kwargs]) if (object !== 0) module._Py_IncRef(object)
    this.#begin(thread, {
      callable,
      args,
      kwargs,
      settle: (result) => {
        if (result !== 0) module._Py_DecRef(result)
        else if (module._PyErr_ExceptionMatches(systemExit) === 0) return true
        else module._PyErr_Clear()
        return false
      },
      ended: () => {
        if (handle !== 0) {
          if (this.#setDone(handle, 0) === 0) module._PyErr_Clear()
          parking.wakeAll(this.#contents(handle))
          module._Py_DecRef(handle)
        }
        if (this.#joinedAtExit.delete(thread)) parking.wakeAll(SHUTDOWN)
      },
    })
    return thread
  }

  #begin(thread: GreenThread, job: Job): void {
    this.#jobs.set(thread, job)
    if (!thread.main) this.count++
    const { callable, args, kwargs } = job
    this.#tools.scheduler.add(thread, () => {
      const clear = thread.main ? 0 : thread.state
      this.#enter(callable, args, kwargs, clear, this.#report).then(
        () => this.#end(thread, job),
        (error) => this.#broken(error),
      )
    })
  }

  /** WebAssembly has trapped: no Python code can run in this interpreter any more. */
  #broken(error: unknown): void {
    if (this.runs === 0) throw error
    for (const job of this.#jobs.values()) job.broken?.(error)
  }

  #settled(result: Pointer): number {
    const thread = this.#tools.scheduler.here
    const job = this.#jobs.get(thread) as Job
    return job.settle(result) ? this.#tools.calls.variadic(job.callable) : 0
  }

  #end(thread: GreenThread, job: Job): void {
    const { calls, scheduler } = this.#tools
    for (const object of [job.callable, job.args, job.kwargs])
      if (object !== 0) calls.module._Py_DecRef(object)
    this.#jobs.delete(thread)
    if (thread.main) this.#states.leave(thread)
    else {
      this.count--
      this.#states.end(thread)
    }
    job.ended()
    scheduler.left()
  }
}
