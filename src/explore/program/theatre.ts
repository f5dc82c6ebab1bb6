/**
 * Runs an ordinary program one step at a time, in one thread and one heap.
 *
 * Tasks are async functions in simulated isolates. What a task asks of the runtime becomes an entry
 * of its list; when all code that could run has run, a strategy chooses one entry that can be done,
 * it is done, and the code that waited for it goes on until everything waits again. Between two
 * steps all microtasks have run: `whenSettled` calls back exactly then.
 *
 * An operation in the middle of synchronous code is a step of its own: there the strategy is asked
 * at once, and where it chooses another task, the code is left by `LEAVE` and run again later.
 *
 * Invariant     while a strategy chooses, no code of the program can run but the one that asks
 * Invariant     code of the program knows its take: it is call-local
 */
import { CallLocal } from "#platform/context"
import type { Part, SimulatedTimer, Simulation } from "#platform/simulation"
import { whenSettled } from "../../internal/platform/clock.ts"
import { FOLLOWING, Footprint } from "../operation.ts"
import {
  type Choice,
  DIE,
  lowest,
  processOf,
  type Situation,
  STOP,
  type Strategy,
  variantOf,
} from "../strategy.ts"
import { leftOver, spinning } from "./ends.ts"
import { type Deed, type Entry, labelOf } from "./entry.ts"
import { type Event, Player, Take } from "./player.ts"
import type { Registry } from "./registry.ts"
import type { Row } from "./rows.ts"

/** What is wrong with an execution of a program. */
export interface Finding {
  readonly kind: FindingKind
  readonly message: string
  readonly cause?: unknown
}

/** The kinds of failure of a program. */
export type FindingKind =
  /** The program has thrown: a failed assertion, an error nobody caught. */
  | "error"
  /** A task has failed, and nobody asked what became of it. */
  | "unhandled error"
  /** The program waits, and nobody is left who could let it go on. */
  | "deadlock"
  /** The program has ended, and some of its tasks wait for ever. */
  | "partial deadlock"
  | "livelock"
  | "data race"
  /** A lock is held at the end, or what was sent was never received. */
  | "leak"
  /** Chance, the clock, input or output: what a schedule does not decide. */
  | "uncontrolled"
  /** What concurrent calls gave, no order of them gives: see `linearizable`. */
  | "not linearizable"
  /** Code did something else when it was run again with the same answers. */
  | "not repeatable"

/** Bounds of one execution. */
export interface TheatreBounds {
  readonly stepsMax: number
  readonly timeouts: "last" | "any"
  /** Deaths per execution. */
  readonly killsMax: number
  readonly leaks: "none" | "locks" | "all"
}

/** What the parts of a program are played by. */
export interface Cast {
  play(theatre: Theatre, part: Part, args: readonly unknown[]): unknown
  /** A simulated isolate dies. */
  died(theatre: Theatre, player: Player): void
  /** What its death would touch. */
  mourns(theatre: Theatre, player: Player, into: Footprint): void
  /** Looks at what is left when all has ended. */
  left(theatre: Theatre, leaks: TheatreBounds["leaks"]): Finding | null
}

/** Thrown through code that is left; it passes everything and is never handled. */
export const LEAVE = new (class Leave {
  readonly message = "a task is left where it is and goes on later: let this pass"
})()

function join(into: number[], from: readonly number[] | undefined): void {
  if (from === undefined) return
  for (let i = 0; i < from.length; i++) {
    if ((from[i] ?? 0) > (into[i] ?? 0)) into[i] = from[i] as number
  }
}

function merged(one: readonly number[], other: readonly number[] | undefined): number[] {
  const both = [...one]
  join(both, other)
  return both
}

/** Whether an error comes from code being left, perhaps through a `using` or an aggregate. */
export function isLeave(error: unknown): boolean {
  if (error === LEAVE) return true
  if (error instanceof SuppressedError) return isLeave(error.error) || isLeave(error.suppressed)
  return error instanceof AggregateError && error.errors.some(isLeave)
}

/** Strands that one exploration can have. */
export const STRANDS_MAX = 31

/** Looks in a row at what does not change, after which a task is thought to spin. */
const LOOKS_MAX = 6

/** How often spinning tasks go on although nothing changes, before that is a livelock. */
const FORCED_MAX = 16

/** The place in a task's list of an operation in synchronous code. */
const HELD_SLOT = 4095

/** Calls back after the microtasks that are queued already. */
const SOON = Promise.resolve()

