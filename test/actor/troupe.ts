/** Actors that play the scenarios, here and in other isolates. */

import { Actor, actor } from "../../src/actor/index.ts"
import type { ScenarioChild } from "./erlang/scenario.ts"

const url = import.meta.url

/** Starts of this isolate's players, by name; tests clear it. */
export const starts = new Map<string, number>()
/** What this isolate's players wrote. */
export const written: string[] = []

/** A child of a scenario, for real. */
export class Player extends Actor {
  static {
    actor(url, "Player", Player)
  }
  readonly #given: ScenarioChild
  readonly #name: string
  constructor(given: ScenarioChild, name = given.id) {
    super()
    this.#given = given
    this.#name = name
  }
  override onStart(): void {
    const count = (starts.get(this.#name) ?? 0) + 1
    starts.set(this.#name, count)
    const fails = this.#given.failing.includes(count)
    written.push(`${fails ? "fail" : "start"} ${this.#name}`)
    if (fails) throw new Error(`${this.#name} refused`)
  }
  override onStop(reason: { readonly reason: string }): unknown {
    if (!this.#given.stubborn || reason.reason !== "shutdown") return undefined
    return new Promise(() => {})
  }
  boom(): never {
    throw new Error("boom")
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
