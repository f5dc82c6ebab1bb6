/** Producers and consumers around a bounded buffer. Checked: each item is consumed once. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { Chance, expect, me, type Program } from "../kit.ts"

interface Sizes {
  readonly buffer: number
  readonly producers: number
  readonly consumers: number
  readonly items: number
  readonly cost: number
}

/** What an item costs to make or to use, as in the suite. */
function work(cost: number): number {
  const chance = new Chance(cost)
  let result = 0
  for (let i = 0; i < cost * 100; i++) result += Math.log(chance.next() + 0.01)
  return result
}

export class Manager extends Actor {
  static {
    actor(import.meta.url, "Manager", Manager)
  }
  readonly bound: number
  producing: number
  readonly report: ActorRef<Takes<string>>
  readonly items: number[] = []
  readonly idle: ActorRef<Consumer>[] = []
  readonly waiting: ActorRef<Producer>[] = []
  fullest = 0
  consumers: number
  constructor({ buffer, producers, consumers }: Sizes, report: ActorRef<Takes<string>>) {
    super()
    this.bound = buffer
    this.producing = producers
    this.consumers = consumers
    this.report = report
  }
  produced(item: number, producer: ActorRef<Producer>): void {
    this.fullest = Math.max(this.fullest, this.items.push(item))
    if (this.items.length >= this.bound) this.waiting.push(producer)
    else void producer.tell.produce()
    this.handOut()
  }
  wants(consumer: ActorRef<Consumer>): void {
    this.idle.push(consumer)
    this.handOut()
  }
  producerIsDone(): void {
    this.producing--
    this.handOut()
  }
  handOut(): void {
    while (this.idle.length > 0 && this.items.length > 0) {
      void this.idle.pop()?.tell.consume(this.items.shift() as number)
      void this.waiting.shift()?.tell.produce()
    }
    const isOver = this.producing === 0 && this.idle.length === this.consumers
    if (isOver && this.items.length === 0) void this.report.tell("over")
  }
  mostItems(): number {
    return this.fullest
  }
}

export class Producer extends Actor {
  static {
    actor(import.meta.url, "Producer", Producer)
  }
  made = 0
  readonly index: number
  readonly sizes: Sizes
  readonly manager: ActorRef<Manager>
  constructor(index: number, sizes: Sizes, manager: ActorRef<Manager>) {
    super()
    this.index = index
    this.sizes = sizes
    this.manager = manager
  }
  produce(): void {
    if (this.made === this.sizes.items) void this.manager.tell.producerIsDone()
    else {
      work(this.sizes.cost)
      const item = this.index * this.sizes.items + this.made++
      void this.manager.tell.produced(item, me<Producer>(this))
    }
  }
}

export class Consumer extends Actor {
  static {
    actor(import.meta.url, "Consumer", Consumer)
  }
  readonly used: number[] = []
  readonly sizes: Sizes
  readonly manager: ActorRef<Manager>
  constructor(sizes: Sizes, manager: ActorRef<Manager>) {
    super()
    this.sizes = sizes
    this.manager = manager
  }
  begin(): void {
    void this.manager.tell.wants(me<Consumer>(this))
  }
  consume(item: number): void {
    work(this.sizes.cost)
    this.used.push(item)
    this.begin()
  }
  items(): number[] {
    return this.used
  }
}

export const program: Program<Sizes> = {
  name: "bndbuffer",
  suite: { buffer: 50, producers: 40, consumers: 40, items: 1_000, cost: 25 },
  small: { buffer: 5, producers: 4, consumers: 4, items: 20, cost: 1 },
  async run(sizes, stage) {
    const { report, all } = await stage.gather<string>(1)
    const manager = await stage.spawn(Manager, [sizes, report])
    const producers = await stage.spawnMany(sizes.producers, Producer, (i) => [i, sizes, manager])
    const consumers = await stage.spawnMany(sizes.consumers, Consumer, () => [sizes, manager])
    for (const consumer of consumers) await consumer.tell.begin()
    for (const producer of producers) await producer.tell.produce()
    await all
    const used = new Set<number>()
    let count = 0
    for (const consumer of consumers)
      for (const item of await consumer.ask.items()) {
        used.add(item)
        count++
      }
    expect("items consumed", count, sizes.producers * sizes.items)
    expect("different items", used.size, count)
    // A producer that is let go on adds one more: those that make one at that moment come on top.
    const most = await manager.ask.mostItems()
    expect("a bounded buffer", most < sizes.buffer + sizes.producers, true)
  },
}
