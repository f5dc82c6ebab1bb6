/**
 * Green threads: `_thread` by WebAssembly stack switching, and the seam to the interpreter's room.
 *
 * `docs/internals/python-threads.md` tells how it works.
 */
export { installThreads, type LoadedPython } from "./install.ts"
export type {
  Begin,
  Pointer,
  RunOptions,
  Threads,
  ThreadsHost,
  Waiting,
  WaitWord,
} from "./seam.ts"
