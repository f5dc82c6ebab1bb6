/** The builtins beneath `subprocess`: starting a process, looking how it stands, signals. */
import { load, read } from "#platform/atomics"
import { postToStarter } from "#platform/thread"
import { acquire } from "../internal/loop/here.ts"
import type { Arguments, Builtin } from "./builtins.ts"
import { CHILD, CHILD_STATE, findChild, reapChild, takeChild } from "./children.ts"
import type { FromThread, Inside } from "./inside.ts"
import { bool, ints, intTuple, none, smallInt } from "./numbers.ts"
import { WORLD } from "./world.ts"

function tellHost(message: FromThread): void {
  postToStarter(message)
}

/** The builtins on processes for one interpreter. */
export function processBuiltins(inside: Inside): Record<string, Builtin> {
  const { c, at, world, values } = inside
  const { words } = at
  const rowOf = (args: Arguments): number =>
    findChild(words, world, smallInt(c, args.pointer(0)) ?? 0)
  return {
    /** The number of this process. */
    pid: () => c._PyLong_FromLong(read(words, world + WORLD.PID)),
    /**
     * `process_start(request, streams, kept)`: its number, and what to wait for until it runs or is
     * refused; None when there are too many.
     */
    process_start: (args) => {
      const request = args.pointer(0)
      const bytes = values.measure(request)
      if (bytes < 0) throw new TypeError("a request is made of simple values")
      const block = acquire(at, bytes)
      values.write(request, block)
      const child = takeChild(at, world)
      if (child === 0) {
        at.arena.release(block)
        return none(c)
      }
      const pid = read(words, child + CHILD.PID)
      const [streams, kept] = [args.pointer(1), args.pointer(2)].map((tuple) => ints(c, tuple))
      tellHost({ type: "process", asked: { child, pid, block, streams, kept } })
      return intTuple(c, [pid, child + CHILD.STATE, CHILD_STATE.ASKED])
    },
    /** `process_look(pid)`: what to wait for until it has ended, or was refused; None: no such. */
    process_look: (args) => {
      const child = rowOf(args)
      if (child === 0) return none(c)
      return intTuple(c, [child + CHILD.STATE, load(words, child + CHILD.STATE)])
    },
    /** `process_reap(pid)`: its status, which is given once; None when it has not ended. */
    process_reap: (args) => {
      const child = rowOf(args)
      const status = child === 0 ? -1 : reapChild(words, child, smallInt(c, args.pointer(0)) ?? 0)
      return status < 0 ? none(c) : c._PyLong_FromLong(status)
    },
    /** `process_signal(pid, signal)`: false when there is no such process. */
    process_signal: (args) => {
      const child = rowOf(args)
      if (child !== 0)
        tellHost({ type: "signal", child, signal: smallInt(c, args.pointer(1)) ?? 0 })
      return bool(c, child !== 0)
    },
  }
}
