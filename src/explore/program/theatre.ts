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
import type { Part, SimulatedTimer, Simulation } from "#platform/simulation"
import { whenSettled } from "../../internal/platform/clock.ts"
import { ownContext, resumeWith } from "../../task/context.ts"
import { Footprint } from "../operation.ts"
import { type Choice, DIE, processOf, STOP, type Strategy, variantOf } from "../strategy.ts"
import { leftOver, spinning } from "./ends.ts"
import { Entries, HELD_SLOT } from "./entries.ts"
import { type Deed, type Entry, labelOf, type Missed } from "./entry.ts"
import type { Finding, FindingKind, TheatreBounds } from "./finding.ts"
import { LEAVE } from "./leave.ts"
import { Order } from "./order.ts"
import type { Party } from "./party.ts"
import { type Event, Player, StagedContext, Take } from "./player.ts"
import { leaving, Prospect } from "./prospect.ts"
import type { Registry } from "./registry.ts"
import type { Row } from "./rows.ts"
import { whereIn } from "./where.ts"

/** What the parts of a program are played by. */
export interface Cast {
  play(theatre: Theatre, part: Part, args: readonly unknown[]): unknown
  /** A simulated isolate dies. */
  died(theatre: Theatre, player: Player): void
  /** What its death would touch. */
  mourns(player: Player, into: Footprint): void
  /** Looks at what is left when all has ended. */
  left(leaks: TheatreBounds["leaks"]): Finding | null
}

/** There is no answer yet. */
export const FRESH: unique symbol = Symbol("fresh")

/** Calls back after the microtasks that are queued already. */
const SOON = Promise.resolve()

/** The take that the calling code belongs to. */
function ownTake(): Take | undefined {
  const context = ownContext()
  return context instanceof StagedContext ? context.take : undefined
}

/** One execution after the other. */
export class Theatre implements Simulation {
  /** Choices made in this execution: the schedule. */
  readonly choices: Choice[] = []
  /** The names of what was chosen, which every registry understands. */
  readonly names: string[] = []
  finding: Finding | null = null
  /** The strategy has ended it before its end. */
  stopped = false
  traced = false
  /** Tasks that have not begun: those in front may. */
  unbegun: [Player, Deed][] = []
  /** Tasks that may begin now. */
  beginning = 0
  /** A module that must be loaded before the program can be run. */
  wanted: (() => Promise<void>) | undefined
  /** The actor whose code runs, where there are any. */
  partyNow: (() => Party | undefined) | undefined
  readonly rows: Row[] = []
  all: Player[] = []
  order = new Order()