const takes = new CallLocal<Take>()

/** One execution after the other. */
export class Theatre implements Simulation, Situation {
  readonly processes = STRANDS_MAX
  enabled = 0
  mortal = 0
  expirable = 0
  last = -1
  steps = 0
  kills = 0
  quiescent = false
  exclusive = false
  readonly choices: Choice[] = []
  finding: Finding | null = null
  stopped = false
  traced = false
  /** A module that must be loaded before the program can be run. */
  wanted: (() => Promise<void>) | undefined
  readonly rows: Row[] = []
  all: Player[] = []
  timeMs = 0

  readonly #registry: Registry
  readonly #bounds: TheatreBounds
  readonly #cast: Cast
  readonly #entries: (Entry | undefined)[] = []
  #byDeed = new Map<Deed, Entry>()
  #live = 0
  #strategy!: Strategy
  #over: (() => void) | undefined
  /** Whose deed is being done, and which. */
  #acting: Take | undefined
  #doing: Entry | undefined
  /** The step that is not yet complete. */
  #step: { strand: number; variant: number; quiescent: boolean } | undefined
  readonly #footprint = new Footprint()
  #enables = 0
  #withdraws = 0
  /** The task whose code is brought back to where it was left. */
  #returning: Player | undefined
  #places = 0
  readonly #settled = () => this.#next()
  readonly #arm = () => whenSettled(this.#settled)

  constructor(registry: Registry, bounds: TheatreBounds, cast: Cast) {
    this.#registry = registry
    this.#bounds = bounds
    this.#cast = cast
  }

  // --- what strategies see

