/** What the builtins of one interpreter share: where it is, its C API, its place in the world. */
import type { Here } from "../internal/loop/here.ts"
import type { CApi } from "./c-api.ts"
import type { Asked, Said } from "./carrier.ts"
import type { Values } from "./values.ts"

/** One interpreter, seen from its own thread. */
export interface Inside {
  readonly at: Here
  readonly c: CApi
  readonly values: Values
  readonly world: number
  /**
   * What the standard streams of its process are: ends of pipes, or below 0 streams of the first
   * process, -1 its input, -2 and -3 its outputs.
   */
  readonly streams: readonly number[]
  /**
   * Its row, and its id. They are given last, when everything else is ready: a thread that has no
   * interpreter yet has a seat of the same form, and no id. Read them in each call.
   */
  readonly row: number
  readonly id: number
  /** The word in which a signal is heeded now; nobody writes it while none is. */
  readonly signal: number
}

/** The same, before it has its row. */
export interface Seated extends Inside {
  /** From here on it is the interpreter of this row. */
  take(row: number, id: number): void
  /** Heeds signals from here on, or none; returns what it did before. */
  heed(yes: boolean): boolean
}

/** What a thread asks for when it starts a process. */
export interface AskedProcess {
  /** Where it says how the process stands. */
  readonly child: number
  readonly pid: number
  /** What the process is asked to do, and where: ("process", folder, path, environment, …). */
  readonly block: number
  /** What its standard streams are: see Inside. */
  readonly streams: readonly number[]
  /** Other ends of pipes that it is left. */
  readonly kept: readonly number[]
}

/** What an interpreter's thread tells the host. */
export type FromThread =
  /** An interpreter was created, and may get a thread; `now` when it is needed. */
  | { readonly type: "start"; readonly row: number; readonly now: boolean }
  /** The interpreter of this thread token is destroyed: its thread can end. */
  | { readonly type: "end"; readonly token: number }
  | { readonly type: "output"; readonly fd: 1 | 2; readonly bytes: Uint8Array }
  /** The thread has loaded its CPython, and waits for a row or has one. */
  | { readonly type: "loaded" }
  /** It needs a buffer, and sleeps until it has it. */
  | { readonly type: "asks"; readonly asked: Asked }
  /** It is done with one. */
  | { readonly type: "said"; readonly said: Said }
  /** A process is to be started. */
  | { readonly type: "process"; readonly asked: AskedProcess }
  /** A signal for the process in this row. */
  | { readonly type: "signal"; readonly child: number; readonly signal: number }
  /** Somebody reads standard input. */
  | { readonly type: "input" }
  /** The host's request is answered; what was written before has come before. */
  | { readonly type: "answered" }
  /** The program has ended its CPython with os._exit. */
  | { readonly type: "exit"; readonly status: number }
  /** CPython cannot go on. */
  | { readonly type: "fatal"; readonly message: string }