  readonly #registry: Registry
  readonly #bounds: TheatreBounds
  readonly #cast: Cast
  #entries: Entries
  #prospect: Prospect
  #strategy!: Strategy
  #over: (() => void) | undefined
  /** Whose deed is being done, and which. */
  #acting: Take | undefined
  #doing: Entry | undefined
  /** The deed for which the thread of the current task blocks, while it is tried. */
  #blocked: Deed | undefined
  /** The step that is not yet complete. */
  #step: { strand: number; variant: number; quiescent: boolean } | undefined
  readonly #footprint = new Footprint()
  #enables = 0
  #withdraws = 0
  /** The task whose code is brought back to where it was left. */
  #returning: Player | undefined
  /** What that task has asked for before it was left, and does first. */
  #first: Entry | undefined
  /** A choice made in the middle of code that was left for it. */
  #chosen: Choice | undefined
  #places = 0
  readonly #settled = () => {
    try {
      this.#next()
    } catch (cause) {
      this.failed("error", String(cause), cause)
      this.#end()
    }
  }
  readonly #arm = () => whenSettled(this.#settled)

  constructor(registry: Registry, bounds: TheatreBounds, cast: Cast) {
    this.#registry = registry
    this.#bounds = bounds
    this.#cast = cast
    this.#entries = new Entries(registry)
    this.#prospect = this.#newProspect()
  }

  /** Whether isolates may die. */
  get mayDie(): boolean {
    return this.#bounds.killsMax > 0
  }

  /** Steps of this execution. */
  get steps(): number {
    return this.#prospect.steps
  }

  /** Deaths in this execution. */
  get kills(): number {
    return this.#prospect.kills
  }

  // What the rooms see

  get inside(): boolean {
    const take = this.#acting ?? ownTake()
    return take !== undefined && this.all[take.player.isolate] === take.player
  }

  play(part: Part, args: readonly unknown[]): unknown {
    return this.#cast.play(this, part, args)
  }

  /** Simulated time, for those who decide what can be done. */
  get timeMs(): number {
    return this.#prospect.timeMs
  }

  now(): number {
    return this.operate("now", () => this.#prospect.timeMs)
  }

  after(ms: number, fn: () => void): SimulatedTimer {
    const take = this.take
    const deed: Deed = {
      label: labelOf("time", `${ms} ms`),
      later: true,
      due: this.now() + Math.max(0, ms),
      ready: () => (deed.due as number) <= this.#prospect.timeMs,
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

  // What those who play the parts see

  /** The run of code that asks. */
  get take(): Take {
    return (this.#acting ?? ownTake()) as Take
  }

  /** The task whose code asks. */
  get player(): Player {
    return this.take.player
  }

  /** What is being tried. */
  get trying(): Deed | undefined {
    return this.#blocked ?? this.#doing?.deed
  }

  /** Whether what is done now is a part of a deed that says all it touches. */
  get isCovered(): boolean {
    return this.#doing?.deed.covers === true
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

  /** Calls code of a take, which another task may interrupt. */
  call<R>(take: Take, fn: () => R): R {
    const acting = this.#acting
    const doing = this.#doing
    this.#acting = undefined
    this.#doing = undefined
    try {
      return resumeWith(take.context, fn)
    } finally {
      this.#acting = acting
      this.#doing = doing
    }
  }

  /** Calls code as the take that asks, so that what it schedules is known to be its. */
  within<R>(fn: () => R): R {
    return resumeWith(this.take.context, fn)
  }

  /** The step touches a place. */
  touched(place: number, writes: boolean, mode = 0): void {
    this.#footprint.add(place, writes, mode)
  }

  /** Orders the task at a place: after those who released there, before those who acquire. */
  meetAt(place: number, acquires: boolean, releases: boolean): void {
    if (this.order.isKept) this.order.meet(this.player, place, acquires, releases)
  }

  /** What was waited for may be possible now, only because of this step. */
  enables(deed: Deed): void {
    const entry = this.#entries.of(deed)
    if (entry !== undefined) this.#enables |= 1 << entry.strand
  }

  /** The current task has done nothing but look, or let others go on. */
  looked(): void {
    this.#prospect.looked(this.player)
  }

  /** Something is different from here on: whoever spins looks again. */
  changed(): void {
    this.#prospect.changes++
  }

  /** Something is wrong: the first time, this is what the execution comes to. */
  failed(kind: FindingKind, message: string, cause?: unknown): void {
    this.finding ??= { kind, message, cause }
  }

  /** Notes what is done, for the report. */
  row(object: string, operation: string, value: unknown, answer: unknown): void {
    if (!this.traced) return
    const stack = this.#doing?.stack ?? this.#stack()
    const { player, steps } = this
    this.rows.push({ step: steps, player, object, operation, value, answer, stack })
  }

  /** Where the program asks for what is done; empty unless it is traced. */
  where(): string {
    return whereIn(this.#doing?.stack ?? this.#stack())
  }

  /** A signal that nobody hears. */
  missing(object: string, operation: string, outcome: string): Missed {
    const what = `${operation} ${object} ${outcome}`
    return { player: this.player, what, where: this.where() }
  }

  #stack(): string {
    return this.traced ? (new Error().stack ?? "") : ""
  }

  /**
   * Something that code of a task does at once and without a choice; when the code is run again it
   * is answered from the log.
   */
  operate<A>(name: string, act: () => A): A {
    const { take } = this
    if (take.over) throw LEAVE
    if (take.busy) return act()
    if (this.#isBehind(take)) return this.#again(take, name) as A
    let answer: A
    take.busy = true
    try {
      answer = act()
    } catch (error) {
      if (error !== LEAVE) note(take, { name, answer: error, threw: true })
      throw error
    } finally {
      take.busy = false
    }
    note(take, { name, answer, threw: false })
    return answer
  }

  /** The answer of before, where code is run again; else `FRESH`. */
  recall(name: string): unknown {
    const { take } = this
    if (take.over || take.busy || !this.#isBehind(take)) return FRESH
    return this.#again(take, name)
  }

  /** As `operate`, but another task may be chosen first, unless it is part of a deed. */
  choose<A>(deed: Deed, act: () => A): A {
    const { take } = this
    if (take.over) throw LEAVE
    if (take.busy) {
      deed.touch(this.#footprint)
      return act()
    }
    const { name } = deed.label
    if (this.#isBehind(take)) return this.#again(take, name) as A
    if (this.#acting === undefined) this.#cue(take, deed)
    try {
      return this.operate(name, act)
    } finally {
      if (!this.isCovered) deed.touch(this.#footprint)
      this.#noteLook(deed.looks === true)
    }
  }

  /** Does what an entry covers, as a part of it. */
  perform<A>(name: string, looks: (answer: A) => boolean, act: () => A): A {
    const answer = this.operate(name, act)
    this.#noteLook(looks(answer))
    return answer
  }

  #noteLook(looks: boolean): void {
    if (looks) this.looked()
    else this.changed()
  }

  /** Whether code that is run again has not come to where it was: what was tried there is, too. */
  #isBehind(take: Take): boolean {
    const { log } = take.player
    for (;;) {
      const event = log[take.position]
      if (event === undefined) return false
      if ("name" in event || !event.amid || this.#acting !== undefined) return true
      this.#tryAgain(take, event.attempted)
    }
  }

  #again(take: Take, name: string): unknown {
    const event = take.player.log[take.position]
    if (!("name" in event)) throw this.#diverged(take, "waited", name)
    if (event.name !== name) throw this.#diverged(take, event.name, name)
    take.position++
    if (event.threw) throw event.answer
    return event.answer
  }

  #diverged(take: Take, before: string, now: string): typeof LEAVE {
    take.over = true
    const message =
      `${take.player.title} did ${before} before and now, with the same answers, ${now}: ` +
      "what a task changes must be made in it"
    this.failed("not repeatable", message)
    return LEAVE
  }

  /** Comes to a step in the middle of synchronous code; returns when it is chosen. */
  #cue(take: Take, deed: Deed): void {
    const { player } = take
    if (this.#returning === player) {
      this.#returning = undefined
      const before = player.held?.label.name ?? ""
      if (before !== deed.label.name) throw this.#diverged(take, before, deed.label.name)
      this.#entries.release(player)
      const first = this.#first
      if (first === undefined) return
      this.#first = undefined
      this.#do(first, true)
    }
    this.#executed()
    this.#entries.hold(player, deed, this.#stack(), this.partyNow?.() ?? player)
    while (this.#decide()) {
      const entry = this.#lend(player, this.choices.at(-1) as Choice)
      if (entry === undefined) break
      if (entry.slot === HELD_SLOT) {
        this.#entries.release(player)
        return
      }
      this.#do(entry, true)
      this.#executed()
    }
    take.over = true
    throw LEAVE
  }

  /**
   * Lets others go on while the code of a task stands in the middle, until a step of its own is
   * chosen: that one begins. Undefined when the code must be left.
   */
  #lend(player: Player, first: Choice): Entry | undefined {
    let choice: Choice | undefined = first
    let entry = this.#entries.at(processOf(first)) as Entry
    if (entry.player !== player && this.#mayRunAbove(choice, entry)) {
      player.isBelow = true
      this.#begin(choice, entry)
      this.#return(entry.player)
      player.isBelow = false
      choice = this.#chosen
      this.#chosen = undefined
      if (choice === undefined) return undefined
      entry = this.#entries.at(processOf(choice)) as Entry
    }
    if (variantOf(choice) === DIE || entry.player !== player) {
      this.#chosen = choice
      return undefined
    }
    this.#begin(choice, entry)
    return entry
  }

  /**
   * Whether a task's code can be brought back on top of code that stands in the middle: it has not
   * waited for anything yet, and stands in the middle itself. So no microtask is due.
   */
  #mayRunAbove(choice: Choice, { player, slot }: Entry): boolean {
    const isHeld = slot === HELD_SLOT && variantOf(choice) !== DIE
    return isHeld && !player.isBelow && !player.hasWaited
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
    if (own) take.deeds.push(deed)
    if (own && ordinal < of.entered.length) {
      this.#entries.recast(of.entered[ordinal], deed)
      return false
    }
    const party = own ? this.partyNow?.() : of
    const { strand } = this.#entries.add(of, deed, ordinal, this.#stack(), party)
    this.#enables |= 1 << strand
    return true
  }

  /** The program gives up waiting. False when it was done already. */
  withdraw(deed: Deed): boolean {
    return this.operate(`withdraw ${deed.label.operation}`, () => {
      const entry = this.#entries.of(deed)
      if (entry === undefined) return false
      if (deed.leave !== undefined) deed.leave(this.#footprint)
      else {
        deed.touch(this.#footprint)
        deed.watch?.(this.#footprint)
      }
      this.#footprint.add(entry.player.place, true)
      this.#withdraws |= 1 << entry.strand
      this.#entries.remove(entry)
      return true
    })
  }

  /** What was waited for is wanted no more, by the step that is done now. */
  drop(deed: Deed): void {
    const entry = this.#entries.of(deed)
    if (entry !== undefined) this.#entries.remove(entry)
  }

  /** Does a deed of another task as a part of this step. */
  meet(deed: Deed): void {
    const entry = this.#entries.of(deed)
    if (entry === undefined) return
    this.#footprint.add(entry.player.place, true)
    // Whose code was left in the middle does it when it goes on.
    if (entry.player.held === undefined) this.#do(entry)
  }

  /** Blocks the thread of the current task until a deed is done; false when its time is over. */
  block(deed: Deed, timeoutMs: number): boolean {
    const due = timeoutMs === Infinity ? Infinity : this.now() + timeoutMs
    const blocked: Deed = {
      label: deed.label,
      due,
      ready: () => deed.ready(),
      attempt: () => true,
      touch: (into) => deed.touch(into),
      waitsFor: () => deed.waitsFor?.() ?? [],
      missed: () => deed.missed?.(),
    }
    for (;;) {
      if (this.#tryBlocked(blocked, deed)) return true
      if (due !== Infinity && this.now() >= due) return false
    }
  }

  #tryBlocked(blocked: Deed, deed: Deed): boolean {
    const { take } = this
    if (take.over) throw LEAVE
    if (this.#isBehind(take)) return deed.attempt()
    this.#cue(take, blocked)
    this.#acting = take
    this.#blocked = deed
    try {
      return deed.attempt()
    } finally {
      this.#acting = undefined
      this.#blocked = undefined
    }
  }

  // One execution

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

  #newProspect(): Prospect {
    const mourns = (player: Player, into: Footprint): void => this.#cast.mourns(player, into)
    return new Prospect(this.#entries, this.#bounds, mourns)
  }

  #clear(): void {
    this.all = []
    this.choices.length = 0
    this.names.length = 0
    this.#registry.begin()
    this.rows.length = 0
    this.finding = null
    this.stopped = false
    this.wanted = undefined
    this.partyNow = undefined
    this.unbegun = []
    this.beginning = 0
    this.order = new Order()
    this.#entries = new Entries(this.#registry)
    this.#prospect = this.#newProspect()
    this.#step = undefined
    this.#withdraws = 0
    this.#returning = undefined
    this.#first = undefined
    this.#chosen = undefined
    this.#places = 0
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
    const others = ~(1 << strand)
    const enables = this.#enables & others
    const withdraws = this.#withdraws & others
    const footprint = this.#footprint
    this.#strategy.executed(
      { process: strand, variant, footprint, quiescent, enables, withdraws },
      this.#prospect,
    )
    this.#enables = 0
    this.#withdraws = 0
    this.#footprint.clear()
  }

  /** Asks the strategy; false when there is nothing to choose or it has stopped. */
  #decide(): boolean {
    if (this.#registry.exceeded !== undefined) this.stopped = true
    if (this.finding !== null || this.stopped || this.wanted !== undefined) return false
    const prospect = this.#prospect
    if (!prospect.look()) {
      this.finding = prospect.isLivelock
        ? spinning(this.all)
        : (leftOver(this.all) ?? this.#cast.left(this.#bounds.leaks))
      return false
    }
    if (prospect.steps >= this.#bounds.stepsMax) {
      const why = "usually a loop that looks again and again without waiting; stepsMax allows more"
      this.failed("livelock", `${prospect.steps} steps without an end: ${why}`)
      return false
    }
    const choice = this.#strategy.choose(prospect)
    this.stopped = choice === STOP
    if (this.stopped) return false
    const able = variantOf(choice) === DIE ? prospect.mortal : prospect.enabled
    if ((able & (1 << processOf(choice))) === 0) {
      const why = "what goes on in one execution cannot go on in the next, after the same steps"
      this.failed("not repeatable", `${why}: what the program changes must be made in it`)
      return false
    }
    this.choices.push(choice)
    this.names.push(this.#registry.nameOf(processOf(choice)))
    return true
  }

  #begin(choice: Choice, entry: Entry): void {
    const variant = variantOf(choice)
    const quiescent = variant !== DIE && this.#prospect.quiescent
    this.#step = { strand: entry.strand, variant, quiescent }
    this.#footprint.add(entry.player.place, true)
    this.#prospect.stepped(entry, variant === DIE)
  }

  #perform(choice: Choice): void {
    const entry = this.#entries.at(processOf(choice)) as Entry
    this.#begin(choice, entry)
    if (variantOf(choice) === DIE) this.#kill(entry.player)
    else if (entry.player.held === undefined) this.#do(entry)
    else {
      if (entry.slot !== HELD_SLOT) this.#first = entry
      this.#return(entry.player)
    }
  }

  /** Runs a task's code again, to where it was left. */
  #return(player: Player): void {
    this.#returning = player
    player.take.over = true
    player.take = new Take(player)
    player.start()
  }

  /** Lets happen what happened next to a task whose code is run again. */
  #goOn(player: Player): void {
    const { take, log, held } = player
    const event = log[take.position]
    if (event === undefined || "name" in event || event.amid) {
      const before = event !== undefined && "name" in event ? event.name : held?.label.name
      this.#diverged(take, before ?? "more", "waits")
      return
    }
    this.#tryAgain(take, event.attempted)
  }

  /** Tries a deed that was tried here before. */
  #tryAgain(take: Take, attempted: number | Deed): void {
    take.position++
    const deed = typeof attempted === "number" ? take.deeds[attempted] : attempted
    this.#acting = take
    try {
      const done = deed?.attempt() === true
      // It was left in the middle of it, and has come to its end now.
      const entry = deed === undefined ? undefined : this.#entries.of(deed)
      if (done && entry !== undefined) this.#entries.remove(entry)
    } catch (error) {
      if (error !== LEAVE) throw error
    } finally {
      this.#acting = undefined
    }
  }

  #do(entry: Entry, amid = false): void {
    const { take, log } = entry.player
    const { deed } = entry
    log.push({ attempted: entry.ordinal >= 0 ? entry.ordinal : deed, amid })
    if (!amid) entry.player.hasWaited = true
    take.position++
    const doing = this.#doing
    const acting = this.#acting
    this.#doing = entry
    this.#acting = take
    if (deed.covers === true) deed.touch(this.#footprint)
    try {
      if (deed.attempt() && this.#entries.has(entry)) this.#entries.remove(entry)
    } catch (cause) {
      if (cause !== LEAVE) this.failed("error", String(cause), cause)
    } finally {
      this.#doing = doing
      this.#acting = acting
    }
  }

  /** A simulated isolate dies: nothing of it runs any more. */
  #kill(player: Player): void {
    this.#prospect.kills++
    this.#endIsolate(player)
  }

  /** Ends the isolate of a task that has not ended, as a part of what is done now. */
  kill(player: Player): void {
    this.operate("kill", () => {
      if (player.begun && player.ending === undefined) this.#endIsolate(player)
    })
  }

  #endIsolate(player: Player): void {
    const acting = this.#acting
    leaving(player, this.#footprint)
    if (player.held !== undefined) this.#entries.release(player)
    for (const entry of player.entries) if (entry !== undefined) this.#entries.remove(entry)
    this.#acting = player.take
    try {
      this.#cast.died(this, player)
    } finally {
      this.#acting = acting
      player.take.over = true
    }
  }
}

function note(take: Take, event: Event): void {
  take.player.log.push(event)
  take.position++
}
