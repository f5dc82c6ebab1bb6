/** Tasks: `go` on functions named by `task`. */
import { go } from "heddle"
import type { Context, Sample } from "../harness/scenario.ts"
import { factorials, inFlight, oneByOne, unequalLoad } from "../workloads/calls.ts"
import type { Shape } from "../workloads/load.ts"
import { factorial, increment, spin } from "./functions.js"

/** The smallest task there is. */
export function run(value: number): PromiseLike<number> {
  return go(increment, value)
}

export function measureOneByOne(context: Context): Promise<Sample> {
  return oneByOne(context, run)
}

export function measureInFlight(context: Context): Promise<Sample> {
  return inFlight(context, run)
}

export function measureLoad(context: Context, shape: Shape): Promise<Sample> {
  return unequalLoad(context, shape, (rounds) => go(spin, rounds))
}

export function measureFactorials(context: Context): Promise<Sample> {
  return factorials(context, (n) => go(factorial, n))
}
