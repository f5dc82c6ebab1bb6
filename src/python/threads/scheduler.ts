/**
 * Who runs, who may run, who waits: the green threads of one interpreter.
 *
 * One thread runs at a time (`current`); the event loop runs when none does. A thread stops only
 * in a `waiter` (wasm.ts): it registers what wakes it, suspends, and the next one goes on in a
 * microtask; after SLICE_MS without a turn of the event loop, in a turn of it, so that timers,
 * messages and words are heard however busy the threads are.
 *
 * Invariant     the next thread goes on only after the last one's stack has been left
 * Invariant     only suspended threads are in `ready`, each once
 * Invariant     a wake is a hint: whoever goes on tries again, and tries before it suspends
 */
import { load } from "#platform/atomics"
import { after, nextTurn, now } from "#platform/clock"
import { Fifo } from "../../internal/loop/fifo.ts"
import { raise, type ThreadModule } from "./module.ts"
import type { Pointer, ThreadsHost, Waiting } from "./seam.ts"
import { type GreenThread, newThread, type ThreadStates, type Wait } from "./thread.ts"
import { CHECK_SIGNALS, SUSPEND, suspending, switchesStacks, waiter } from "./wasm.ts"
import { WordWatch } from "./word-watch.ts"

/** How long a thread runs while another one could: as CPython's switch interval. */
const SLICE_MS = 5

const NO_WAY =
  "cannot wait here for another thread: a JavaScript frame is on the stack, " +
  "or this host cannot switch WebAssembly stacks"

const AT_END = "cannot wait for another thread at Python finalization"

/** A wait that gives the others their turn and needs nothing. */
export interface Turn extends Waiting {
  readonly turn: true
}

/** Switches between green threads. */
export class Scheduler {
  /** Signals sent by `interrupt_main` from another thread, for the main one. */
  readonly signals: number[] = []
  /** The thread that runs; undefined while the event loop does. */
  current: GreenThread | undefined
  /** When the running thread has had its time. */
  sliceEnd = 0
  /** Called when all wait for one another, or for nothing. */
  stuck: () => void = () => {}
  readonly #module: ThreadModule
  readonly #states: ThreadStates
  readonly #host: ThreadsHost
  readonly #ready = new Fifo<GreenThread>()
  readonly #words = new WordWatch()
  readonly #signalWatch = new WordWatch()
  readonly #suspend = suspending(() => this.#suspended())
  /** Stand-ins for Python code that the event loop calls, the innermost last. */
  readonly #outside: GreenThread[] = []
  /** The thread that goes on as soon as the engine comes to it. */
  #chosen: GreenThread | undefined
  readonly #interrupt = () => this.#fromHost(this.#states.main)
  #timers = 0
  #lastTurn = 0
  #looking = false
  #coming = false
  /** The only thread that runs from here on, once the interpreter is at its end. */
  #last: GreenThread | undefined

  constructor(module: ThreadModule, states: ThreadStates, host: ThreadsHost) {
    this.#module = module
    this.#states = states
    this.#host = host
    states.main.wake = () => this.#fromHost(states.main)
  }

  /** The thread whose Python code calls: the running one, or the one the event loop passes for. */
  get here(): GreenThread {
    return this.current ?? this.#states.attached
  }

  /** True when somebody else runs, or may come to run, once this thread stops. */
  get contended(): boolean {
    if (this.ending) return false
    return this.#ready.length > 0 || this.#timers > 0 || this.#words.count > 0
  }

  /** Whether the interpreter is at its end. */
  get ending(): boolean {
    return this.#last !== undefined
  }

