/**
 * The moments between the last work and sleep: spin, then nap, as long as that has lately paid.
 *
 * A spin sees an answer in a few hundred nanoseconds, but it takes the core from whoever shall
 * answer when both were put on one. A nap blocks the thread for a moment, event loop included, and
 * wakes at half the price of a parked event loop. Both budgets grow with success, shrink with
 * failure, and are tried again now and then. While more isolates are awake than there are cores,
 * nobody spins: the core is somebody's who works.
 */
import { add, load, subtract } from "#platform/atomics"
import { now } from "#platform/clock"
import { IDLE_NAP_MS, IDLE_SPIN_US } from "#platform/limits"
import { spinUntilChanged, waitSync } from "#platform/park"
import { cores } from "#platform/thread"
import { doorbell, isAwake, setSleeping } from "../memory/doorbell.ts"
import { HEAD_SLOTS, HEAD_SPINNERS } from "../memory/layout.ts"
import { sampleHeap } from "./heap-sample.ts"
import type { Here } from "./here.ts"

/** A look and a pause take about 25 ns. */
const SPINS_MAX = IDLE_SPIN_US * 40

/** A budget below this is none. */
const SPINS_MIN = 50

/**
 * Looks for a free spinner's place, about 4 µs: longer than it takes to see that a doorbell rang.
 */
const PLACE_TRIES = 100

/** Looks between two counts of who else wants a core, about 10 µs. */
const COUNT_SPINS = 400

/** Rests until a lost budget is given another chance. */
const PROBE_RESTS = 64

/** Naps that may fail one after the other. */
const NAPS_MAX = 4

let spins = SPINS_MAX
let naps = NAPS_MAX
let rests = 0
let parkedAt = 0

/** True when the doorbell, whose value was `seen`, rang within a moment. */
export function linger(at: Here, seen: number): boolean {
  if (++rests % PROBE_RESTS === 0) spins = SPINS_MAX
  return spin(at, seen) || nap(at, seen)
}

function spin(at: Here, seen: number): boolean {
  if (spins < SPINS_MIN) return false
  const bell = doorbell(at.me)
  // Whoever answers this isolate was perhaps spinning until now: its place is waited for.
  for (let tries = PLACE_TRIES; add(at.words, HEAD_SPINNERS, 1) >= cores; tries--) {
    subtract(at.words, HEAD_SPINNERS, 1)
    if (tries === 0) return false
    if (spinUntilChanged(at.words, bell, seen, 1)) return true
  }
  let rang = false
  for (let left = spins; left > 0 && !rang && !coresAreTaken(at); left -= COUNT_SPINS)
    rang = spinUntilChanged(at.words, bell, seen, Math.min(left, COUNT_SPINS))
  subtract(at.words, HEAD_SPINNERS, 1)
  spins = rang ? SPINS_MAX : spins >> 1
  return rang
}

/** Whether more isolates are awake, this one included, than there are cores: a hint. */
export function coresAreTaken(at: Here): boolean {
  let awake = 0
  for (let slot = load(at.words, HEAD_SLOTS) - 1; slot >= 0; slot--) {
    if (isAwake(at.words, slot) && ++awake > cores) return true
  }
  return false
}

function nap(at: Here, seen: number): boolean {
  if (naps === 0) return false
  const bell = doorbell(at.me)
  setSleeping(at.words, at.me, true)
  waitSync(at.words, bell, seen, IDLE_NAP_MS)
  setSleeping(at.words, at.me, false)
  const rang = load(at.words, bell) !== seen
  naps = rang ? NAPS_MAX : naps - 1
  return rang
}

/** The isolate parks. */
export function parking(): void {
  parkedAt = now()
  sampleHeap(parkedAt)
}

/** The isolate was woken from parking: after a moment only, a nap would have been better. */
export function unparked(): void {
  if (now() - parkedAt < IDLE_NAP_MS) naps = NAPS_MAX
}
