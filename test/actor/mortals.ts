/** Actors that die in all ways with a message in hand, once. */
import { Actor, actor } from "../../src/actor/index.ts"

/** The ways in which an isolate ends under an actor. */
export type Way = "exit" | "heap" | "loop" | "uncaught"

const ENDED = 0
const HANDLED = 1

export class Mortal extends Actor {
  static {
    actor(import.meta.url, "Mortal", Mortal)
  }
  readonly told: Int32Array
  readonly seen: number[] = []

  constructor(told: Int32Array) {
    super()
    this.told = told
  }

  /** Ends its isolate when it is called for the first time; later it answers. */
  end(way: Way): string | Promise<never> {
    Atomics.add(this.told, HANDLED, 1)
    if (Atomics.exchange(this.told, ENDED, 1) === 1) return "survived"
    return this.#endBy(way)
  }

  /** Says what it was told in this life. */
  note(n: number): number[] {
    this.seen.push(n)
    return this.seen
  }

  isolate(): number | undefined {
    return this.self.statistics().isolate
  }

  #endBy(way: Way): Promise<never> {
    if (way === "exit") process.exit(7)
    if (way === "heap") this.#fill()
    if (way === "uncaught") {
      setImmediate(() => {
        throw new Error("nobody catches this")
      })
    }
    while (way === "loop") Atomics.load(this.told, HANDLED)
    return new Promise(() => {})
  }

  #fill(): void {
    const kept: unknown[] = []
    for (let i = 0; ; i++) kept.push({ i, text: `${i}`.repeat(8), list: [i, i, i, i] })
  }
}
