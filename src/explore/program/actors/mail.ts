/**
 * What comes to a simulated isolate from actors: answers to its questions, and ends of lives.
 *
 * As an inbox of shared memory: first in, first out, and what an isolate tells itself in one go is
 * heard in one go. An answer that is given in the isolate that asked needs no inbox: it may be
 * heard before an exit that was told earlier.
 */

import { FOLLOWING } from "../../operation.ts"
import { type Deed, type Label, labelOf, type Wait } from "../entry.ts"
import type { Party } from "../party.ts"
import type { Player, Take } from "../player.ts"
import type { Theatre } from "../theatre.ts"

/** Something that is waited for: a question, or a watch. */
export interface Wanted {
  /** What telling and hearing it depend on. */
  readonly place: number
}

interface Item {
  readonly wanted: Wanted
  readonly value: unknown
  readonly by: Player
  readonly step: number
  readonly shown: Shown
}

/** What reports say of hearing it. */
export interface Shown {
  readonly label: Label
  value(): unknown
}

/** Code that waits for something. */
export interface Opening {
  readonly label: Label
  readonly rests?: Deed["rests"]
  waitsFor(): readonly Party[]
  hear(value: unknown): void
}

interface Waiting extends Opening {
  readonly party: Party
  readonly stack: string
}

/** What is heard in order, and what hears it. */
interface Lane {
  readonly items: Item[]
  readonly deed: Deed
}

/** The mail of one isolate. */
export class Mail {
  readonly #theatre: Theatre
  readonly #player: Player
  readonly #place: number
  readonly #told: Lane
  #answered: Lane | undefined
  /** By run of its code: each hears for itself. */
  readonly #openings = new WeakMap<Take, Map<Wanted, Waiting>>()

  constructor(theatre: Theatre, player: Player) {
    this.#theatre = theatre
    this.#player = player
    this.#place = theatre.newPlace()
    this.#told = this.#newLane()
  }

  #newLane(): Lane {
    const items: Item[] = []
    const deed: Deed = {
      label: labelOf("mail", "hear"),
      later: true,
      rests: "always",
      ready: () => items.length > 0,
      waits: () => (this.#told.deed === deed ? this.#waits(deed) : []),
      attempt: () => {
        const taken = this.#theatre.operate("hear", () => this.#take(items))
        const open = this.#open(this.#theatre.take)
        for (const { wanted, value } of taken) open.get(wanted)?.hear(value)
        return false
      },
      touch: () => {},
    }
    this.#theatre.enter(deed, this.#player)
    return { items, deed }
  }

  #waits(mail: Deed): readonly Wait[] {
    return [...this.#open(this.#player.take).values()].map(
      ({ party, stack, label, rests, waitsFor }) => {
        return { party, stack, deed: { ...mail, label, rests, waitsFor } }
      },
    )
  }

  #open(take: Take): Map<Wanted, Waiting> {
    let open = this.#openings.get(take)
    if (open === undefined) {
      open = new Map()
      this.#openings.set(take, open)
    }
    return open
  }

  /** Code of this isolate waits for something, until `close`. */
  expect(wanted: Wanted, opening: Opening): void {
    const theatre = this.#theatre
    const party = theatre.partyNow?.() ?? this.#player
    const stack = theatre.traced ? (new Error().stack ?? "") : ""
    this.#open(theatre.take).set(wanted, { ...opening, party, stack })
  }

  /** Code waits for it no more. */
  close(wanted: Wanted): void {
    this.#open(this.#theatre.take).delete(wanted)
  }

  /** An answer is given, as part of a step. */
  answer(wanted: Wanted, value: unknown, shown: Shown): void {
    const isOwn = this.#theatre.player === this.#player
    if (isOwn) this.#answered ??= this.#newLane()
    this.#put((isOwn && this.#answered) || this.#told, wanted, value, shown)
  }

  /** Something is told, as part of a step. */
  tell(wanted: Wanted, value: unknown, shown: Shown): void {
    this.#put(this.#told, wanted, value, shown)
  }

  #put({ items, deed }: Lane, wanted: Wanted, value: unknown, shown: Shown): void {
    const theatre = this.#theatre
    if (items.length === 0) theatre.enables(deed)
    const { player, steps } = theatre
    items.push({ wanted, value, by: player, step: steps, shown })
    theatre.touched(this.#place, true)
    theatre.touched(wanted.place, true)
    theatre.meetAt(wanted.place, false, true)
    theatre.changed()
  }

  /** What was told of it is not to be heard, as part of a step. */
  forget(wanted: Wanted): void {
    for (const lane of [this.#told, this.#answered]) {
      const kept = lane?.items.filter((item) => item.wanted !== wanted) ?? []
      lane?.items.splice(0, Infinity, ...kept)
    }
  }

  /** A row of the report, at the place that waited. */
  #note(wanted: Wanted, { label, value }: Shown): void {
    const { rows, steps, player, take } = this.#theatre
    const stack = this.#open(take).get(wanted)?.stack ?? ""
    const operation = `hear ${label.operation}`
    const answer = value()
    rows.push({
      step: steps,
      player,
      object: label.object,
      operation,
      value: undefined,
      answer,
      stack,
    })
  }

  #take(items: Item[]): readonly Item[] {
    const first = items.shift() as Item
    const taken = [first]
    const isOwn = ({ by, step }: Item): boolean => by === this.#player && step === first.step
    while (items[0] !== undefined && isOwn(first) && isOwn(items[0])) {
      taken.push(items.shift() as Item)
    }
    const theatre = this.#theatre
    for (const { wanted, shown } of taken) {
      theatre.touched(wanted.place, false, FOLLOWING)
      theatre.meetAt(wanted.place, true, false)
      if (theatre.traced) this.#note(wanted, shown)
    }
    return taken
  }
}
