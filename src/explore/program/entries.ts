/** All operations of an execution that wait to be chosen, by number and by deed. */
import type { Deed, Entry } from "./entry.ts"
import type { Party } from "./party.ts"
import type { Player } from "./player.ts"
import type { Registry } from "./registry.ts"

/** The place in a task's list of an operation in the middle of synchronous code. */
export const HELD_SLOT = 4095

/** The entries of one execution. */
export class Entries {
  readonly #registry: Registry
  readonly #byStrand: (Entry | undefined)[] = []
  readonly #byDeed = new Map<Deed, Entry>()
  /** Strands that have an entry, as a set. */
  live = 0

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** The entry of a strand. */
  at(strand: number): Entry | undefined {
    return this.#byStrand[strand]
  }

  /** The entry of a deed, while it waits. */
  of(deed: Deed): Entry | undefined {
    return this.#byDeed.get(deed)
  }

  /** Whether a deed waits in this very entry. */
  has(entry: Entry): boolean {
    return this.#byDeed.get(entry.deed) === entry
  }

  /** A deed more of a task; `ordinal` is which of those that its code has entered. */
  add(player: Player, deed: Deed, ordinal: number, stack: string, party: Party = player): Entry {
    let slot = 0
    while (player.entries[slot] !== undefined) slot++
    const strand = this.#registry.strand(player.key, slot)
    const entry: Entry = { player, slot, strand, ordinal, deed, stack, party }
    player.entries[slot] = entry
    if (ordinal >= 0) {
      player.entered.push(entry)
      if (deed.later !== true) player.fresh.push(entry)
    }
    this.#byStrand[strand] = entry
    this.#byDeed.set(deed, entry)
    this.live |= 1 << strand
    return entry
  }

  /** It waits no more. */
  remove(entry: Entry): void {
    const { deed, player, ordinal } = entry
    this.#byDeed.delete(deed)
    player.entries[entry.slot] = undefined
    if (ordinal >= 0) player.entered[ordinal] = undefined
    this.#drop(entry.strand)
    deed.gone?.()
  }

  /** The code of a task was run again and waits for the same as before. */
  recast(entry: Entry | undefined, deed: Deed): void {
    if (entry === undefined) return
    this.#byDeed.delete(entry.deed)
    deed.replaces?.(entry.deed)
    entry.deed = deed
    this.#byDeed.set(deed, entry)
  }

  /** A task stands in the middle of synchronous code. */
  hold(player: Player, deed: Deed, stack: string, party: Party): void {
    player.held = deed
    player.heldAt = stack
    const strand = this.#registry.strand(player.key, HELD_SLOT)
    this.#byStrand[strand] = { player, slot: HELD_SLOT, strand, ordinal: -1, deed, stack, party }
    this.live |= 1 << strand
  }

  /** It goes on. */
  release(player: Player): void {
    player.held = undefined
    this.#drop(this.#registry.strand(player.key, HELD_SLOT))
  }

  #drop(strand: number): void {
    this.#byStrand[strand] = undefined
    this.live &= ~(1 << strand)
    this.#registry.release(strand)
  }
}
