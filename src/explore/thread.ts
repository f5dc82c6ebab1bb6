/**
 * A model thread: a synchronous function that is continued by running it again.
 *
 * The log holds what the thread's operations have returned so far. To continue, the body runs from
 * its start and is answered from the log, touching no memory, until it comes to the operation it
 * was suspended at. So the body must do the same each time, and objects it changes must be made
 * within it.
 */
import type { Words } from "#platform/atomics"
import type { Location } from "./location.ts"
import { askedFor, PAUSE, show } from "./operation.ts"

/** Not started: its body has not run yet, or (for the one who cleans up) nobody has died. */
export const ABSENT = 0
/** Suspended before its next operation. */
export const READY = 1
/** In a list of waiters. */
export const WAITING = 2
/** Spins until something it has looked at changes. */
export const PAUSED = 3
export const FINISHED = 4
export const KILLED = 5

/** Thrown through a body to leave it; it passes everything and is never handled. */
export const SUSPEND = new (class Suspend {
  readonly message = "a model thread is suspended: let this pass"
})()

/** State of one thread within an execution. */
export class ModelThread {
  readonly number: number
  readonly name: string
  readonly body: (world: never) => unknown
  state = ABSENT
  result: unknown

  /** Its frames are on the stack. */
  live = false
  /** It is being left by `SUSPEND`. */
  leaving = false
  /** The pending operation may be performed. */
  granted = false

  /** Operations answered so far in this run of the body. */
  position = 0
  /** Operations performed in this execution. */
  logged = 0
  readonly kinds: number[] = []
  readonly arrays: Words[] = []
  readonly indices: number[] = []
  readonly firsts: number[] = []
  readonly seconds: number[] = []
  readonly results: number[] = []

  /** The operation it is suspended at. */
  kind = 0
  words: Words | null = null
  index = 0
  location: Location | null = null
  a = 0
  b = 0
  /** Where it is suspended, in a traced execution. */
  stack = ""

  /** Vector clock of the memory model; own time starts at 1. */
  readonly clock: Int32Array
  /** A death here differs from the death before: something was changed since. */
  mortal = true
  /** Words looked at since the last pause, and their versions then. */
  readonly seen: Location[] = []
  readonly versions: number[] = []
  /**
   * Its own virtual time, past that of the machine only when its waits may time out at any moment.
   */
  timeMs = 0
  /** When its wait times out. */
  deadlineMs = 0
  /** Pauses in a row that nothing has ended. */
  fruitless = 0

  constructor(number: number, name: string, body: (world: never) => unknown, threads: number) {
    this.number = number
    this.name = name
    this.body = body
    this.clock = new Int32Array(threads)
  }

  /** Back to the beginning of an execution. */
  reset(): void {
    this.state = ABSENT
    this.result = undefined
    this.leaving = false
    this.granted = false
    this.logged = 0
    this.clock.fill(0)
    this.clock[this.number] = 1
    this.mortal = true
    this.seen.length = 0
    this.timeMs = 0
    this.fruitless = 0
    this.stack = ""
  }

  /** Suspends at an operation. */
  suspendAt(
    kind: number,
    words: Words,
    index: number,
    location: Location | null,
    a: number,
    b: number,
  ): void {
    this.kind = kind
    this.words = words
    this.index = index
    this.location = location
    this.a = a
    this.b = b
    this.state = kind === PAUSE ? PAUSED : READY
  }

  /** Remembers an answer for the next runs of the body. */
  log(kind: number, words: Words, index: number, a: number, b: number, result: number): void {
    const at = this.logged++
    this.kinds[at] = kind
    this.arrays[at] = words
    this.indices[at] = index
    this.firsts[at] = a
    this.seconds[at] = b
    this.results[at] = result
    this.position = this.logged
  }

  /** Whether the body asks what it asked at this position in its first run. */
  repeats(kind: number, words: Words, index: number, a: number, b: number): boolean {
    const at = this.position
    return (
      this.kinds[at] === kind &&
      this.indices[at] === index &&
      Object.is(this.firsts[at], a) &&
      Object.is(this.seconds[at], b) &&
      isSameArray(this.arrays[at], words)
    )
  }

  /** Whether the body asks for the pending operation. */
  resumesAt(kind: number, words: Words, index: number, a: number, b: number): boolean {
    return (
      askedFor(this.kind) === kind &&
      this.index === index &&
      Object.is(this.a, a) &&
      Object.is(this.b, b) &&
      isSameArray(this.words as Words, words)
    )
  }

  /** What it asked for in its first run where it is now. */
  before(): string {
    const at = this.position
    return at < this.logged
      ? show(this.kinds[at], this.indices[at], this.firsts[at])
      : show(askedFor(this.kind), this.index, this.a)
  }

  /** Notes that the thread knows the current value of a word. */
  look(location: Location): void {
    const { seen, versions } = this
    for (let i = 0; i < seen.length; i++) {
      if (seen[i] === location) {
        versions[i] = location.version
        return
      }
    }
    versions[seen.length] = location.version
    seen.push(location)
  }

  /** Whether something it has looked at was changed since. */
  isOvertaken(): boolean {
    const { seen, versions } = this
    for (let i = 0; i < seen.length; i++) {
      if (seen[i].version !== versions[i]) return true
    }
    return false
  }
}

function isSameArray(a: Words, b: Words): boolean {
  return a === b || (a.buffer === b.buffer && a.byteOffset === b.byteOffset)
}
