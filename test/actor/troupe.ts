/** Actors that play the scenarios, here and in other isolates. */
import { Actor, actor } from "../../src/actor/index.ts"
import { playerOf } from "./erlang/players.ts"

const url = import.meta.url

/** Starts of this isolate's players, by name; tests clear it. */
export const starts = new Map<string, number>()
/** What this isolate's players wrote. */
export const written: string[] = []

/** A child of a scenario, for real. */
export class Player extends playerOf(written, starts) {
  static {
    actor(url, "Player", Player)
  }
}

/** Adds, tells where it lives, and dies in several ways. */
export class Counter extends Actor {
  static {
    actor(url, "Counter", Counter)
  }
  count: number
  constructor(from = 0) {
    super()
    this.count = from
  }
  add(n: number): number {
    this.count += n
    return this.count
  }
  where(): number | undefined {
    return this.self.statistics().isolate
  }
  fail(): never {
    throw new RangeError("wrong")
  }
  async pause(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms))
  }
  exitProcess(): never {
    process.exit(3)
  }
}
