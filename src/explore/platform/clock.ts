/**
 * Time under the explorer: it stands still in a model thread until nothing else can happen.
 *
 * Timers call back later, when no model thread runs any more, so a model thread cannot have them.
 */
import * as real from "../../internal/platform/clock.ts"
import * as op from "../operation.ts"
import { stage } from "../stage.ts"

export type Timer = real.Timer

const NOTHING = new Int32Array(1)

export function now(): number {
  return stage === null ? real.now() : stage.operation(op.NOW, NOTHING, 0, 0, 0)
}

export function after(ms: number, fn: () => void, unref = false): Timer {
  refuse("after()")
  return real.after(ms, fn, unref)
}

export function every(ms: number, fn: () => void, unref = false): Timer {
  refuse("every()")
  return real.every(ms, fn, unref)
}

export function whenSettled(fn: () => void): void {
  refuse("whenSettled()")
  real.whenSettled(fn)
}

export function nextTurn(fn: () => void): void {
  refuse("nextTurn()")
  real.nextTurn(fn)
}

function refuse(what: string): void {
  if (stage !== null) throw new Error(`${what} calls back, which a model thread cannot await`)
}
