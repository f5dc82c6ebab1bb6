/** A token goes round a ring of actors. Checked: who holds it at the end, and all hops. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { expect, type Program } from "../kit.ts"

export class Ring extends Actor {
  static {
    actor(import.meta.url, "Ring", Ring)
  }
  hops = 0
  next: ActorRef<Ring> | undefined
  readonly place: number
  readonly report: ActorRef<Takes<number>>
  constructor(place: number, report: ActorRef<Takes<number>>) {
    super()
    this.place = place
    this.report = report
  }
  connect(next: ActorRef<Ring>): void {
    this.next = next
  }
  token(left: number): void {
    this.hops++
    if (left === 0) void this.report.tell(this.place)
    else void this.next?.tell.token(left - 1)
  }
  passed(): number {
    return this.hops
  }
}

interface Sizes {
  readonly actors: number
  readonly hops: number
}

export const program: Program<Sizes> = {
  name: "threadring",
  suite: { actors: 100, hops: 100_000 },
  small: { actors: 10, hops: 505 },
  async run({ actors, hops }, stage) {
    const { report, all } = await stage.gather<number>(1)
    const ring = await stage.spawnMany(actors, Ring, (place) => [place, report])
    for (const [i, ref] of ring.entries()) await ref.ask.connect(ring[(i + 1) % actors])
    await ring[0]?.tell.token(hops)
    expect("the last holder", (await all)[0], hops % actors)
    let passed = 0
    for (const ref of ring) passed += await ref.ask.passed()
    expect("hops", passed, hops + 1)
  },
}
