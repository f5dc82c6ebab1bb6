/** What the builtins of one interpreter share: where it is, its C API, its place in the world. */
import type { Here } from "../internal/loop/here.ts"
import type { CApi } from "./c-api.ts"
import type { Values } from "./values.ts"

/** One interpreter, seen from its own thread. */
export interface Inside {
  readonly at: Here
  readonly c: CApi
  readonly values: Values
  readonly world: number
  readonly row: number
  readonly id: number
}

/** What an interpreter's thread tells the host. */
export type FromThread =
  /** An interpreter was created, and may get a thread; `now` when it is needed. */
  | { readonly type: "start"; readonly row: number; readonly now: boolean }
  /** The interpreter of this thread token is destroyed: its thread can end. */
  | { readonly type: "end"; readonly token: number }
  | { readonly type: "output"; readonly fd: 1 | 2; readonly bytes: Uint8Array }
  /** The host's request is answered; what was written before has come before. */
  | { readonly type: "answered" }
  /** The program has ended its CPython with os._exit. */
  | { readonly type: "exit"; readonly status: number }
  /** CPython cannot go on. */
  | { readonly type: "fatal"; readonly message: string }
