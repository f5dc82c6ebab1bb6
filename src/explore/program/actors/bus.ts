/** The subscribers of an explored event bus: what is a table in shared memory otherwise. */
import { Bus } from "../../../actor/bus.ts"
import type { Entry } from "../../../actor/bus-table.ts"
import type { Theatre } from "../theatre.ts"
import { Act } from "./letter.ts"

/** One bus, for all who know it. */
export class StagedTable {
  readonly object: number
  readonly #theatre: Theatre
  readonly #place: number
  readonly #entries: Entry[] = []
  #version = 0
  #ids = 0

  constructor(theatre: Theatre, object: number) {
    this.#theatre = theatre
    this.object = object
    this.#place = theatre.newPlace()
  }

  /** A handle more: each isolate keeps in mind by itself who subscribes. */
  get ref(): Bus {
    return new Bus(this.object)
  }

  version(): number {
    return this.#theatre.choose(this.#act("publish", false), () => this.#version)
  }

  subscribe(object: number, method: number, topic: string): number {
    return this.#theatre.choose(this.#act("subscribe", true), () => {
      this.#version++
      this.#entries.push({ id: ++this.#ids, object, method, topic })
      return this.#ids
    })
  }

  unsubscribe(id: number): boolean {
    return this.#theatre.choose(this.#act("unsubscribe", true), () => {
      const at = this.#entries.findIndex((entry) => entry.id === id)
      if (at < 0) return false
      this.#version++
      this.#entries.splice(at, 1)
      return true
    })
  }

  read(known: ReadonlyMap<number, unknown>): { version: number; ids: number[]; fresh: Entry[] } {
    return this.#theatre.operate("read subscribers", () => {
      this.#theatre.touched(this.#place, false)
      const fresh = this.#entries.filter(({ id }) => !known.has(id))
      return { version: this.#version, ids: this.#entries.map(({ id }) => id), fresh }
    })
  }

  #act(operation: string, writes: boolean): Act {
    return new Act("bus", operation, [[this.#place, writes]])
  }
}
