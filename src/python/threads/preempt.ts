/**
 * Taking the lock from a thread that computes: a clock, read where CPython looks for signals
 * anyway.
 *
 * CPython asks JavaScript for a signal at each 50th check of its evaluation loop, by reading
 * `Py_EmscriptenSignalBuffer` of its module. That is a getter here. When the running thread has had
 * its time, it answers YIELD_SIGNAL, whose handler is a builtin that waits for its turn: the switch
 * happens at a bytecode boundary of the evaluation loop, with no JavaScript on the stack.
 *
 * C functions look for signals too, some while they hold a lock of C (a buffered file's). Those
 * looks are told from the loop's by the counter of checks, and get no YIELD_SIGNAL.
 */
import { exchange, load } from "#platform/atomics"
import { now } from "#platform/clock"
import { leaveIfEnded } from "#platform/thread"
import { STATE } from "./layout.ts"
import type { LockTools } from "./locks.ts"
import { unknownBuild } from "./module.ts"
import type { Turn } from "./scheduler.ts"
import type { ThreadsHost } from "./seam.ts"
import type { ThreadStates } from "./thread.ts"
import { switchesStacks } from "./wasm.ts"

/** The last signal of the platform, which nobody sends. */
const YIELD_SIGNAL = 64

/** What the counter of checks is set to just before the loop's look. */
const CHECKS_AT_LOOP = 50

/** Looks between two readings of the clock, less one: some tens of microseconds. */
const LOOKS_MASK = 15

/** Makes the threads of an interpreter take turns. */
export function installPreemption(tools: LockTools, states: ThreadStates, host: ThreadsHost): void {
  const { calls, natives, scheduler } = tools
  const { module } = calls
  const turn: Turn = { turn: true, resume: () => calls.none }
  const handler = natives.object("_heddle_yield", () => {
    states.beMain(scheduler.here.main)
    const can = switchesStacks && scheduler.current !== undefined && scheduler.contended
    return can ? turn : calls.none
  })
  const signal = module._PyLong_FromLong(YIELD_SIGNAL)
  module._Py_DecRef(natives.call("signal", "signal", signal, handler))
  for (const object of [signal, handler]) module._Py_DecRef(object)

  const pendingBit = signalBit(tools, states)
  const given = [0]
  const clock = module.__Py_emscripten_signal_clock >> 2
  let looks = 0
  /** One look of CPython for a signal: the number, or 0. */
  const look = (): number => {
    const inLoop = module.HEAP32[clock] === CHECKS_AT_LOOP
    // One less, so that no look of a C function sees the number that the loop's look sees.
    if (inLoop) module.HEAP32[clock] = CHECKS_AT_LOOP - 1
    const { words, index } = host.signal
    const waiting = load(words, index) !== 0
    if (waiting && scheduler.here.main) return exchange(words, index, 0)
    if (waiting) scheduler.wakeMain()
    if (!inLoop || (!waiting && (++looks & LOOKS_MASK) !== 0)) return 0
    leaveIfEnded()
    if (scheduler.current === undefined || !scheduler.contended) return 0
    if (!waiting && now() < scheduler.sliceEnd) return 0
    // CPython runs handlers in the main thread only, and marks only the main thread's state.
    states.beMain(true)
    const breaker = (module._PyThreadState_Get() + STATE.EVAL_BREAKER) >> 2
    module.HEAPU32[breaker] = module.HEAPU32[breaker] | pendingBit
    return YIELD_SIGNAL
  }
  Object.defineProperty(module, "Py_EmscriptenSignalBuffer", {
    configurable: true,
    // CPython reads the property three times: is there a buffer, its first word, and to clear it.
    get: () => {
      if (given[0] === 0) given[0] = look()
      return given[0] === 0 ? undefined : given
    },
  })
  module.HEAPU8[module._Py_EMSCRIPTEN_SIGNAL_HANDLING] = 1
}

/**
 * The bit of a thread state's breaker that says "look at the signals", as seen when one is sent.
 */
function signalBit({ calls }: LockTools, states: ThreadStates): number {
  const { module } = calls
  const breaker = (states.main.state + STATE.EVAL_BREAKER) >> 2
  const before = module.HEAPU32[breaker]
  module._PyErr_SetInterruptEx(YIELD_SIGNAL)
  const bit = module.HEAPU32[breaker] & ~before
  module._PyErr_CheckSignals()
  if (bit === 0 || (bit & (bit - 1)) !== 0) throw unknownBuild("a thread is interrupted elsewhere")
  return bit
}
