/** Fork-join throughput: main tells many actors, who compute a little. Checked: counts. */
import { Actor, actor } from "heddle"
import { expect, type Program } from "../kit.ts"

export class Throughput extends Actor {
  static {
    actor(import.meta.url, "Throughput", Throughput)
  }
  count = 0
  kept = 0
  process(): void {
    this.count++
    this.kept += compute(37.2)
  }
  result(): number {
    return Number.isFinite(this.kept) ? this.count : -1
  }
}

/** What the suite computes for each message. */
export function compute(theta: number): number {
  const sine = Math.sin(theta)
  return sine * sine
}

interface Sizes {
  readonly messages: number
  readonly actors: number
}

export const program: Program<Sizes> = {
  name: "fjthrput",
  suite: { messages: 10_000, actors: 60 },
  small: { messages: 20, actors: 10 },
  async run({ messages, actors }, stage) {
    const refs = await stage.spawnMany(actors, Throughput, () => [])
    for (let i = 0; i < messages; i++) for (const ref of refs) void ref.tell.process()
    for (const ref of refs) expect("messages of an actor", await ref.ask.result(), messages)
  },
}
