/** Fork-join creation: actors are made, get one message, and end. Checked: each has worked. */
import { Actor, type ActorRef, actor, spawn, type Takes } from "heddle"
import { expect, type Program } from "../kit.ts"
import { compute } from "./fjthrput.ts"

export class Forked extends Actor {
  static {
    actor(import.meta.url, "Forked", Forked)
  }
  readonly report: ActorRef<Takes<boolean>>
  constructor(report: ActorRef<Takes<boolean>>) {
    super()
    this.report = report
  }
  work(): void {
    void this.report.tell(compute(37.2) >= 0)
    this.self.stop()
  }
}

interface Sizes {
  readonly actors: number
}

/** Actors that are being made at a time. */
const ABREAST = 1_000

export const program: Program<Sizes> = {
  name: "fjcreate",
  suite: { actors: 40_000 },
  small: { actors: 200 },
  async run({ actors }, stage) {
    const { report, all } = await stage.gather<boolean>(actors)
    const fork = async (): Promise<void> => (await spawn(Forked, [report])).tell.work()
    for (let made = 0; made < actors; made += ABREAST) {
      const now = Math.min(ABREAST, actors - made)
      await Promise.all(Array.from({ length: now }, fork))
    }
    expect("actors that worked", (await all).filter(Boolean).length, actors)
  },
}