  pending(process: number, into: Footprint): void {
    into.clear()
    const entry = this.#entries[process]
    if (entry === undefined) return
    into.add(entry.player.place, true)
    entry.deed.touch(into)
    if (this.#bounds.killsMax > 0) this.#cast.mourns(this, entry.player, into)
  }

  // --- what the rooms see

  get inside(): boolean {
    const take = this.#acting ?? takes.get()
    return take !== undefined && this.all[take.player.isolate] === take.player
  }

  play(part: Part, args: readonly unknown[]): unknown {
    return this.#cast.play(this, part, args)
  }

  now(): number {
    return this.operate("now", () => this.timeMs)
  }

  after(ms: number, fn: () => void): SimulatedTimer {
    const take = this.take
    const deed: Deed = {
      label: labelOf("time", `${ms} ms`),
      due: this.now() + Math.max(0, ms),
      ready: () => (deed.due as number) <= this.timeMs,
      attempt: () => {
        this.call(take, fn)
        return true
      },
      touch: () => {},
    }
    this.enter(deed)
    return { stop: () => void this.withdraw(deed) }
  }

  below(bound: number): number {
    return bound - 1
  }

  // --- what those who play the parts see

  /** The run of code that asks. */
  get take(): Take {
    return (this.#acting ?? takes.get()) as Take
  }

  /** The task whose code asks. */
  get player(): Player {
    return this.take.player
  }

  /** A place of its own for something that steps depend on. */
  newPlace(count = 1): number {
    const place = this.#places
    this.#places += count
    return place
  }

  /** A task more. */
  admit(name: string, parent: Player | undefined): Player {
    const nth = parent === undefined ? 0 : ++parent.children
    const key = this.#registry.player(parent?.key ?? -1, nth)
    const player = new Player(key, this.all.length, name, parent, this.newPlace())
    this.all.push(player)
    return player
  }

  /** Calls code of the task's present take. */
  call<R>(take: Take, fn: () => R): R {
    const acting = this.#acting
    const doing = this.#doing
    this.#acting = undefined
    this.#doing = undefined
    try {
      return takes.run(take, fn, [])
    } finally {
      this.#acting = acting
      this.#doing = doing
    }
  }

  /** The step touches a place. */
  touched(place: number, writes: boolean, mode = 0): void {
    this.#footprint.add(place, writes, mode)
  }

  /**
   * Orders the current task at a place: after those who released there, before those who acquire.
   */
  order(place: number, acquires: boolean, releases: boolean): void {
    if (!this.ordering) return
    const { player } = this
    if (acquires) join(player.clock, this.#released.get(place))
    if (!releases) return
    this.#released.set(place, merged(player.clock, this.#released.get(place)))
    player.clock[player.isolate] = this.timeOf(player) + 1
  }

  /** The end of one task, or its start, comes before what another does from here on. */
  follow(player: Player, other: Player): void {
    if (this.ordering) join(player.clock, other.clock)
  }

  /** Whether anything is there that could race. */
  ordering = false
  #released = new Map<number, number[]>()

  /** The own time of a task. */
  timeOf(player: Player): number {
    return player.clock[player.isolate] ?? 1
  }

  /** Up to which time of `other` everything comes before what `player` does now. */
  knows(player: Player, other: Player): number {
    return player.clock[other.isolate] ?? 0
  }

  /** What was waited for may be possible now, only because of this step. */
  enables(deed: Deed): void {
    const entry = this.#byDeed.get(deed)
    if (entry !== undefined) this.#enables |= 1 << entry.strand
  }

  /**
   * Something that code of a task does at once and without a choice; when the code is run again it
   * is answered from the log.
   */
  operate<A>(name: string, act: () => A): A {
    const { take } = this
    if (take.over) throw LEAVE
    if (take.busy) return act()
    const { log } = take.player
    if (take.position < log.length) return this.#again(take, name) as A
    let answer: A
    take.busy = true
    try {
      answer = act()
    } catch (error) {
      if (error !== LEAVE) this.#note(take, { name, answer: error, threw: true })
      throw error
    } finally {
      take.busy = false
    }
    this.#note(take, { name, answer, threw: false })
    return answer
  }

  /** As `operate`, but another task may be chosen first, unless it is part of a deed. */
  choose<A>(deed: Deed, act: () => A): A {
    const { take } = this
    if (take.over) throw LEAVE
    if (take.busy) {
      deed.touch(this.#footprint)
      return act()
    }
    const { player } = take
    const { name } = deed.label
    if (take.position < player.log.length) return this.#again(take, name) as A
    if (this.#acting === undefined) this.#cue(take, deed)
    try {
      return this.operate(name, act)
    } finally {
      if (this.#doing?.deed.covers !== true) deed.touch(this.#footprint)
      this.#noteLook(deed)
    }
  }

  /** Whoever only looks, again and again, waits for a change. */
  /** Does what an entry covers, as a part of it. */
  perform<A>(name: string, looks: (answer: A) => boolean, act: () => A): A {
    const answer = this.operate(name, act)
    if (looks(answer)) this.looked()
    else this.#changes++
    return answer
  }

  /** Whether what is done now is a part of a deed that says all it touches. */
  get isCovered(): boolean {
    return this.#doing?.deed.covers === true
  }

  #noteLook(deed: Deed): void {
    if (deed.looks === true) this.looked()
    else this.#changes++
  }
  /** The current task has done nothing but let others go on. */
  looked(): void {
    const { player } = this
    player.looks = player.seen === this.#changes ? player.looks + 1 : 1
    player.seen = this.#changes
  }

  /** Something is different from here on: whoever spins looks again. */
  changed(): void {
    this.#changes++
  }

  /** Calls code as the take that asks, so that what it schedules is known to be its. */
  within<R>(fn: () => R): R {
    return takes.run(this.take, fn, [])
  }

  /** How often something was changed in this execution. */
  #changes = 0
  /** How often spinning tasks went on although nothing had changed. */
  #forced = 0

  #note(take: Take, event: Event): void {
    take.player.log.push(event)
    take.position++
  }

  #again(take: Take, name: string): unknown {
    const event = take.player.log[take.position] as Event
    if (!("name" in event) || event.name !== name) {
      this.#diverged(take, "name" in event ? event.name : "waiting", name)
    }
    take.position++
    if (event.threw) throw event.answer
    return event.answer
  }

  #diverged(take: Take, before: string, now: string): never {
    take.over = true
    this.finding ??= {
      kind: "not repeatable",
      message:
        `${take.player.title} did ${before} before and now, with the same answers, ${now}: ` +
        "what a task changes must be made in it",
    }
    throw LEAVE
  }

  /** Comes to a step in the middle of synchronous code; returns when it is chosen. */
  #cue(take: Take, deed: Deed): void {
    const { player } = take
    if (this.#returning === player) {
      this.#returning = undefined
      this.#release(player)
      return
    }
    this.#executed()
    this.#hold(player, deed)
    while (this.#decide()) {
      const choice = this.choices.at(-1) as Choice
      const entry = this.#entries[processOf(choice)] as Entry
      if (variantOf(choice) === DIE || entry.player !== player) {
        this.#chosen = choice
        break
      }
      if (entry.slot === HELD_SLOT) {
        this.#begin(choice, entry)
        this.#release(player)
        return
      }
      this.#begin(choice, entry)
      this.#do(entry)
      this.#executed()
    }
    take.over = true
    throw LEAVE
  }
  /** A choice made in the middle of code that was left for it. */
  #chosen: Choice | undefined

  #hold(player: Player, deed: Deed): void {
    player.held = deed
    player.heldAt = this.traced ? (new Error().stack ?? "") : ""
    const strand = this.#registry.strand(player.key, HELD_SLOT)
    const stack = player.heldAt
    this.#entries[strand] = { player, slot: HELD_SLOT, strand, ordinal: -1, deed, stack }
    this.#live |= 1 << strand
  }

