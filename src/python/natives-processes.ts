/** The builtins beneath `subprocess`: starting a process, looking how it stands, signals. */
import { load, read, store } from "#platform/atomics"
import type { Arguments, Builtin } from "./builtins.ts"
import { allChildren, CHILD, CHILD_STATE, findChild, reapChild, takeChild } from "./children.ts"
import { tellHost } from "./host.ts"
import type { Inside } from "./inside.ts"
import { makeRequest } from "./natives-items.ts"
import { bool, ints, intTuple, none, smallInt, tuple } from "./numbers.ts"
import { WORLD } from "./world.ts"

/** The builtins on processes for one interpreter. */
export function processBuiltins(inside: Inside): Record<string, Builtin> {
  return { ...childBuiltins(inside), ...signalBuiltins(inside) }
}

/** The row of the process whose number comes first; 0 when there is none. */
function rowOf({ c, at, world }: Inside, args: Arguments): number {
  return findChild(at.words, world, smallInt(c, args.pointer(0)) ?? 0)
}

/** Starting processes, and looking how they stand. */
function childBuiltins(inside: Inside): Record<string, Builtin> {
  const { c, at, world } = inside
  const { words } = at
  return {
    /** The number of this process. */
    pid: () => c._PyLong_FromLong(read(words, world + WORLD.PID)),
    /**
     * `process_start(request, streams, kept)`: its number, and what to wait for until it runs or is
     * refused; None when there are too many.
     */
    process_start: (args) => {
      const block = makeRequest(inside, args.pointer(0))
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
    /** What changes when any process that this one has started does: (word, seen). */
    processes_moved: () => {
      const word = world + WORLD.CHILDREN_MOVED
      return intTuple(c, [word, load(words, word)])
    },
    /** (number, state) of each process that was started and not waited for. */
    process_list: () =>
      tuple(
        c,
        allChildren(words, world).map((row) =>
          intTuple(c, [load(words, row + CHILD.PID), load(words, row + CHILD.STATE)]),
        ),
      ),
    /** `process_reap(pid)`: its status, which is given once; None when it has not ended. */
    process_reap: (args) => {
      const child = rowOf(inside, args)
      const status = child === 0 ? -1 : reapChild(words, child, smallInt(c, args.pointer(0)) ?? 0)
      return status < 0 ? none(c) : c._PyLong_FromLong(status)
    },
  }
}

/** Signals from one process to another. */
function signalBuiltins(inside: Inside): Record<string, Builtin> {
  const { c, at, world } = inside
  const { words } = at
  return {
    /** `process_heeds(signal, yes)`: whether this process has a handler for a signal below 32. */
    process_heeds: (args) => {
      const bit = 1 << (smallInt(c, args.pointer(0)) ?? 0)
      const heeded = load(words, world + WORLD.SIGNALS)
      const now = args.pointer(1) === c.__Py_TrueStruct ? heeded | bit : heeded & ~bit
      // The handlers of a process are those of its main interpreter.
      if (inside.id === 0) store(words, world + WORLD.SIGNALS, now)
      return none(c)
    },
    /** `process_signal(pid, signal)`: false when there is no such process. */
    process_signal: (args) => {
      const child = rowOf(inside, args)
      if (child !== 0)
        tellHost({ type: "signal", child, signal: smallInt(c, args.pointer(1)) ?? 0 })
      return bool(c, child !== 0)
    },
  }
}
