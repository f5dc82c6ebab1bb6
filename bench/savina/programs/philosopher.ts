/** Dining philosophers with an arbiter. Checked: meals, and that no fork was in two hands. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { expect, me, type Program } from "../kit.ts"

export class Arbiter extends Actor {
  static {
    actor(import.meta.url, "Arbiter", Arbiter)
  }
  readonly holders: number[]
  readonly report: ActorRef<Takes<number>>
  meals = 0
  left: number
  constructor(count: number, report: ActorRef<Takes<number>>) {
    super()
    this.holders = new Array<number>(count).fill(-1)
    this.left = count
    this.report = report
  }
  hungry(place: number, philosopher: ActorRef<Philosopher>): void {
    const [left, right] = this.forksOf(place)
    if (this.holders[left] !== -1 || this.holders[right] !== -1) {
      void philosopher.tell.denied()
      return
    }
    this.holders[left] = place
    this.holders[right] = place
    void philosopher.tell.eat()
  }
  eaten(place: number): void {
    for (const fork of this.forksOf(place)) {
      expect("the holder of a fork", this.holders[fork], place)
      this.holders[fork] = -1
    }
    this.meals++
  }
  leaves(): void {
    if (--this.left === 0) void this.report.tell(this.meals)
  }
  forksOf(place: number): [number, number] {
    return [place, (place + 1) % this.holders.length]
  }
}

export class Philosopher extends Actor {
  static {
    actor(import.meta.url, "Philosopher", Philosopher)
  }
  left: number
  readonly place: number
  readonly arbiter: ActorRef<Arbiter>
  constructor(place: number, rounds: number, arbiter: ActorRef<Arbiter>) {
    super()
    this.place = place
    this.left = rounds
    this.arbiter = arbiter
  }
  start(): void {
    void this.arbiter.tell.hungry(this.place, me<Philosopher>(this))
  }
  denied(): void {
    this.start()
  }
  eat(): void {
    void this.arbiter.tell.eaten(this.place)
    if (--this.left === 0) void this.arbiter.tell.leaves()
    else this.start()
  }
}

interface Sizes {
  readonly philosophers: number
  readonly rounds: number
}

export const program: Program<Sizes> = {
  name: "philosopher",
  suite: { philosophers: 20, rounds: 10_000 },
  small: { philosophers: 5, rounds: 20 },
  async run({ philosophers, rounds }, stage) {
    const { report, all } = await stage.gather<number>(1)
    const arbiter = await stage.spawn(Arbiter, [philosophers, report])
    const table = await stage.spawnMany(philosophers, Philosopher, (i) => [i, rounds, arbiter])
    for (const philosopher of table) await philosopher.tell.start()
    expect("meals", (await all)[0], philosophers * rounds)
  },
}
