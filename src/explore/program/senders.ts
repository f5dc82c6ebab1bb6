/** The sending ends of a channel: when all are given up, it closes. */
import type { Flavor } from "../../channel/flavor.ts"
import type { SenderEnds } from "../../channel/sender-object.ts"
import type { Footprint } from "../operation.ts"
import type { StagedChannel } from "./channel.ts"
import type { Player } from "./player.ts"

/** All sending ends of one channel. */
export class Ends {
  readonly object: number
  readonly channel: StagedChannel
  /** Handles in use, by task, and those that are on their way. */
  readonly held = new Map<Player, number>()
  flying = 0
  gone = false

  constructor(object: number, channel: StagedChannel) {
    this.object = object
    this.channel = channel
  }

  /** A handle more for the task that runs now; undefined when all are gone. */
  join(): SenderEnds | undefined {
    const { theatre } = this.channel.queue
    const joined = theatre.operate("sender", () => {
      if (!this.gone) this.#count(theatre.player, 1)
      return !this.gone
    })
    return joined ? this.view() : undefined
  }

  /** A handle that arrives in a message: it is counted already. */
  arrive(): SenderEnds {
    const { theatre } = this.channel.queue
    theatre.operate("sender arrives", () => {
      this.flying--
      this.#count(theatre.player, 1)
    })
    return this.view()
  }

  /** As the room knows it. */
  view(): SenderEnds {
    const view = {
      object: this.object,
      channel: this.channel as Flavor,
      join: () => view,
      leave: () => this.leave(),
    }
    return view as unknown as SenderEnds
  }

  /** A handle less. */
  leave(): void {
    const { theatre } = this.channel.queue
    // The garbage collector may say so after the program, or in the middle of another one.
    if (!theatre.inside) return
    const last = theatre.operate("sender leaves", () => {
      this.#count(theatre.player, -1)
      return this.isLast()
    })
    if (last) this.channel.close(undefined)
  }

  /** A task has died: what it held is given up. */
  bury(player: Player): void {
    if (!this.held.delete(player)) return
    const { tail, head, theatre } = this.channel.queue
    for (const place of [tail, head]) theatre.touched(place, true)
    if (this.isLast()) this.channel.end(undefined)
  }

  /** What the death of a task would touch. */
  mourn(player: Player, into: Footprint): void {
    if (!this.held.has(player)) return
    const { tail, head } = this.channel.queue
    for (const place of [tail, head]) into.add(place, true)
  }

  isLast(): boolean {
    if (this.gone || this.flying > 0) return false
    for (const count of this.held.values()) if (count > 0) return false
    this.gone = true
    return true
  }

  #count(player: Player, by: number): void {
    this.held.set(player, (this.held.get(player) ?? 0) + by)
  }
}
