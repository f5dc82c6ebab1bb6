/**
 * Sleeping under the explorer: a model thread that waits is not chosen until it is notified.
 *
 * Callbacks have no place in a model thread, which is a synchronous function: `waitThen` refuses.
 */
import * as real from "../../internal/platform/park.ts"
import * as op from "../operation.ts"
import { stage } from "../stage.ts"
import { load, type Words } from "./atomics.ts"

export type Woken = real.Woken

const ENDINGS: readonly Woken[] = ["ok", "not-equal", "timed-out"]

export function waitSync(
  words: Words,
  index: number,
  expected: number,
  timeoutMs = Infinity,
): Woken {
  if (stage === null) return real.waitSync(words, index, expected, timeoutMs)
  return ENDINGS[stage.operation(op.WAIT, words, index, expected, timeoutMs)]
}

export function waitThen(words: Words, index: number, expected: number, wake: () => void): void {
  if (stage !== null) throw new Error("waitThen() calls back, which a model thread cannot await")
  real.waitThen(words, index, expected, wake)
}

/** Looks once: more looks show nothing that a later first look would not. */
export function spinUntilChanged(
  words: Words,
  index: number,
  expected: number,
  spins: number,
): boolean {
  if (stage === null) return real.spinUntilChanged(words, index, expected, spins)
  return spins > 0 && load(words, index) !== expected
}

export const hold: () => void = real.hold

export const letGo: () => void = real.letGo
