/** The builtins that look at shared words, wait for them and wake those who wait. */
import { load, notify, store } from "#platform/atomics"
import { now } from "#platform/clock"
import { spinUntilChanged, waitSync } from "#platform/park"
import { leaveIfEnded } from "#platform/thread"
import { Arguments, type Builtin, raise } from "./builtins.ts"
import type { Inside, Seated } from "./inside.ts"
import { bool, none, numberOf, smallInt } from "./numbers.ts"
import type { Begin, Threads, WaitWord } from "./threads/index.ts"
import { bump, ROW } from "./world.ts"

/** Looks at a word before its thread sleeps, while that has lately paid: some microseconds. */
const SPINS = 400

/** `load`, `wait`, `wake` and what belongs to them, for one interpreter. */
export function waitBuiltins(inside: Inside): Record<string, Builtin> {
  const { c, at, values } = inside
  const word = (object: number): number => smallInt(c, object) ?? 0
  return {
    load: (args) => c._PyLong_FromLong(load(at.words, word(args.pointer(0)))),
    interrupt: (args) => {
      interrupt(at.words, word(args.pointer(0)), word(args.pointer(1)))
      return none(c)
    },
    nudge: (args) => {
      nudge(at.words, word(args.pointer(0)))
      return none(c)
    },
    simple: (args) => bool(c, values.measure(args.pointer(0)) >= 0),
    wake: (args) => {
      bump(at.words, word(args.pointer(0)))
      return none(c)
    },
  }
}

/** The builtins that tell the threads of one interpreter what may end or stop them. */
export function threadBuiltins(inside: Seated, threads: Threads): Record<string, Builtin> {
  const { c } = inside
  return {
    /** `heed(yes)`: signals end what the main thread does from here on, or none; if they did. */
    heed: (args) => bool(c, threads.onMain && inside.heed(args.pointer(0) === c.__Py_TrueStruct)),
    /** As CPython's daemon threads at its end: no other thread runs from here on. */
    end_other_threads: () => {
      threads.endOthers()
      return none(c)
    },
  }
}

/** `wait(word, seen, seconds)`: the first half of the one builtin that waits. */
export function beginWait({ c, at: { words } }: Inside): Begin {
  const args = new Arguments(c)
  return (_self, first, count) => {
    args.set(first, count)
    const index = smallInt(c, args.pointer(0)) ?? 0
    const expected = smallInt(c, args.pointer(1)) ?? 0
    const seconds = numberOf(c, args.pointer(2))
    // It is never over.
    if (Number.isNaN(seconds))
      return raise(c, c._PyExc_ValueError, "Invalid value NaN (not a number)")
    if (load(words, index) !== expected) return bool(c, true)
    if (seconds !== undefined && seconds <= 0) return bool(c, false)
    return {
      word: { words, index, expected },
      deadline: seconds === undefined ? undefined : now() + seconds * 1000,
      resume: (late) => bool(c, !late),
    }
  }
}

let spins = SPINS

/** Blocks this thread until a word is no longer `expected`, somebody notified, or it is late. */
export function block(inside: Inside, { words, index, expected }: WaitWord, ms: number): void {
  if (spins > 0 && ms > 0 && spinUntilChanged(words, index, expected, spins)) {
    spins = SPINS
    return
  }
  spins >>= 1
  // Read first: what this thread waits for may be that it is given another.
  const { row } = inside
  store(words, row + ROW.SLEEPS_ON, index)
  // `interrupt` stores the signal and then reads SLEEPS_ON: one of the two sees the other, or it
  // notifies too early, and again after a while.
  if (load(words, inside.signal) === 0) waitSync(words, index, expected, ms)
  store(words, row + ROW.SLEEPS_ON, 0)
  leaveIfEnded()
  if (spins === 0) spins = 1
}

/** Wakes an interpreter that sleeps. */
export function rouse(words: Int32Array, row: number): void {
  const word = load(words, row + ROW.SLEEPS_ON)
  if (word !== 0) notify(words, word)
}

/** Sends a signal to the interpreter of a row, and wakes it if it sleeps. */
export function interrupt(words: Int32Array, row: number, signal: number): void {
  store(words, row + ROW.SIGNAL, signal)
  nudge(words, row)
}

/** Wakes an interpreter that has not taken its signal; false when it has. */
export function nudge(words: Int32Array, row: number): boolean {
  if (load(words, row + ROW.SIGNAL) === 0) return false
  notify(words, row + ROW.SIGNAL)
  rouse(words, row)
  return true
}
