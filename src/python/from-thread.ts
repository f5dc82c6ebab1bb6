/** What an interpreter's thread tells the host, and asks of it. */

/** A buffer that it asks for. */
export type Asked =
  | { readonly want: "shared"; readonly id: number }
  | { readonly want: "new shared"; readonly bytes: number }
  | { readonly want: "parcel"; readonly home: number; readonly id: number }

/** What it says of one, which nobody answers. */
export type Said =
  /** It holds a shared buffer no longer. */
  | { readonly over: "shared"; readonly id: number }
  /** A message that named one was not decoded. */
  | { readonly over: "shared on its way"; readonly id: number }
  | { readonly over: "parcel"; readonly home: number; readonly id: number }

/** What a thread asks for when it starts a process. */
export interface AskedProcess {
  /** Where it says how the process stands. */
  readonly child: number
  readonly pid: number
  /** What the process is asked to do, and where: ("process", folder, path, environment, …). */
  readonly block: number
  /** What its standard streams are: see inside.ts. */
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