  /** The interpreter is at its end: the others never run again, wherever they stand. */
  endOthers(): void {
    this.#last = this.here
    while (this.#ready.shift() !== undefined);
  }

  /** A C function that may wait, from its first part. */
  waiter(parameters: number, begin: (...args: number[]) => Pointer | Waiting): number {
    const call = waiter(parameters, {
      begin: (...args) => {
        const answer = begin(...args)
        return typeof answer === "number" ? answer : this.#begin(answer)
      },
      again: () => this.#again(),
      suspend: this.#suspend,
      refused: () => this.#refused(),
      check: this.#module._PyErr_CheckSignals,
      abandon: () => this.#finish(this.#waiter()).abandon?.(),
    })
    return this.#module.addFunction(call)
  }

  /** Takes up a thread that has not begun. */
  add(thread: GreenThread, start: () => void): void {
    thread.wake = () => this.#fromHost(thread)
    thread.suspended = true
    thread.proceed = () => {
      this.#enter()
      start()
    }
    this.wake(thread)
  }

  /** Lets a suspended thread go on when its turn comes. */
  wake(thread: GreenThread): void {
    if (thread.ready || !thread.suspended || (this.ending && thread !== this.#last)) return
    thread.ready = true
    this.#ready.push(thread)
    this.#next()
  }

  /** Wakes the main thread if it waits, so that it runs its signal handlers. */
  wakeMain(): void {
    this.wake(this.#states.main)
  }

  /** The running thread's last function has returned. */
  left(): void {
    this.current = undefined
    this.#next()
  }

  #fromHost(thread: GreenThread): void {
    // A look is no turn of the event loop, which has to come now and then all the same.
    if (!this.#looking) this.#lastTurn = now()
    this.wake(thread)
  }

  /** The thread whose wait it is; for the event loop, its stand-in. */
  #waiter(): GreenThread {
    return (this.#outside.at(-1) ?? this.current) as GreenThread
  }

  #begin(waiting: Waiting): number {
    const outside = this.current === undefined
    if (outside) this.#outside.push(newThread(this.#states.attached))
    const thread = this.#waiter()
    const wait = { waiting, refused: outside || !switchesStacks || this.ending }
    thread.waits.push(wait)
    return this.#wait(thread, wait)
  }

  /** One round of a wait that is not over: the signals first, then suspend, or block the host. */
  #wait(thread: GreenThread, wait: Wait): number {
    const { waiting } = wait
    for (;;) {
      if (this.#signalled(thread)) return CHECK_SIGNALS
      if (waiting.deadline !== undefined && now() >= waiting.deadline) {
        this.#finish(thread)
        return waiting.resume(true) as Pointer
      }
      if (wait.refused || this.#alone(waiting)) {
        if (!this.#block(waiting)) return this.#fail(thread)
      } else if (this.#register(thread, waiting)) return SUSPEND
      const result = waiting.resume(false)
      if (result === undefined) continue
      this.#finish(thread)
      return result
    }
  }

  #again(): number {
    if (this.#outside.length === 0 && this.#chosen !== undefined) this.#enter()
    const thread = this.#waiter()
    const wait = thread.waits.at(-1) as Wait
    if (this.#signalled(thread)) return CHECK_SIGNALS
    const result = wait.waiting.resume(false)
    if (result === undefined) return this.#wait(thread, wait)
    this.#finish(thread)
    return result
  }

  /** The innermost wait is over: answers what it was. */
  #finish(thread: GreenThread): Waiting {
    const { waiting } = thread.waits.pop() as Wait
    if (this.#outside.at(-1) === thread) this.#outside.pop()
    return waiting
  }

  #fail(thread: GreenThread): 0 {
    this.#finish(thread).abandon?.()
    return this.ending
      ? raise(this.#module, "_PyExc_PythonFinalizationError", AT_END)
      : raise(this.#module, "_PyExc_RuntimeError", NO_WAY)
  }

  /** Whether the main thread has signals to handle; those sent from here become C's. */
  #signalled(thread: GreenThread): boolean {
    if (!thread.main) return false
    const { words, index } = this.#host.signal
    if (load(words, index) !== 0) return true
    if (this.signals.length === 0) return false
    for (const signal of this.signals.splice(0)) this.#module._PyErr_SetInterruptEx(signal)
    return true
  }

  /** True when only this wait's own word or deadline can make anything go on. */
  #alone(waiting: Waiting): boolean {
    return (waiting.word !== undefined || waiting.deadline !== undefined) && !this.contended
  }

  #block({ word, deadline }: Waiting): boolean {
    if (word === undefined && deadline === undefined) return false
    const { words, index } = this.#host.signal
    const timeoutMs = deadline === undefined ? Infinity : Math.max(0, deadline - now())
    this.#host.block(word ?? { words, index, expected: 0 }, timeoutMs)
    return true
  }

  /** Registers what will wake the thread; false when its word has changed meanwhile. */
  #register(thread: GreenThread, { word, deadline }: Waiting): boolean {
    if (word !== undefined) {
      if (!this.#words.add(word, thread.wake)) return false
      thread.word = word
    }
    if (deadline !== undefined) {
      this.#timers++
      thread.timer = after(Math.max(0, deadline - now()), thread.wake)
    }
    return true
  }

  #unregister(thread: GreenThread): void {
    if (thread.word !== undefined) this.#words.remove(thread.word, thread.wake)
    thread.word = undefined
    if (thread.timer === undefined) return
    thread.timer.stop()
    thread.timer = undefined
    this.#timers--
  }

  /** Called by WebAssembly on the stack that is about to be left. */
  #suspended(): Promise<void> {
    const thread = this.current as GreenThread
    const { waiting } = thread.waits.at(-1) as Wait
    this.#states.leave(thread)
    this.current = undefined
    thread.suspended = true
    const left = new Promise<void>((resolve) => {
      thread.proceed = resolve
    })
    if ("turn" in waiting) this.wake(thread)
    this.#next()
    return left
  }

  /** The host would not leave the stack: the thread runs on, and will block the host's thread. */
  #refused(): void {
    const thread = this.#states.attached
    ;(thread.waits.at(-1) as Wait).refused = true
    this.#unregister(thread)
    thread.suspended = false
    this.current = thread
    if (!thread.ready) return
    thread.ready = false
    this.#ready.remove(thread)
  }

  /** Sees to it that the next thread goes on, once the stack of this one has been left. */
  #next(): void {
    if (this.#coming || this.current !== undefined || this.#chosen !== undefined) return
    this.#coming = true
    if ((this.#ready.length > 0 || this.#words.count > 0) && now() - this.#lastTurn < SLICE_MS) {
      queueMicrotask(() => this.#choose())
    } else {
      nextTurn(() => {
        this.#lastTurn = now()
        this.#choose()
      })
    }
  }

  #choose(): void {
    this.#coming = false
    if (this.current !== undefined || this.#chosen !== undefined) return
    this.#looking = true
    this.#words.look()
    this.#looking = false
    const thread = this.#ready.shift()
    if (thread === undefined) {
      this.#idle()
      return
    }
    thread.ready = false
    this.#chosen = thread
    thread.proceed()
  }

  /** The chosen thread's stack is entered. */
  #enter(): void {
    const thread = this.#chosen as GreenThread
    this.#chosen = undefined
    this.current = thread
    thread.suspended = false
    this.sliceEnd = now() + SLICE_MS
    this.#unregister(thread)
    this.#states.attach(thread)
  }

  /** Nobody can go on now: only the host can make somebody, or a signal. */
  #idle(): void {
    const { words, index } = this.#host.signal
    if (!this.#signalWatch.add({ words, index, expected: 0 }, this.#interrupt)) this.#interrupt()
    this.#signalWatch.arm()
    this.#words.arm()
    if (!this.contended) this.stuck()
  }
}
