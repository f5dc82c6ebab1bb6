/** All actors of one execution of a program: their names, their mail, and what is lost. */
import type { DeadLetter } from "../../../actor/dead-letters.ts"
import type { Naming } from "../../../actor/registry.ts"
import type { Footprint } from "../../operation.ts"
import { type Deed, labelOf } from "../entry.ts"
import type { Player } from "../player.ts"
import type { Theatre } from "../theatre.ts"
import { type Parcel, unpack } from "../values.ts"
import type { Box } from "./box.ts"
import { Act, type Letter } from "./letter.ts"
import { Mail } from "./mail.ts"

/** One who reads dead letters. */
interface Reader {
  readonly player: Player
  readonly place: number
  readonly kept: (Omit<DeadLetter, "args"> & { readonly args: Parcel })[]
  deed: Deed | undefined
}

/** What all actors share. */
export class Company {
  readonly theatre: Theatre
  /** By number. */
  readonly boxes = new Map<number, Box>()
  /** The place of all names. */
  readonly names: number
  readonly #named = new Map<string, Box>()
  readonly #mails = new Map<Player, Mail>()
  readonly #readers = new Set<Reader>()
  readonly #counts = new Map<string, number>()

  constructor(theatre: Theatre) {
    this.theatre = theatre
    this.names = theatre.newPlace()
  }

  /** What the next actor of a class is called. */
  titleOf(name: string): string {
    const nth = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, nth)
    return `${name === "" ? "actor" : name}#${nth}`
  }

  /** What comes to a task's isolate; asked for as part of an operation. */
  mailOf(player: Player): Mail {
    let mail = this.#mails.get(player)
    if (mail === undefined) {
      mail = new Mail(this.theatre, player)
      this.#mails.set(player, mail)
    }
    return mail
  }

  register(name: string, box: Box): Naming {
    const act = new Act(`"${name}"`, "register", [[this.names, true], ...box.all(false)])
    return this.theatre.choose(act, () => {
      const owner = this.#named.get(name)
      if (owner !== undefined && owner !== box) return "taken"
      if (box.registered !== "") return "named"
      if (box.state === "gone") return "gone"
      this.#named.set(name, box)
      box.registered = name
      this.theatre.row(`"${name}"`, "register", box.title, undefined)
      return "ok"
    })
  }

  /** Its name is free again. */
  unregister(box: Box): void {
    if (box.registered === "") return
    this.theatre.touched(this.names, true)
    this.#named.delete(box.registered)
    box.registered = ""
  }

  whereis(name: string): Box | undefined {
    const act = new Act(`"${name}"`, "whereis", [[this.names, false]])
    return this.theatre.choose(act, () => {
      const found = this.#named.get(name)
      this.theatre.row(`"${name}"`, "whereis", found?.title ?? "nobody", undefined)
      return found
    })
  }

  /** A told message that nobody will handle, as part of a step. */
  bury(actor: string, { method, args }: Letter, error: Error): void {
    const { theatre } = this
    theatre.row(actor, `drop ${method}`, undefined, undefined)
    for (const reader of this.#readers) {
      if (reader.deed !== undefined && reader.kept.length === 0) theatre.enables(reader.deed)
      reader.kept.push({ actor, method, args, reason: error.message })
      theatre.touched(reader.place, true)
    }
  }

  /** The dead letters from here on, for the code that asks. */
  read(): AsyncIterableIterator<DeadLetter> {
    const { theatre } = this
    const reader = theatre.operate("dead letters", (): Reader => {
      const { player } = theatre
      const made: Reader = { player, place: theatre.newPlace(), kept: [], deed: undefined }
      this.#readers.add(made)
      return made
    })
    const waiting = new Map<Deed, (result: IteratorResult<DeadLetter>) => void>()
    let over = false
    const letters: AsyncIterableIterator<DeadLetter> = {
      next: () => {
        if (over) return Promise.resolve({ value: undefined, done: true })
        return new Promise((resolve) => {
          const deed = reading(theatre, reader, (value) => {
            waiting.delete(deed)
            resolve({ value, done: false })
          })
          waiting.set(deed, resolve)
          reader.deed = deed
          theatre.enter(deed)
        })
      },
      return: () => {
        over = true
        theatre.operate("close dead letters", () => this.#readers.delete(reader))
        for (const [deed, resolve] of waiting) {
          theatre.drop(deed)
          resolve({ value: undefined, done: true })
        }
        waiting.clear()
        return Promise.resolve({ value: undefined, done: true })
      },
      [Symbol.asyncIterator]: () => letters,
    }
    return letters
  }

  /** A simulated isolate has died. */
  forget(player: Player): void {
    for (const reader of this.#readers) if (reader.player === player) this.#readers.delete(reader)
  }

  /** What the death of anybody would touch here. */
  mourns(into: Footprint): void {
    for (const { place } of this.#readers) into.add(place, true)
  }
}

function reading(theatre: Theatre, reader: Reader, take: (letter: DeadLetter) => void): Deed {
  return {
    label: labelOf("dead letters", "read"),
    later: true,
    ready: () => reader.kept.length > 0,
    attempt: () => {
      const letter = theatre.operate("read", () => {
        theatre.touched(reader.place, true)
        return reader.kept.shift() as Reader["kept"][number]
      })
      take({ ...letter, args: unpack(letter.args) as unknown[] })
      return true
    },
    touch: (into) => into.add(reader.place, true),
  }
}
