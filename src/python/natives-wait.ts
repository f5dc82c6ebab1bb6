/** The builtins that look at shared words, wait for them and wake those who wait. */
import { load, notify, store } from "#platform/atomics"
import { spinUntilChanged, waitSync } from "#platform/park"
import type { Builtin } from "./builtins.ts"
import type { Inside } from "./inside.ts"
import { bool, none, numberOf, smallInt } from "./numbers.ts"
import { bump, ROW, WORLD } from "./world.ts"

/** Looks at a word before its thread sleeps, while that has lately paid: some microseconds. */
const SPINS = 400

/** `load`, `wait`, `wake` and what belongs to them, for one interpreter. */
export function waitBuiltins(inside: Inside): Record<string, Builtin> {
  const { c, at, world, values } = inside
  const word = (object: number): number => smallInt(c, object) ?? 0
  return {
    load: (args) => c._PyLong_FromLong(load(at.words, word(args.pointer(0)))),
    wait: (args) => {
      const seconds = numberOf(c, args.pointer(2))
      const ended = block(inside, word(args.pointer(0)), word(args.pointer(1)), seconds)
      return ended === "raised" ? 0 : bool(c, ended === "changed")
    },
    still_word: () => c._PyLong_FromLong(world + WORLD.STILL),
    interrupt: (args) => {
      interrupt(at.words, word(args.pointer(0)), word(args.pointer(1)))
      return none(c)
    },
    simple: (args) => bool(c, values.measure(args.pointer(0)) >= 0),
    wake: (args) => {
      bump(at.words, word(args.pointer(0)))
      return none(c)
    },
  }
}

let spins = SPINS

/**
 * Blocks this thread until the word is no longer `seen`, somebody notified, or `seconds` are over;
 * runs Python's signal handlers before and after.
 */
function block(
  { at, c, row }: Inside,
  word: number,
  seen: number,
  seconds: number | undefined,
): "changed" | "late" | "raised" {
  const { words } = at
  if (spins > 0 && seconds !== 0 && spinUntilChanged(words, word, seen, spins)) {
    spins = SPINS
    return "changed"
  }
  spins >>= 1
  store(words, row + ROW.SLEEPS_ON, word)
  // Pairs with `interrupt`, which stores the signal and then reads SLEEPS_ON.
  const quiet = load(words, row + ROW.SIGNAL) === 0
  const woken = quiet ? waitSync(words, word, seen, toMs(seconds)) : "ok"
  store(words, row + ROW.SLEEPS_ON, 0)
  if (woken === "ok" && spins === 0) spins = 1
  if (c._PyErr_CheckSignals() < 0) return "raised"
  return woken === "timed-out" ? "late" : "changed"
}

function toMs(seconds: number | undefined): number {
  return seconds === undefined ? Number.POSITIVE_INFINITY : seconds * 1000
}

/** Sends a signal to the interpreter of a row, and wakes it if it sleeps. */
export function interrupt(words: Int32Array, row: number, signal: number): void {
  store(words, row + ROW.SIGNAL, signal)
  const word = load(words, row + ROW.SLEEPS_ON)
  if (word !== 0) notify(words, word)
}
