/**
 * Runs an ordinary program one step at a time, in one thread and one heap.
 *
 * Tasks are async functions in simulated isolates. What a task asks of the runtime becomes an entry
 * of its list; when all code that could run has run, a strategy chooses one entry that can be done,
 * it is done, and the code that waited for it goes on until everything waits again. Between two
 * steps all microtasks have run: `whenSettled` calls back exactly then.
 *
 * Invariant     while a strategy chooses, no code of the program can run
 * Invariant     code of the program knows its task: it is call-local
 */
import { CallLocal } from "#platform/context"
import type { Part, SimulatedTimer, Simulation } from "#platform/simulation"
import type { Here } from "../../internal/loop/here.ts"
import { whenSettled } from "../../internal/platform/clock.ts"
import { Footprint } from "../operation.ts"
import {
  type Choice,
  DIE,
  EXPIRE,
  lowest,
  processOf,
  type Situation,
  STOP,
  type Strategy,
  variantOf,
} from "../strategy.ts"
import { leftOver } from "./ends.ts"
import type { Deed, Entry } from "./entry.ts"
import { cancelTask, hearEnd } from "./go.ts"
import { Player } from "./player.ts"
import type { Registry } from "./registry.ts"
import type { Row } from "./rows.ts"
import { hereOf } from "./stagehands.ts"
import type { StagedTask } from "./task.ts"

/** What is wrong with an execution of a program. */
export interface Finding {
  readonly kind: string
  readonly message: string
  readonly cause?: unknown
}

/** Bounds of one execution. */
export interface TheatreBounds {
  readonly stepsMax: number
  readonly timeouts: "last" | "any"
}

/** What the parts of a program are played by; given by `stagehands.ts`. */
export type Cast = (theatre: Theatre, part: Part, args: readonly unknown[]) => unknown

const players = new CallLocal<Player>()

/** Strands that one execution can have. */
export const STRANDS_MAX = 31

/** One execution after the other. */
export class Theatre implements Simulation, Situation {
  readonly processes = STRANDS_MAX
  enabled = 0
  mortal = 0
  expirable = 0
  last = -1
  steps = 0
  quiescent = false
  exclusive = false
  readonly choices: Choice[] = []
  finding: Finding | null = null
  stopped = false
  traced = false
  readonly rows: Row[] = []
  all: Player[] = []

  readonly #registry: Registry
  readonly #bounds: TheatreBounds
  readonly #cast: Cast
  readonly #entries: (Entry | undefined)[] = []
  readonly #byDeed = new Map<Deed, { entry: Entry; gone: (() => void) | undefined }>()
  #live = 0
  #strategy!: Strategy
  #over: (() => void) | undefined
  #acting: Player | undefined
  #entry: Entry | undefined
  readonly #footprint = new Footprint()
  #enables = 0
  #variant = 0
  #places = 0
  #objects = 0
  #timeMs = 0
  #numbers = new Map<string, number>()
  readonly #steps = () => this.#next()
  readonly #arm = () => whenSettled(this.#steps)

  constructor(registry: Registry, bounds: TheatreBounds, cast: Cast) {
    this.#registry = registry
    this.#bounds = bounds
    this.#cast = cast
  }

  // --- what a strategy sees

