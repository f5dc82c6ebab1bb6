/** Many actors ping each other at random, one ping in flight each. Checked: pings and pongs. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { Chance, expect, me, type Program } from "../kit.ts"

export class Big extends Actor {
  static {
    actor(import.meta.url, "Big", Big)
  }
  answered = 0
  pinged = 0
  all: readonly ActorRef<Big>[] = []
  readonly chance: Chance
  readonly pings: number
  readonly report: ActorRef<Takes<number>>
  constructor(index: number, pings: number, report: ActorRef<Takes<number>>) {
    super()
    this.chance = new Chance(index)
    this.pings = pings
    this.report = report
  }
  neighbours(all: readonly ActorRef<Big>[]): void {
    this.all = all
  }
  next(): void {
    const to = this.all[this.chance.below(this.all.length)]
    void to.tell.ping(me<Big>(this))
  }
  ping(from: ActorRef<Big>): void {
    this.pinged++
    void from.tell.pong()
  }
  pong(): void {
    this.answered++
    if (this.answered < this.pings) this.next()
    else void this.report.tell(this.answered)
  }
  gotPings(): number {
    return this.pinged
  }
}

interface Sizes {
  readonly pings: number
  readonly actors: number
}

export const program: Program<Sizes> = {
  name: "big",
  suite: { pings: 20_000, actors: 120 },
  small: { pings: 20, actors: 12 },
  async run({ pings, actors }, stage) {
    const { report, all } = await stage.gather<number>(actors)
    const refs = await stage.spawnMany(actors, Big, (i) => [i, pings, report])
    for (const ref of refs) await ref.ask.neighbours(refs)
    for (const ref of refs) await ref.tell.next()
    const answered = (await all).reduce((sum, n) => sum + n, 0)
    expect("pongs", answered, pings * actors)
    let pinged = 0
    for (const ref of refs) pinged += await ref.ask.gotPings()
    expect("pings", pinged, pings * actors)
  },
}
