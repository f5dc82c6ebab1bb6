/**
 * Fork and join: `parallel.join`.
 *
 * The second call of a join waits on a private stack while the first one runs here. Then it runs
 * here too, unless an idle isolate has wanted a fork meanwhile: then the oldest one was handed
 * over, as it is likely the largest.
 *
 * ```
 * FORKS, VALUES    the function of each fork; its argument, or all of them as a `Many`
 * handed           forks below this one are handed over, those from here to `top` wait
 * ```
 * Invariant   handed <= top, but for a moment when a fork that was handed over is popped; a fork
 *             that is popped is the newest of all
 */
import type { Words } from "#platform/atomics"
import { now } from "#platform/clock"
import { FORK_WORTH_MS, FORKS_KEPT_MAX } from "#platform/limits"
import { here } from "../internal/loop/here.ts"
import { checkMayBlock } from "../internal/loop/options.ts"
import { wishesIn } from "../internal/queue/steal-request.ts"
import { callableOf, unnamedHelp } from "../internal/wire/callable.ts"
import { shown } from "../internal/wire/shown.ts"
import { type Fork, handOver, takeBack, waitFor } from "./forks.ts"
import { ensureIsolates } from "./task.ts"

type Callback = (...args: unknown[]) => unknown

/** Arguments of a fork, unless it has exactly one and that is a number. */
class Many {
  readonly args: readonly unknown[]

  constructor(args: readonly unknown[]) {
    this.args = args
  }
}

const FORKS: Callback[] = []
const VALUES: unknown[] = []
/** What became of the forks that were handed over; undefined when one could not be sent. */
const gifts: (Fork | undefined)[] = []
let top = 0
let handed = 0

/**
 * The word of wishes, once this isolate may join. A field that is set once is a constant to the
 * engine; a variable would be read for every fork.
 */
const joining: { wishes?: Words } = {}
/** The function that was found to have a name last. */
let named: unknown

/**
 * Forks that are still kept before the next one is offered, and how many were kept the last time.
 */
let keep = 0
let kept = 0
/** The function of which a fork was not worth handing over. */
let small: unknown

function prepare(): Words {
  checkMayBlock("parallel.join")
  ensureIsolates()
  joining.wishes = wishesIn(here().words)
  return joining.wishes
}

function check(fn: unknown): void {
  if (typeof fn !== "function") {
    throw new TypeError(`parallel.join needs functions with their arguments, received ${shown(fn)}`)
  }
  if (callableOf(fn) === undefined) {
    const name = fn.name === "" ? "a function" : fn.name
    throw new TypeError(`${name} cannot be joined in parallel: ${unnamedHelp(fn)}`)
  }
  named = fn
}

/**
 * The most used forms by themselves: two functions of one number each, and of two. The parameters
 * are named after the first of them.
 */
export function join(
  f: unknown,
  a: unknown,
  g: unknown,
  b: unknown,
  fifth?: unknown,
  sixth?: unknown,
): unknown[] {
  // biome-ignore lint/complexity/noArguments: a rest parameter would be an array for every fork
  const count = arguments.length
  if (count !== 4 || typeof a !== "number" || typeof g !== "function" || typeof b !== "number") {
    if (count === 6 && typeof b === "function")
      return joinPairs(f, a, g, b as Callback, fifth, sixth)
    // biome-ignore lint/complexity/noArguments: likewise
    return joinMany(callsOf(arguments))
  }
  const wishes = joining.wishes ?? prepare()
  if (f !== named) check(f)
  if (g !== named) check(g)
  const place = top
  FORKS[place] = g as Callback
  VALUES[place] = b
  top = place + 1
  if (wishes[0] !== 0) offer()
  let x: unknown
  try {
    x = (f as Callback)(a)
  } catch (error) {
    abandon(place, place)
    throw error
  }
  top = place
  return [x, place >= handed ? (g as Callback)(b) : reclaim(place)]
}