  pending(_process: number, into: Footprint): void {
    into.clear()
    for (let i = 0; i < this.#footprint.count; i++) into.add(this.#footprint.place(i), true)
  }

  // --- what the rooms see

  get inside(): boolean {
    const player = this.#acting ?? players.get()
    return player !== undefined && this.all[player.isolate] === player
  }

  play(part: Part, args: readonly unknown[]): unknown {
    return this.#cast(this, part, args)
  }

  now(): number {
    return this.#timeMs
  }

  after(ms: number, fn: () => void): SimulatedTimer {
    const player = this.player
    const deed: Deed = {
      label: { object: "time", operation: `${ms} ms` },
      due: this.#timeMs + Math.max(0, ms),
      ready: () => deed.due !== undefined && deed.due <= this.#timeMs,
      attempt: () => {
        players.run(player, fn, [])
        return true
      },
      touch: () => {},
    }
    this.enter(deed)
    return { stop: () => this.withdraw(deed) }
  }

  below(bound: number): number {
    return bound - 1
  }

  // --- what those who play the parts see

  /** The task whose code runs now. */
  get player(): Player {
    return (this.#acting ?? players.get()) as Player
  }

  newPlace(): number {
    return this.#places++
  }

  newObject(): number {
    return ++this.#objects
  }

  /** The number of an object among those of its class. */
  number(name: string): number {
    const number = (this.#numbers.get(name) ?? 0) + 1
    this.#numbers.set(name, number)
    return number
  }

  /** A task more. */
  admit(name: string, parent: Player | undefined): Player {
    const nth = parent === undefined ? 0 : ++parent.children
    const key = this.#registry.player(parent?.key ?? -1, nth)
    const player = new Player(key, this.all.length, name, parent, this.newPlace())
    this.all.push(player)
    return player
  }

  /** Calls code of a task. */
  call<R>(player: Player, fn: () => R): R {
    return players.run(player, fn, [])
  }

  /** Something the current task waits for. */
  enter(deed: Deed, gone?: () => void, player: Player = this.player): void {
    if (this.all[player.isolate] !== player) return
    let slot = 0
    while (player.entries[slot] !== undefined) slot++
    const strand = this.#registry.strand(player.key, slot)
    const stack = this.traced ? (new Error().stack ?? "") : ""
    const entry: Entry = { player, slot, strand, deed, stack }
    player.entries[slot] = entry
    this.#entries[strand] = entry
    this.#byDeed.set(deed, { entry, gone })
    this.#live |= 1 << strand
    this.#enables |= 1 << strand
  }

  /** It is waited for no more. False when it was done already. */
  withdraw(deed: Deed): boolean {
    const known = this.#byDeed.get(deed)
    if (known === undefined) return false
    const { entry, gone } = known
    this.#byDeed.delete(deed)
    entry.player.entries[entry.slot] = undefined
    this.#entries[entry.strand] = undefined
    this.#live &= ~(1 << entry.strand)
    if (entry.player !== this.#entry?.player) this.#footprint.add(entry.player.place, true)
    gone?.()
    return true
  }

  /** Does a deed of another task as a part of this step. */
  meet(deed: Deed): void {
    const entry = this.#byDeed.get(deed)?.entry as Entry
    const acting = this.#acting
    this.#footprint.add(entry.player.place, true)
    this.#acting = entry.player
    try {
      this.#do(entry)
    } finally {
      this.#acting = acting
    }
  }

  /** The end of a task is waited for. */
  hear(task: StagedTask<unknown>): void {
    if (this.#heard.has(task)) return
    this.#heard.add(task)
    hearEnd(this, task)
  }
  #heard = new Set<unknown>()

  /** Cancels a task; gives what its promise rejects with. */
  cancel(task: StagedTask<unknown>, reason: unknown): unknown {
    return cancelTask(this, task, reason)
  }

  /** What the cores of a simulated isolate see of it. */
  hereOf(player: Player): Here {
    return hereOf(this, player) as Here
  }

  /** A task ends with an error that nobody hears. */
  failed(player: Player, cause: unknown): void {
    this.finding ??= { kind: "error", message: `${player.title} throws ${cause}`, cause }
  }

  /** Blocks the current task. */
  block(_deed: Deed, _timeoutMs: number): boolean {
    throw new Error("operations that block are not explored yet")
  }

  /** The step looks at a place. */
  looked(place: number): void {
    this.#footprint.add(place, false)
  }

  /** The step changes a place. */
  touched(place: number, object: string, operation: string, value: unknown): void {
    this.#footprint.add(place, true)
    if (!this.traced) return
    const stack =
      this.#entry?.stack !== undefined && this.#acting !== undefined
        ? (this.#byDeed.get(this.#doing as Deed)?.entry.stack ?? this.#entry.stack)
        : (new Error().stack ?? "")
    const { player } = this
    this.rows.push({ step: this.steps, player, object, operation, value, answer: undefined, stack })
  }
  #doing: Deed | undefined

  /** What the operation noted last has answered. */
  answered(value: unknown): void {
    const row = this.rows.at(-1)
    if (row !== undefined) row.answer = value
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
      queueMicrotask(this.#arm)
    })
  }

  #clear(): void {
    this.all = []
    this.choices.length = 0
    this.rows.length = 0
    this.finding = null
    this.stopped = false
    this.last = -1
    this.steps = 0
    this.#entries.length = 0
    this.#byDeed.clear()
    this.#live = 0
    this.#entry = undefined
    this.#places = 0
    this.#objects = 0
    this.#timeMs = 0
    this.#numbers.clear()
    this.#heard.clear()
  }

  #next(): void {
    if (this.#entry !== undefined) this.#executed()
    if (this.finding === null) {
      if (!this.#look()) {
        this.finding = leftOver(this.all)
        this.#end()
        return
      }
      if (this.steps >= this.#bounds.stepsMax) {
        this.finding = { kind: "livelock", message: `${this.steps} steps without an end` }
      } else {
        const choice = this.#strategy.choose(this)
        if (choice !== STOP) {
          this.#perform(choice)
          queueMicrotask(this.#arm)
          return
        }
        this.stopped = true
      }
    }
    this.#end()
  }

  #end(): void {
    const over = this.#over
    this.#over = undefined
    over?.()
  }

  #executed(): void {
    const entry = this.#entry as Entry
    this.#entry = undefined
    this.#strategy.executed(
      {
        process: entry.strand,
        variant: this.#variant,
        footprint: this.#footprint,
        quiescent: this.quiescent,
        enables: this.#enables & ~(1 << entry.strand),
      },
      this,
    )
    this.#enables = 0
    this.#footprint.clear()
  }

  #look(): boolean {
    let enabled = 0
    for (let rest = this.#live; rest !== 0; rest &= rest - 1) {
      const strand = lowest(rest)
      if ((this.#entries[strand] as Entry).deed.ready()) enabled |= 1 << strand
    }
    this.quiescent = enabled === 0
    if (this.quiescent || this.#bounds.timeouts === "any") enabled |= this.#dueFirst()
    this.exclusive = this.quiescent
    this.enabled = enabled
    return enabled !== 0
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

  #perform(choice: Choice): void {
    const entry = this.#entries[processOf(choice)] as Entry
    this.choices.push(choice)
    this.#variant = variantOf(choice)
    this.last = entry.strand
    this.steps++
    this.#entry = entry
    this.#footprint.add(entry.player.place, true)
    if (this.#variant === DIE || this.#variant === EXPIRE) return
    const { due } = entry.deed
    if (due !== undefined && due > this.#timeMs) this.#timeMs = due
    this.#acting = entry.player
    try {
      this.#do(entry)
    } catch (cause) {
      this.finding ??= { kind: "error", message: String(cause), cause }
    } finally {
      this.#acting = undefined
    }
  }

  #do(entry: Entry): void {
    const { deed } = entry
    const doing = this.#doing
    this.#doing = deed
    try {
      if (deed.attempt()) this.withdraw(deed)
    } finally {
      this.#doing = doing
    }
  }
}
