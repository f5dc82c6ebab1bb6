/** The sleeping barber. Checked: each customer is cut once; one attempt more than refusals. */
import { Actor, type ActorRef, actor, spawn, type Takes } from "heddle"
import { busyWait, Chance, expect, me, type Program, UNBOUNDED } from "../kit.ts"

interface Sizes {
  readonly haircuts: number
  readonly seats: number
  readonly rate: number
}

/** What the factory tells at the end. */
interface Day {
  readonly cut: number
  readonly attempts: number
  readonly refused: number
}

export class WaitingRoom extends Actor {
  static {
    actor(import.meta.url, "WaitingRoom", WaitingRoom)
  }
  readonly seats: number
  readonly barber: ActorRef<Barber>
  readonly waiting: ActorRef<Customer>[] = []
  asleep = true
  constructor(seats: number, barber: ActorRef<Barber>) {
    super()
    this.seats = seats
    this.barber = barber
  }
  enter(customer: ActorRef<Customer>): void {
    if (this.waiting.length === this.seats) {
      void customer.tell.full()
      return
    }
    this.waiting.push(customer)
    if (!this.asleep) return
    this.asleep = false
    this.next()
  }
  next(): void {
    const customer = this.waiting.shift()
    if (customer === undefined) this.asleep = true
    else void this.barber.tell.cut(customer, me<WaitingRoom>(this))
  }
}

export class Barber extends Actor {
  static {
    actor(import.meta.url, "Barber", Barber)
  }
  readonly chance = new Chance(1)
  readonly rate: number
  constructor(rate: number) {
    super()
    this.rate = rate
  }
  cut(customer: ActorRef<Customer>, room: ActorRef<WaitingRoom>): void {
    busyWait(this.chance.below(this.rate) + 10)
    void customer.tell.done()
    void room.tell.next()
  }
}

export class Customer extends Actor {
  static {
    actor(import.meta.url, "Customer", Customer)
  }
  readonly factory: ActorRef<Factory>
  constructor(factory: ActorRef<Factory>) {
    super()
    this.factory = factory
  }
  full(): void {
    void this.factory.tell.returned(me<Customer>(this))
  }
  done(): void {
    void this.factory.tell.cut()
    this.self.stop()
  }
}

export class Factory extends Actor {
  static {
    actor(import.meta.url, "Factory", Factory)
  }
  readonly chance = new Chance(2)
  readonly sizes: Sizes
  readonly room: ActorRef<WaitingRoom>
  readonly report: ActorRef<Takes<Day>>
  attempts = 0
  refused = 0
  cuts = 0
  constructor(sizes: Sizes, room: ActorRef<WaitingRoom>, report: ActorRef<Takes<Day>>) {
    super()
    this.sizes = sizes
    this.room = room
    this.report = report
  }
  async start(): Promise<void> {
    for (let i = 0; i < this.sizes.haircuts; i++) {
      this.send(await spawn(Customer, [me<Factory>(this)], UNBOUNDED))
      busyWait(this.chance.below(this.sizes.rate) + 10)
    }
  }
  send(customer: ActorRef<Customer>): void {
    this.attempts++
    void this.room.tell.enter(customer)
  }
  returned(customer: ActorRef<Customer>): void {
    this.refused++
    this.send(customer)
  }
  cut(): void {
    if (++this.cuts < this.sizes.haircuts) return
    void this.report.tell({ cut: this.cuts, attempts: this.attempts, refused: this.refused })
  }
}

export const program: Program<Sizes> = {
  name: "barber",
  suite: { haircuts: 5_000, seats: 1_000, rate: 1_000 },
  small: { haircuts: 60, seats: 5, rate: 50 },
  async run(sizes, stage) {
    const { report, all } = await stage.gather<Day>(1)
    const barber = await stage.spawn(Barber, [sizes.rate])
    const room = await stage.spawn(WaitingRoom, [sizes.seats, barber])
    const factory = await stage.spawn(Factory, [sizes, room, report])
    await factory.tell.start()
    const [day] = await all
    expect("haircuts", day?.cut, sizes.haircuts)
    expect("attempts", day?.attempts, sizes.haircuts + (day?.refused ?? 0))
  },
}