function joinPairs(
  f: unknown,
  a: unknown,
  b: unknown,
  g: Callback,
  c: unknown,
  d: unknown,
): unknown[] {
  if (
    typeof a !== "number" ||
    typeof b !== "number" ||
    typeof c !== "number" ||
    typeof d !== "number"
  ) {
    return joinMany(callsOf([f, a, b, g, c, d]))
  }
  const wishes = joining.wishes ?? prepare()
  if (f !== named) check(f)
  if (g !== named) check(g)
  const place = top
  FORKS[place] = g
  VALUES[place] = new Many([c, d])
  top = place + 1
  if (wishes[0] !== 0) offer()
  let x: unknown
  try {
    x = (f as Callback)(a, b)
  } catch (error) {
    abandon(place, place)
    throw error
  }
  top = place
  return [x, place >= handed ? g(c, d) : reclaim(place)]
}

/** One call of a join. */
interface Call {
  readonly fn: Callback
  readonly args: readonly unknown[]
}

/** Parts the arguments of a join into calls: each function begins one. */
function callsOf(parts: ArrayLike<unknown>): Call[] {
  const calls: { fn: Callback; args: unknown[] }[] = []
  check(parts[0])
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    if (typeof part === "function") calls.push({ fn: part as Callback, args: [] })
    else calls.at(-1)?.args.push(part)
  }
  return calls
}

/** The first call runs here; the others wait, the second one on top. */
function joinMany(calls: readonly Call[]): unknown[] {
  const wishes = joining.wishes ?? prepare()
  for (const { fn } of calls) if (fn !== named) check(fn)
  const base = top
  for (let i = calls.length - 1; i > 0; i--) {
    const { fn, args } = calls[i]
    FORKS[top] = fn
    VALUES[top] = new Many(args)
    top++
  }
  const results: unknown[] = []
  let place = top
  try {
    for (let i = 0; i < calls.length; i++) {
      if (i > 0) top = --place
      if (wishes[0] !== 0) offer()
      if (i === 0 || place >= handed) results.push(calls[i].fn(...calls[i].args))
      else results.push(reclaim(place))
      if (i > 0) VALUES[place] = undefined
    }
  } catch (error) {
    abandon(base, place - 1)
    throw error
  }
  return results
}

/** Hands over the oldest fork, unless such forks have not been worth it lately. */
function offer(): void {
  if (handed >= top) return
  const fn = FORKS[handed]
  if (fn === small && keep > 0) {
    keep--
    return
  }
  const value = VALUES[handed]
  gifts[handed] = handOver(fn, value instanceof Many ? value.args : [value], join as Callback)
  handed++
}

/** The result of a fork that was handed over; it has just been popped. */
function reclaim(place: number): unknown {
  handed = place
  const fork = gifts[place]
  const fn = FORKS[place]
  gifts[place] = undefined
  const value = VALUES[place]
  if (fork === undefined || takeBack(fork) || !waitFor(fork)) {
    if (fork !== undefined) notWorthIt(fn)
    return value instanceof Many ? fn(...value.args) : fn(value)
  }
  if (now() - fork.since < FORK_WORTH_MS) notWorthIt(fn)
  else kept = keep = 0
  if (fork.settled !== "completed") throw fork.error
  return fork.value
}

function notWorthIt(fn: Callback): void {
  small = fn
  kept = Math.min(FORKS_KEPT_MAX, kept * 2 + 1)
  keep = kept
}

/**
 * A call has thrown: the forks from `from` to `to` are not wanted any more, and none of them runs
 * on.
 */
function abandon(from: number, to: number): void {
  top = from
  for (let place = Math.min(to, handed - 1); place >= from; place--) {
    const fork = gifts[place]
    gifts[place] = undefined
    if (fork !== undefined && !takeBack(fork)) waitFor(fork)
  }
  handed = Math.min(handed, from)
}
