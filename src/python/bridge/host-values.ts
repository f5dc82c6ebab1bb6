/**
 * Values between the host and an interpreter: in two cells that the host owns, one for what is
 * asked and one for the answer, so that nothing is lost when the interpreter ends in between.
 */
import { clear, compareExchange, store } from "#platform/atomics"
import { below } from "#platform/random"
import { cores } from "#platform/thread"
import { CELL_WORDS, cells } from "../../internal/loop/cell.ts"
import { acquire, type Here } from "../../internal/loop/here.ts"
import type { Builtin } from "../builtins.ts"
import { intTuple, none, smallInt } from "../numbers.ts"
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

/** Behind the cell of a pickled handle lies a number below this, which its first reader takes. */
const ONCE_MAX = 2 ** 30

function packHandle(at: Here, handle: object): [cell: number, once: number] {
  const cell = acquire(at, (CELL_WORDS + 1) * 4)
  try {
    putValue(cell, handle, "handle")
  } catch (error) {
    at.arena.release(cell)
    throw error
  }
  const once = 1 + below(ONCE_MAX - 1)
  store(at.words, cell + CELL_WORDS, once)
  return [cell, once]
}

/** A pickle may be opened again, or be none of ours: its numbers are held against the memory. */
function unpackHandle({ words, arena }: Here, cell: number, once: number): unknown {
  const isPlace = cell > 0 && cell + CELL_WORDS < words.length && once > 0
  if (!isPlace || compareExchange(words, cell + CELL_WORDS, once, 0) !== once)
    throw new TypeError("this pickle was opened before: one of a channel or a reference opens once")
  try {
    return takeValue(cell)
  } finally {
    arena.release(cell)
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
    /** `handle_pack(n)`: two numbers that name the handle in a message, once. */
    handle_pack: bridge.builtin((args) =>
      intTuple(c, packHandle(bridge.inside.at, bridge.handle(args, 0))),
    ),
    /** `handle_unpack(number, once)`: the handle. */
    handle_unpack: bridge.builtin((args) => {
      const [cell, once] = [smallInt(c, args.pointer(0)), smallInt(c, args.pointer(1))]
      return toPython.value(unpackHandle(bridge.inside.at, cell ?? 0, once ?? 0), "handle")
    }),
    cores: () => c._PyLong_FromLong(cores),
  }
}
