/**
 * What the interpreter's room and its green threads know of each other; types only.
 *
 * A green thread is a call into the interpreter on a WebAssembly stack of its own. All green
 * threads of an interpreter run on the one thread of the host that loaded it, one at a time:
 * Python's lock is held by whoever runs.
 */

/** Address in the interpreter's memory; that of an object, or 0. */
export type Pointer = number

/** A word of shared memory, and what it holds as long as nothing has happened. */
export interface WaitWord {
  readonly words: Int32Array
  readonly index: number
  readonly expected: number
}

/** What a builtin answers that cannot be completed yet. */
export interface Waiting {
  /**
   * The word to wait for, read anew before each wait. Without one only another green thread, a
   * deadline or a signal goes on.
   */
  readonly word?: WaitWord
  /** When to give up, on the platform's clock `now()`, in milliseconds. */
  readonly deadline?: number
  /**
   * Called on the waiting thread after a wake, which is a hint, and once with `timedOut` when the
   * deadline has passed. Answers the result (a new reference), 0 with Python's exception set, or
   * undefined to go on waiting (not after `timedOut`). Must not run Python code.
   */
  resume(timedOut: boolean): Pointer | undefined
  /** Called instead when the wait ends because a signal handler raised. */
  abandon?(): void
}

/**
 * The first part of a builtin that may wait, with the parameters of its C function (METH_FASTCALL:
 * self, arguments, their count). Answers a new reference, 0 with Python's exception set, or what to
 * wait for. Must not run Python code that may wait: a frame of JavaScript is on the stack.
 */
export type Begin = (self: Pointer, args: Pointer, count: number) => Pointer | Waiting

/** What green threads ask of the interpreter that they run in. */
export interface ThreadsHost {
  /**
   * The word in which others leave the number of a signal (2: KeyboardInterrupt); 0 when there is
   * none. Python's main thread takes it. Who writes it notifies the word that this interpreter
   * sleeps on (`block`) and this word itself.
   */
  readonly signal: { readonly words: Int32Array; readonly index: number }
  /**
   * Blocks this thread of the host until the word has changed or was notified, a signal is there,
   * or `timeoutMs` are over; may return early. Usually `Atomics.wait`.
   */
  block(word: WaitWord, timeoutMs: number): void
  /** All threads wait for one another, for ever: their names, the main thread's first. */
  deadlocked?(threads: readonly string[]): void
  /** Bytes of linear memory for the C stack of a thread; 512 KiB unless told, and not more. */
  readonly stackBytes?: number
}

/** How a thread that TypeScript starts is called and ended. */
export interface RunOptions<T> {
  /**
   * True: as Python's main thread, whose calls follow one another. Otherwise a thread of its own.
   */
  readonly main?: boolean
  /**
   * Called on the thread after the callable has returned: a new reference, or 0 with Python's
   * exception set, which it takes. Must not run Python code that may wait.
   */
  settle(result: Pointer): T
}

/** The green threads of one interpreter. */
export interface Threads {
  /** False where the host cannot switch stacks: starting a thread raises RuntimeError. */
  readonly switching: boolean
  /** Threads that have started and not ended, those of `run` included. */
  readonly count: number
  /** Whether the thread that runs now is Python's main thread, which alone hears of signals. */
  readonly onMain: boolean
  /** The identity of the thread that runs now; also where C has let its lock go. */
  readonly ident: number
  /**
   * Makes a builtin that may wait; the result is the C function's index in the table, for
   * `PyMethodDef.ml_meth`. While other threads live, a wait switches to them; a lone thread blocks
   * the host's thread (`Atomics.wait`), and so does a wait below a frame of JavaScript, where
   * stacks cannot be switched. Signal handlers run after a wake, and the wait raises what they
   * raise.
   */
  blocking(begin: Begin): number
  /** The interpreter is at its end: no other thread than the one that runs now runs again. */
  endOthers(): void
  /** Calls a Python callable without arguments, on a stack that can be switched. */
  run<T>(callable: Pointer, options: RunOptions<T>): Promise<T>
}