  #release(player: Player): void {
    player.held = undefined
    const strand = this.#registry.strand(player.key, HELD_SLOT)
    this.#entries[strand] = undefined
    this.#live &= ~(1 << strand)
  }

  /**
   * Something the current task waits for. False when nothing is entered, because the code runs
   * again or will run no more.
   */
  enter(deed: Deed, player?: Player): boolean {
    const { take } = this
    const own = player === undefined
    const of = player ?? take.player
    if ((own && take.over) || this.all[of.isolate] !== of) return false
    const ordinal = own ? take.deeds.length : -1
    if (own) {
      take.deeds.push(deed)
      if (ordinal < of.entered.length) {
        this.#recast(of.entered[ordinal], deed)
        return false
      }
    }
    let slot = 0
    while (of.entries[slot] !== undefined) slot++
    const strand = this.#registry.strand(of.key, slot)
    const stack = this.traced ? (new Error().stack ?? "") : ""
    const entry: Entry = { player: of, slot, strand, ordinal, deed, stack }
    of.entries[slot] = entry
    if (own) {
      of.entered.push(entry)
      of.fresh.push(entry)
    }
    this.#entries[strand] = entry
    this.#byDeed.set(deed, entry)
    this.#live |= 1 << strand
    this.#enables |= 1 << strand
    return true
  }

  /** The code of a task was run again and waits for the same as before. */
  #recast(entry: Entry | undefined, deed: Deed): void {
    if (entry === undefined) return
    this.#byDeed.delete(entry.deed)
    deed.replaces?.(entry.deed)
    entry.deed = deed
    this.#byDeed.set(deed, entry)
  }

  /** The program gives up waiting. False when it was done already. */
  withdraw(deed: Deed): boolean {
    return this.operate(`withdraw ${deed.label.operation}`, () => {
      const entry = this.#byDeed.get(deed)
      if (entry === undefined) return false
      deed.touch(this.#footprint)
      deed.watch?.(this.#footprint)
      this.#footprint.add(entry.player.place, true)
      this.#withdraws |= 1 << entry.strand
      this.#remove(entry)
      return true
    })
  }

  #remove(entry: Entry): void {
    const { deed, player, ordinal } = entry
    this.#byDeed.delete(deed)
    player.entries[entry.slot] = undefined
    if (ordinal >= 0) player.entered[ordinal] = undefined
    this.#entries[entry.strand] = undefined
    this.#live &= ~(1 << entry.strand)
    deed.gone?.()
  }

  /** Does a deed of another task as a part of this step. */
  meet(deed: Deed): void {
    const entry = this.#byDeed.get(deed)
    if (entry === undefined) return
    this.#footprint.add(entry.player.place, true)
    this.#do(entry)
  }

  /** A task ends with an error that ends the program. */
  failed(kind: FindingKind, message: string, cause?: unknown): void {
    this.finding ??= { kind, message, cause }
  }

  /** What is being tried. */
  get trying(): Deed | undefined {
    return this.blocked ?? this.#doing?.deed
  }

  /** The deed for which the thread of the current task blocks, while it is tried. */
  blocked: Deed | undefined

  /** Blocks the thread of the current task until a deed is done; false when its time is over. */
  block(deed: Deed, timeoutMs: number): boolean {
    const due = timeoutMs === Infinity ? Infinity : this.now() + timeoutMs
    const blocked: Deed = {
      label: deed.label,
      due,
      ready: () => deed.ready(),
      attempt: () => true,
      touch: (into) => deed.touch(into),
    }
    for (;;) {
      if (this.#tryBlocked(blocked, deed)) return true
      if (due !== Infinity && this.now() >= due) return false
    }
  }

  #tryBlocked(blocked: Deed, deed: Deed): boolean {
    const { take } = this
    if (take.over) throw LEAVE
    if (take.position < take.player.log.length) return deed.attempt()
    this.#cue(take, blocked)
    this.#acting = take
    this.blocked = deed
    try {
      return deed.attempt()
    } finally {
      this.#acting = undefined
      this.blocked = undefined
    }
  }

  /** Notes what is done, for the report. */
  row(object: string, operation: string, value: unknown, answer: unknown): void {
    if (!this.traced) return
    const stack = this.#doing?.stack ?? new Error().stack ?? ""
    const { player } = this
    this.rows.push({ step: this.steps, player, object, operation, value, answer, stack })
  }

  // --- one execution

  /** Runs one schedule to its end. */
  run(start: (theatre: Theatre) => void, strategy: Strategy, traced: boolean): Promise<void> {
    this.#clear()
    this.traced = traced
    this.#strategy = strategy
    strategy.begin()
    start(this)
    this.#enables = 0
    this.#footprint.clear()
    return new Promise((resolve) => {
      this.#over = resolve
      SOON.then(this.#arm)
    })
  }

  #clear(): void {
    this.all = []
    this.choices.length = 0
    this.rows.length = 0
    this.finding = null
    this.stopped = false
    this.wanted = undefined
    this.last = -1
    this.steps = 0
    this.kills = 0
    this.timeMs = 0
    this.#entries.length = 0
    // New ones: a map that was cleared holds on to the next one until it is collected as old.
    this.#byDeed = new Map()
    this.#live = 0
    this.#step = undefined
    this.#withdraws = 0
    this.#returning = undefined
    this.#chosen = undefined
    this.#places = 0
    this.ordering = false
    this.#released = new Map()
    this.#changes = 0
    this.#forced = 0
  }

  /** All code has run that could. */
  #next(): void {
    if (this.#returning !== undefined && this.finding === null) {
      this.#goOn(this.#returning)
      SOON.then(this.#arm)
      return
    }
    this.#executed()
    for (const { held, fresh } of this.all) if (held === undefined) fresh.length = 0
    let choice = this.#chosen
    this.#chosen = undefined
    if (choice === undefined && this.#decide()) choice = this.choices.at(-1)
    if (choice === undefined || this.finding !== null) {
      this.#end()
      return
    }
    this.#perform(choice)
    SOON.then(this.#arm)
  }

  #end(): void {
    for (const { take } of this.all) take.over = true
    const over = this.#over
    this.#over = undefined
    over?.()
  }

  /** Tells the strategy of the step that is complete now. */
  #executed(): void {
    const step = this.#step
    if (step === undefined) return
    this.#step = undefined
    const { strand, variant, quiescent } = step
    this.#strategy.executed(
      {
        process: strand,
        variant,
        footprint: this.#footprint,
        quiescent,
        enables: this.#enables & ~(1 << strand),
        withdraws: this.#withdraws & ~(1 << strand),
      },
      this,
    )
    this.#enables = 0
    this.#withdraws = 0
    this.#footprint.clear()
  }

  /** Asks the strategy; false when there is nothing to choose or it has stopped. */
  #decide(): boolean {
    if (this.finding !== null || this.stopped || this.wanted !== undefined) return false
    if (!this.#look()) {
      if (this.#forced > FORCED_MAX) this.finding = spinning(this.all)
      this.finding ??= leftOver(this.all) ?? this.#cast.left(this, this.#bounds.leaks)
      return false
    }
    if (this.steps >= this.#bounds.stepsMax) {
      this.finding = {
        kind: "livelock",
        message:
          `${this.steps} steps without an end: usually a loop that looks again and again ` +
          "without waiting; stepsMax allows more",
      }
      return false
    }
    const choice = this.#strategy.choose(this)
    this.stopped = choice === STOP
    if (!this.stopped) this.choices.push(choice)
    return !this.stopped
  }

  /** Finds out what can be done. */
  #look(): boolean {
    let enabled = 0
    let first = 0
    let spinning = 0
    for (let rest = this.#live; rest !== 0; rest &= rest - 1) {
      const strand = lowest(rest)
      const { player, deed, slot } = this.#entries[strand] as Entry
      if (player.held !== undefined && !this.#mayStep(player, slot)) continue
      if (!deed.ready()) continue
      if (this.#spins(player, deed)) spinning |= 1 << strand
      else enabled |= 1 << strand
    }
    this.quiescent = enabled === 0
    if (this.quiescent || this.#bounds.timeouts === "any") enabled |= this.#dueFirst()
    this.exclusive = this.quiescent && enabled !== 0
    if (enabled === 0) enabled = this.#force(spinning)
    this.enabled = enabled
    this.mortal = 0
    if (this.kills < this.#bounds.killsMax) {
      for (let rest = enabled; rest !== 0; rest &= rest - 1) {
        const strand = lowest(rest)
        const { isolate } = (this.#entries[strand] as Entry).player
        if (isolate === 0 || (first & (1 << isolate)) !== 0) continue
        first |= 1 << isolate
        this.mortal |= 1 << strand
      }
    }
    return enabled !== 0
  }

  /** Whether a task has looked often enough at what has not changed. */
  #spins(player: Player, deed: Deed): boolean {
    const again = deed === player.held || deed.yields === true
    return again && player.looks >= LOOKS_MAX && player.seen === this.#changes
  }

  /** Nobody can go on but those who spin: they look once more, and not for ever. */
  #force(spinning: number): number {
    if (spinning === 0 || ++this.#forced > FORCED_MAX) return 0
    for (let rest = spinning; rest !== 0; rest &= rest - 1) {
      const { player } = this.#entries[lowest(rest)] as Entry
      player.looks = 0
    }
    return spinning
  }

  /** While a task stands in synchronous code, only what it asked before, in order, and that. */
  #mayStep(player: Player, slot: number): boolean {
    for (const entry of player.fresh) {
      if (this.#byDeed.get(entry.deed) === entry && entry.deed.ready()) return entry.slot === slot
    }
    return slot === HELD_SLOT
  }

  /** The timers that are due next. */
  #dueFirst(): number {
    let due = Infinity
    let set = 0
    for (let rest = this.#live; rest !== 0; rest &= rest - 1) {
      const strand = lowest(rest)
      const moment = this.#entries[strand]?.deed.due ?? Infinity
      if (moment < due) set = 0
      if (moment <= due && moment !== Infinity) {
        due = moment
        set |= 1 << strand
      }
    }
    return set
  }

  #begin(choice: Choice, entry: Entry): void {
    this.#step = { strand: entry.strand, variant: variantOf(choice), quiescent: this.quiescent }
    this.last = entry.strand
    this.steps++
    this.#footprint.add(entry.player.place, true)
    const { due } = entry.deed
    if (due !== undefined && due > this.timeMs && !entry.deed.ready()) this.timeMs = due
  }

  #perform(choice: Choice): void {
    const entry = this.#entries[processOf(choice)] as Entry
    this.#begin(choice, entry)
    if (variantOf(choice) === DIE) this.#kill(entry.player)
    else if (entry.slot === HELD_SLOT) this.#return(entry.player)
    else this.#do(entry)
  }

  /** Runs a task's code again, to where it was left. */
  #return(player: Player): void {
    this.#returning = player
    player.take.over = true
    player.take = new Take(player)
    player.start()
  }

  /** What happened next to a task whose code is run again. */
  #goOn(player: Player): void {
    const { take, log } = player
    const event = log[take.position]
    if (event === undefined || "name" in event) {
      const before = event === undefined ? (player.held?.label.operation ?? "") : event.name
      try {
        this.#diverged(take, before, "waits")
      } catch {
        return
      }
    }
    take.position++
    const { attempted } = event
    const deed = typeof attempted === "number" ? take.deeds[attempted] : attempted
    const acting = this.#acting
    this.#acting = take
    try {
      deed?.attempt()
    } catch (error) {
      if (error !== LEAVE) throw error
    } finally {
      this.#acting = acting
    }
  }

  #do(entry: Entry): void {
    const { take, log } = entry.player
    log.push({ attempted: entry.ordinal >= 0 ? entry.ordinal : entry.deed })
    take.position++
    const doing = this.#doing
    const acting = this.#acting
    this.#doing = entry
    this.#acting = take
    const { deed } = entry
    if (deed.covers === true) deed.touch(this.#footprint)
    try {
      if (deed.attempt() && this.#byDeed.get(deed) === entry) this.#remove(entry)
    } catch (cause) {
      if (cause !== LEAVE) this.failed("error", String(cause), cause)
    } finally {
      this.#doing = doing
      this.#acting = acting
    }
  }

  /** A simulated isolate dies: nothing of it runs any more. */
  #kill(player: Player): void {
    this.kills++
    if (player.held !== undefined) this.#release(player)
    for (const entry of player.entries) if (entry !== undefined) this.#remove(entry)
    this.#acting = player.take
    try {
      this.#cast.died(this, player)
    } finally {
      this.#acting = undefined
      player.take.over = true
    }
  }
}

export { FOLLOWING }
