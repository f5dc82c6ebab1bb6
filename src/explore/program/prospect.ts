/**
 * What can happen next in an explored program: who can go on, who may die, and what happens when
 * nobody can.
 *
 * When nobody can go on, time passes until the next timer; when there is none, those who spin look
 * once more. When that changes nothing either, the execution has come to its end.
 */
import type { Footprint } from "../operation.ts"
import { lowest, type Situation } from "../strategy.ts"
import { type Entries, HELD_SLOT } from "./entries.ts"
import type { Deed, Entry } from "./entry.ts"
import type { TheatreBounds } from "./finding.ts"
import type { Player } from "./player.ts"

/** Strands that one exploration can have. */
export const STRANDS_MAX = 31

/** Looks in a row at what does not change, after which a task is thought to spin. */
const LOOKS_MAX = 6

/** How often spinning tasks go on although nothing changes, before that is a livelock. */
const FORCED_MAX = 16

/** What is touched when a task waits no more. */
export function leaving({ entries }: Player, into: Footprint): void {
  for (const entry of entries) {
    if (entry === undefined) continue
    if (entry.deed.leave !== undefined) entry.deed.leave(into)
    else entry.deed.touch(into)
  }
}

/** The situation that strategies choose in. */
export class Prospect implements Situation {
  readonly processes = STRANDS_MAX
  enabled = 0
  mortal = 0
  /** Locks are found dead, messages return, ends are given up. */
  readonly deathsTouch = true
  readonly expirable = 0
  last = -1
  steps = 0
  kills = 0
  quiescent = false
  exclusive = false
  /** How often something was changed in this execution. */
  changes = 0
  /** Simulated time. */
  timeMs = 0
  /** How often spinning tasks went on although nothing had changed. */
  #forced = 0
  readonly #entries: Entries
  readonly #bounds: TheatreBounds
  readonly #mourns: (player: Player, into: Footprint) => void

  /** @param mourns adds what the death of a task would touch */
  constructor(
    entries: Entries,
    bounds: TheatreBounds,
    mourns: (player: Player, into: Footprint) => void,
  ) {
    this.#entries = entries
    this.#bounds = bounds
    this.#mourns = mourns
  }

  ownerOf(process: number): number {
    return this.#entries.at(process)?.player.key ?? -1
  }

  pending(process: number, into: Footprint): void {
    into.clear()
    const entry = this.#entries.at(process)
    if (entry === undefined) return
    into.add(entry.player.place, true)
    entry.deed.touch(into)
    if (this.#bounds.killsMax === 0) return
    this.#mourns(entry.player, into)
    leaving(entry.player, into)
  }

  /** Whether those who spin have looked often enough. */
  get isLivelock(): boolean {
    return this.#forced > FORCED_MAX
  }

  /** A task has done nothing but look, or let others go on. */
  looked(player: Player): void {
    player.looks = player.seen === this.changes ? player.looks + 1 : 1
    player.seen = this.changes
  }

  /** The task of the last step goes on by another of its strands when that one is done. */
  #follow(enabled: number): void {
    if (this.last < 0 || (enabled & (1 << this.last)) !== 0) return
    for (let rest = enabled; rest !== 0; rest &= rest - 1) {
      const strand = lowest(rest)
      if (this.#entries.at(strand)?.player === this.#stepper) this.last = strand
    }
  }
  #stepper: Player | undefined

  /** Counts a step, and lets time pass to where it is due, but not for a death. */
  stepped({ strand, deed, player }: Entry, dies: boolean): void {
    this.last = strand
    this.#stepper = player
    this.steps++
    const { due } = deed
    if (dies) return
    if (due !== undefined && due > this.timeMs && !deed.ready()) this.timeMs = due
  }

  /** Finds out what can be done; false when that is nothing. */
  look(): boolean {
    let enabled = 0
    let spinning = 0
    for (let rest = this.#entries.live; rest !== 0; rest &= rest - 1) {
      const strand = lowest(rest)
      const { player, deed, slot } = this.#entries.at(strand) as Entry
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
    this.#follow(enabled)
    this.mortal = this.kills < this.#bounds.killsMax ? this.#mortals(enabled) : 0
    return enabled !== 0
  }

  /** One strand of each task but main: of those that can go on, or of those that wait. */
  #mortals(enabled: number): number {
    let mortal = 0
    const seen = new Set<Player>()
    for (const strands of [enabled, this.#entries.live & ~enabled]) {
      for (let rest = strands; rest !== 0; rest &= rest - 1) {
        const { strand, player, slot } = this.#entries.at(lowest(rest)) as Entry
        // Its code has ended, and no actor lives with it: its death would touch nothing.
        if (player.ending !== undefined && player.guests === 0) continue
        // What its code is being run by is done when that stands in the middle.
        if (player.held !== undefined && slot !== HELD_SLOT && strands !== enabled) continue
        if (player.isolate !== 0 && !seen.has(player)) mortal |= 1 << strand
        seen.add(player)
      }
    }
    return mortal
  }

  /** Whether a task has looked often enough at what has not changed. */
  #spins(player: Player, deed: Deed): boolean {
    const again = deed === player.held || deed.yields === true
    return again && player.looks >= LOOKS_MAX && player.seen === this.changes
  }

  /** Nobody can go on but those who spin: they look once more, and not for ever. */
  #force(spinning: number): number {
    if (spinning === 0 || ++this.#forced > FORCED_MAX) return 0
    for (let rest = spinning; rest !== 0; rest &= rest - 1) {
      const { player } = this.#entries.at(lowest(rest)) as Entry
      player.looks = 0
    }
    return spinning
  }

  /** While a task stands in synchronous code, only what it asked before, in order, and that. */
  #mayStep(player: Player, slot: number): boolean {
    for (const entry of player.fresh) {
      if (this.#entries.has(entry) && entry.deed.ready()) return entry.slot === slot
    }
    return slot === HELD_SLOT
  }

  /** The timers that are due next. */
  #dueFirst(): number {
    let due = Infinity
    let set = 0
    for (let rest = this.#entries.live; rest !== 0; rest &= rest - 1) {
      const strand = lowest(rest)
      const { player, slot, deed } = this.#entries.at(strand) as Entry
      // Nothing happens in the middle of code.
      if (player.held !== undefined && slot !== HELD_SLOT) continue
      const moment = deed.due ?? Infinity
      if (moment < due) set = 0
      if (moment <= due && moment !== Infinity) {
        due = moment
        set |= 1 << strand
      }
    }
    return set
  }
}
