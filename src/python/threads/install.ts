/** Puts green threads into a loaded interpreter. */
import { now } from "#platform/clock"
import { enlargeSwitchedStacks } from "#platform/stacks"
import { Calls } from "./calls.ts"
import { findLayout, type Layout } from "./layout.ts"
import { installImportLock, installLock, installRLock, type LockTools } from "./locks.ts"
import { Lookup } from "./lookup.ts"
import { raise, type ThreadModule, threadModule } from "./module.ts"
import { Natives } from "./natives.ts"
import { Parking } from "./parking.ts"
import { installPreemption } from "./preempt.ts"
import { Scheduler } from "./scheduler.ts"
import type { Threads, ThreadsHost } from "./seam.ts"
import { installSimpleQueue } from "./simple-queue.ts"
import { Starting } from "./starting.ts"
import { type GreenThread, ThreadStates } from "./thread.ts"
import { switchesStacks } from "./wasm.ts"

/** What of a loaded Pyodide is needed: its module, and running a line of Python. */
export interface LoadedPython {
  readonly _module: object
  runPython(code: string): unknown
}

/**
 * `threading` is imported while Pyodide starts, and asks at that time whether there are native ids.
 */
const NATIVE_ID = `
def _():
    import _thread, threading
    if threading._HAVE_THREAD_NATIVE_ID:
        return
    def _set_native_id(self):
        self._native_id = _thread.get_native_id()
    def native_id(self):
        """Native integral thread ID of this thread, or None if it has not been started."""
        assert self._initialized, "Thread.__init__() not called"
        return self._native_id
    threading._HAVE_THREAD_NATIVE_ID = True
    threading.get_native_id = _thread.get_native_id
    threading.__all__.append("get_native_id")
    threading.Thread._set_native_id = _set_native_id
    threading.Thread.native_id = property(native_id)
    threading.main_thread()._set_native_id()
_()
del _
`

/**
 * Makes `_thread` of this interpreter start green threads. Called once after each load, also after
 * a memory snapshot was restored; a snapshot is taken before.
 *
 * Throws when the interpreter is not the build that we know.
 */
export function installThreads(python: LoadedPython, host: ThreadsHost): Threads {
  const module = threadModule(python._module)
  enlargeSwitchedStacks()
  const layout = findLayout(module, new Lookup(module))
  const states = new ThreadStates(module, layout)
  const scheduler = new Scheduler(module, states, host)
  const natives = new Natives(module, scheduler)
  const calls = new Calls(module)
  const tools = { calls, natives, scheduler, parking: new Parking(scheduler) }
  const starting = new Starting(tools, states, layout, host.stackBytes)
  scheduler.stuck = () => {
    if (starting.runs > 0) host.deadlocked?.(starting.threads.map(label))
  }
  installLock(tools)
  installRLock(tools)
  installImportLock(tools)
  installSimpleQueue(tools)
  installIdentity(tools, states, layout)
  installStarting(tools, starting)
  installSleep(tools, module)
  natives.replace("sys", "is_finalizing", () => () => calls.bool(scheduler.ending))
  installPreemption(tools, states, host)
  python.runPython(NATIVE_ID)
  return {
    switching: switchesStacks,
    get count() {
      return starting.threads.length
    },
    get onMain() {
      return scheduler.here.main
    },
    get ident() {
      return scheduler.here.ident
    },
    blocking: (begin) => scheduler.waiter(3, begin),
    endOthers: () => {
      scheduler.endOthers()
      tools.parking.clear()
    },
    run: (callable, options) => starting.run(callable, options),
  }
}

function label({ main, ident }: GreenThread): string {
  return main ? "main thread" : `thread ${ident}`
}

function installIdentity(tools: LockTools, states: ThreadStates, layout: Layout): void {
  const { calls, natives, scheduler } = tools
  natives.replace("_thread", "get_ident", () => () => calls.int(scheduler.here.ident))
  natives.replace("_thread", "_get_main_thread_ident", () => () => calls.int(layout.mainIdent))
  natives.add("_thread", "get_native_id", () => calls.int(states.nativeId()))
  natives.replace("_thread", "interrupt_main", (before) => (self, args) => {
    const theirs = () => before(self, args)
    if (scheduler.here.main) return theirs()
    const given = calls.parseTuple(args, "|i:interrupt_main", [SIGINT])
    if (given === undefined) return 0
    const signal = given[0]
    if (signal < 1 || signal > SIGNAL_MAX) return theirs()
    scheduler.signals.push(signal)
    scheduler.wakeMain()
    return calls.none
  })
}

const SIGINT = 2
const SIGNAL_MAX = 64

function installStarting({ calls, natives }: LockTools, starting: Starting): void {
  natives.replace(
    "_thread",
    "start_joinable_thread",
    () => (_, args, kwargs) => starting.startJoinable(args, kwargs),
  )
  for (const name of ["start_new_thread", "start_new"])
    natives.replace("_thread", name, () => (_, args) => starting.startNew(args))
  natives.replace("_thread", "_count", () => () => calls.int(starting.count))
  natives.replace("_thread", "stack_size", () => (_, args) => starting.stackSize(args))
  natives.replaceWaiting("_thread", "_shutdown", () => starting.shutdown())
  natives.replaceWaiting("_thread", "_ThreadHandle.join", (before) => starting.join(before))
  natives.replace("_thread", "_ThreadHandle._set_done", (before) => starting.setDone(before))
}

/** `time.sleep`, which in Pyodide burns the processor until the time is over. */
function installSleep({ calls, natives, scheduler }: LockTools, module: ThreadModule): void {
  natives.addWaiting("time", "sleep", (_, seconds) => {
    if (!calls.audit("time.sleep", "O", seconds)) return 0
    const ms = calls.milliseconds(seconds)
    if (ms === undefined) return 0
    if (ms < 0) return raise(module, "_PyExc_ValueError", "sleep length must be non-negative")
    if (ms === 0) {
      const can = switchesStacks && scheduler.current !== undefined && scheduler.contended
      return can ? { turn: true, resume: () => calls.none } : calls.none
    }
    return { deadline: now() + ms, resume: (over) => (over ? calls.none : undefined) }
  })
}
