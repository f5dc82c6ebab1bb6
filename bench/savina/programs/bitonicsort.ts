/**
 * A bitonic sorting network, each comparator an actor. Checked: the values come out sorted.
 *
 * Values run through the steps of the network one by one; of the suite's actors the adapters and
 * partitions, which only pass on, are left out.
 */
import { Actor, type ActorRef, actor, spawn, type Takes } from "heddle"
import { Chance, expect, me, type Program, type Stage, UNBOUNDED } from "../kit.ts"

/** Where values go from a step: the next, or the end. */
type Sink = ActorRef<SortStep> | ActorRef<SortEnd>

export class Comparator extends Actor {
  static {
    actor(import.meta.url, "Comparator", Comparator)
  }
  first = 0
  firstAt = -1
  readonly step: ActorRef<SortStep>
  readonly isUp: boolean
  constructor(step: ActorRef<SortStep>, isUp: boolean) {
    super()
    this.step = step
    this.isUp = isUp
  }
  value(at: number, value: number): void {
    if (this.firstAt === -1) {
      this.firstAt = at
      this.first = value
      return
    }
    const [low, high] = [Math.min(this.first, value), Math.max(this.first, value)]
    void this.step.tell.sorted(this.firstAt, this.isUp ? low : high)
    void this.step.tell.sorted(at, this.isUp ? high : low)
    this.firstAt = -1
  }
}

/** One step: values `distance` apart are compared; it passes them on in order. */
export class SortStep extends Actor {
  static {
    actor(import.meta.url, "SortStep", SortStep)
  }
  readonly count: number
  readonly block: number
  readonly distance: number
  readonly next: Sink
  comparators: ActorRef<Comparator>[] = []
  received = 0
  passed = 0
  readonly done: (number | undefined)[] = []
  constructor(count: number, block: number, distance: number, next: Sink) {
    super()
    this.count = count
    this.block = block
    this.distance = distance
    this.next = next
  }
  override async onStart(): Promise<void> {
    const { block, count, distance } = this
    const made = Array.from({ length: count / 2 }, (_, i) => {
      const low = Math.floor(i / distance) * 2 * distance + (i % distance)
      return spawn(Comparator, [me<SortStep>(this), (low & block) === 0], UNBOUNDED)
    })
    this.comparators = await Promise.all(made)
  }
  override onStop(): void {
    for (const comparator of this.comparators) comparator.stop()
  }
  value(value: number): void {
    const { distance } = this
    const at = this.received++
    const index = Math.floor(at / (2 * distance)) * distance + (at % distance)
    void this.comparators[index]?.tell.value(at, value)
  }
  sorted(at: number, value: number): void {
    this.done[at] = value
    for (let ready = this.done[this.passed]; ready !== undefined; ) {
      void this.next.tell.value(ready)
      this.done[this.passed++] = undefined
      ready = this.done[this.passed]
    }
  }
}

export class SortEnd extends Actor {
  static {
    actor(import.meta.url, "SortEnd", SortEnd)
  }
  readonly values: number[] = []
  readonly count: number
  readonly report: ActorRef<Takes<number[]>>
  constructor(count: number, report: ActorRef<Takes<number[]>>) {
    super()
    this.count = count
    this.report = report
  }
  value(value: number): void {
    if (this.values.push(value) === this.count) void this.report.tell(this.values)
  }
}

/** Builds the network from its end. */
async function network(count: number, end: Sink, stage: Stage): Promise<Sink> {
  let next = end
  for (let block = count; block >= 2; block /= 2)
    for (let distance = 1; distance < block; distance *= 2)
      next = await stage.spawn(SortStep, [count, block, distance, next])
  return next
}

interface Sizes {
  readonly values: number
}

export const program: Program<Sizes> = {
  name: "bitonicsort",
  suite: { values: 4_096 },
  small: { values: 32 },
  async run({ values: count }, stage) {
    const { report, all } = await stage.gather<number[]>(1)
    const end = await stage.spawn(SortEnd, [count, report])
    const first = (await network(count, end, stage)) as ActorRef<SortEnd>
    const chance = new Chance(2_048)
    const values = Array.from({ length: count }, () => Math.floor(chance.next() * 2 ** 53))
    for (const value of values) void first.tell.value(value)
    const sorted = values.sort((a, b) => a - b).join()
    expect("sorted", (await all)[0]?.join() === sorted, true)
  },
}
