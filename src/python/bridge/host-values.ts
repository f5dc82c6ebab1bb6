/**
 * Values between the host and an interpreter: in two cells that the host owns, one for what is
 * asked and one for the answer, so that nothing is lost when the interpreter ends in between.
 */
import { clear } from "#platform/atomics"
import { cores } from "#platform/thread"
import { CELL_WORDS, cells } from "../../internal/loop/cell.ts"
import { acquire, type Here } from "../../internal/loop/here.ts"
import type { Builtin } from "../builtins.ts"
import { none, smallInt } from "../numbers.ts"
import type { Bridge } from "./bridge.ts"
import { NEVER_ARRIVES } from "./no-counterpart.ts"

/** The cells of one request. */
export class Exchange {
  readonly #at: Here
  /** Cell of what is asked; the answer's lies behind it. */
  readonly asked: number

  /** @throws {NotSendableError} that names the path from `root` to what cannot cross */
  constructor(at: Here, value: unknown, root: string) {
    this.#at = at
    this.asked = acquire(at, CELL_WORDS * 8)
    clear(at.words, this.asked, CELL_WORDS * 2)
    try {
      putValue(this.asked, value, root)
    } catch (error) {
      at.arena.release(this.asked)
      throw error
    }
  }

  /** The answer. */
  answer(): unknown {
    return takeValue(this.asked + CELL_WORDS)
  }

  /** Gives the cells back, and what nobody has taken. */
  end(): void {
    cells().drop(this.asked)
    cells().drop(this.asked + CELL_WORDS)
    this.#at.arena.release(this.asked)
  }
}

function putValue(cell: number, value: unknown, root: string): void {
  const tag = cells().prepare(value, root)
  cells().put(cell, tag, value)
  cells().commit(tag)
}

function takeValue(cell: number): unknown {
  try {
    return cells().take(cell)
  } finally {
    putValue(cell, undefined, "")
  }
}

/** What the interpreter does with them. */
export function hostValueBuiltins(bridge: Bridge): Record<string, Builtin> {
  const { c, toJs, toPython } = bridge
  return {
    /** `host_asked(cell)`: what is asked. */
    host_asked: bridge.builtin((args) => {
      const cell = smallInt(c, args.pointer(0)) ?? 0
      if (cells().pending(cell)) throw new TypeError(NEVER_ARRIVES)
      return toPython.value(takeValue(cell), "args")
    }),
    /** `host_answer(cell, value)` */
    host_answer: bridge.builtin((args) => {
      const cell = (smallInt(c, args.pointer(0)) ?? 0) + CELL_WORDS
      putValue(cell, toJs.lent(args.pointer(1), "result"), "result")
      return none(c)
    }),
    /** `handle_pack(n)`: a number that names the handle in a message, once. */
    handle_pack: bridge.builtin((args) => {
      const cell = acquire(bridge.inside.at, CELL_WORDS * 4)
      putValue(cell, bridge.handle(args, 0), "handle")
      return c._PyLong_FromLong(cell)
    }),
    /** `handle_unpack(number)`: the handle. */
    handle_unpack: bridge.builtin((args) => {
      const cell = smallInt(c, args.pointer(0)) ?? 0
      const handle = takeValue(cell)
      bridge.inside.at.arena.release(cell)
      return toPython.value(handle, "handle")
    }),
    cores: () => c._PyLong_FromLong(cores),
  }
}
