/**
 * The steps of one execution and which of them come before which.
 *
 * A step comes after the earlier steps of its process, after earlier steps it depends on, and
 * after the step that made it possible. Each step has a vector: for each process, how many of its
 * steps come before or at this one.
 */
import { FOLLOWING, RACING } from "../operation.ts"
import type { Step } from "../strategy.ts"

const NONE = -1

/** Order among the steps of an execution. */
export class History {
  readonly #processes: number
  /** Steps so far. */
  length = 0
  /** After `add`: earlier steps that race with it. */
  readonly races: number[] = []

  readonly #process: number[] = []
  /** Number of a step within its process, from 1. */
  readonly #ordinal: number[] = []
  /** Vectors, one after the other. */
  #clocks: Int32Array
  /** Per process: its vector now, and how many steps it has taken. */
  readonly #now: Int32Array
  readonly #fence: Int32Array
  /** Per place: the last write, and per process the last read since. */
  readonly #lastWrite: number[] = []
  readonly #lastRead: number[] = []
  #places = 0
  readonly #firsts: Int32Array

  constructor(processes: number) {
    this.#processes = processes
    this.#clocks = new Int32Array(processes * 256)
    this.#now = new Int32Array(processes * processes)
    this.#fence = new Int32Array(processes)
    this.#firsts = new Int32Array(processes)
  }

  /** Forgets all steps. */
  clear(): void {
    this.length = 0
    this.#places = 0
    this.#now.fill(0)
    this.#fence.fill(0)
  }

  /** What becomes possible now comes after all steps so far. */
  fence(): void {
    const n = this.#processes
    for (let p = 0; p < n; p++) this.#fence[p] = this.#now[p * n + p]
  }

  /** Appends a step; returns the number of races, which are in `races`. */
  add(step: Step): number {
    const n = this.#processes
    const { process, footprint } = step
    const mine = process * n
    const now = this.#now
    this.races.length = 0
    // Time comes after everything, but what was withdrawn then could have been done before.
    const late = step.quiescent && step.withdraws !== 0
    if (step.quiescent && !late) this.#join(mine, this.#fence, 0)
    for (let i = 0; i < footprint.count; i++) {
      if (footprint.mode(i) === RACING) {
        this.#meet(footprint.place(i), footprint.writes(i), process)
      }
    }
    if (late) this.#join(mine, this.#fence, 0)
    this.#keepImmediate()
    for (let i = 0; i < footprint.count; i++) {
      this.#follow(footprint.place(i), footprint.writes(i), mine)
    }
    now[mine + process]++
    this.#append(process, mine)
    for (let i = 0; i < footprint.count; i++) {
      if (footprint.mode(i) !== FOLLOWING) {
        this.#touch(footprint.place(i), footprint.writes(i), process)
      }
    }
    for (let p = 0; p < n; p++) if ((step.enables & (1 << p)) !== 0) this.#join(p * n, now, mine)
    this.length++
    return this.races.length
  }

  /**
   * Processes that can begin a run of what lies behind `first` without coming after it, and then
   * the newest step: any of them, run at that place, leads to the other outcome of the race.
   */
  initials(first: number): number {
    const n = this.#processes
    const process = this.#process[first]
    const ordinal = this.#ordinal[first]
    const firsts = this.#firsts.fill(0)
    const newest = this.length - 1
    let initials = 0
    for (let i = first + 1; i <= newest; i++) {
      const clock = i * n
      if (i < newest && this.#clocks[clock + process] >= ordinal) continue
      const p = this.#process[i]
      if (firsts[p] !== 0) continue
      let independent = true
      for (let q = 0; q < n && independent; q++) {
        const start = firsts[q]
        independent = start === 0 || this.#clocks[clock + q] < start
      }
      firsts[p] = this.#ordinal[i]
      if (independent) initials |= 1 << p
    }
    return initials
  }

  #append(process: number, mine: number): void {
    const n = this.#processes
    const at = this.length * n
    if (at + n > this.#clocks.length) {
      const larger = new Int32Array(this.#clocks.length * 2)
      larger.set(this.#clocks)
      this.#clocks = larger
    }
    for (let q = 0; q < n; q++) this.#clocks[at + q] = this.#now[mine + q]
    this.#process[this.length] = process
    this.#ordinal[this.length] = this.#now[mine + process]
  }

  #join(into: number, from: Int32Array, at: number): void {
    const now = this.#now
    for (let q = 0; q < this.#processes; q++) {
      if (from[at + q] > now[into + q]) now[into + q] = from[at + q]
    }
  }

  #prepare(place: number): void {
    const n = this.#processes
    for (; this.#places <= place; this.#places++) {
      this.#lastWrite[this.#places] = NONE
      for (let q = 0; q < n; q++) this.#lastRead[this.#places * n + q] = NONE
    }
  }

  /** Collects the steps that an access would race with. */
  #meet(place: number, writes: boolean, process: number): void {
    this.#prepare(place)
    const n = this.#processes
    let readers = 0
    for (let q = 0; writes && q < n; q++) {
      const read = this.#lastRead[place * n + q]
      if (read === NONE) continue
      readers++
      this.#suspect(read, process)
    }
    if (readers === 0) this.#suspect(this.#lastWrite[place], process)
  }

  #suspect(step: number, process: number): void {
    if (step === NONE || this.#process[step] === process) return
    const known = this.#now[process * this.#processes + this.#process[step]]
    if (known < this.#ordinal[step]) this.races.push(step)
  }

  /** Drops races with another race's step in between: they follow when that one is reversed. */
  #keepImmediate(): void {
    const { races } = this
    if (races.length < 2) return
    const n = this.#processes
    const kept = races.filter(
      (e) =>
        !races.some((f) => {
          const seen = this.#clocks[f * n + this.#process[e]]
          return f !== e && seen >= this.#ordinal[e]
        }),
    )
    races.length = 0
    for (const step of new Set(kept)) races.push(step)
  }

  #follow(place: number, writes: boolean, mine: number): void {
    this.#prepare(place)
    const n = this.#processes
    const write = this.#lastWrite[place]
    if (write !== NONE) this.#join(mine, this.#clocks, write * n)
    for (let q = 0; writes && q < n; q++) {
      const read = this.#lastRead[place * n + q]
      if (read !== NONE) this.#join(mine, this.#clocks, read * n)
    }
  }

  #touch(place: number, writes: boolean, process: number): void {
    const n = this.#processes
    if (!writes) {
      this.#lastRead[place * n + process] = this.length
      return
    }
    this.#lastWrite[place] = this.length
    for (let q = 0; q < n; q++) this.#lastRead[place * n + q] = NONE
  }
}
