/** Radix sort: a chain of actors, one for each bit; values pass one by one. Checked: sorted. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { Chance, expect, type Program } from "../kit.ts"

/** Values of 60 bits, as in the suite, are two halves of 30. */
const HALF = 2 ** 30
const BITS = 60

export class BitSorter extends Actor {
  static {
    actor(import.meta.url, "BitSorter", BitSorter)
  }
  readonly bit: number
  readonly count: number
  readonly next: ActorRef<BitSorter> | ActorRef<RadixEnd>
  readonly ones: [number, number][] = []
  seen = 0
  constructor(bit: number, count: number, next: ActorRef<BitSorter> | ActorRef<RadixEnd>) {
    super()
    this.bit = bit
    this.count = count
    this.next = next
  }
  value(high: number, low: number): void {
    const half = this.bit < 30 ? low : high
    if (((half >> (this.bit % 30)) & 1) === 1) this.ones.push([high, low])
    else void this.next.tell.value(high, low)
    if (++this.seen < this.count) return
    for (const [h, l] of this.ones) void this.next.tell.value(h, l)
    this.ones.length = 0
  }
}

export class RadixEnd extends Actor {
  static {
    actor(import.meta.url, "RadixEnd", RadixEnd)
  }
  lastHigh = -1
  lastLow = -1
  seen = 0
  sum = 0
  readonly count: number
  readonly report: ActorRef<Takes<number>>
  constructor(count: number, report: ActorRef<Takes<number>>) {
    super()
    this.count = count
    this.report = report
  }
  value(high: number, low: number): void {
    const isUp = high > this.lastHigh || (high === this.lastHigh && low >= this.lastLow)
    if (!isUp) throw new Error(`value ${this.seen} is smaller than the one before`)
    this.lastHigh = high
    this.lastLow = low
    this.sum += high + low
    if (++this.seen === this.count) void this.report.tell(this.sum)
  }
}

interface Sizes {
  readonly values: number
}

export const program: Program<Sizes> = {
  name: "radixsort",
  suite: { values: 100_000 },
  small: { values: 50 },
  async run({ values }, stage) {
    const { report, all } = await stage.gather<number>(1)
    const end = await stage.spawn(RadixEnd, [values, report])
    let next: ActorRef<BitSorter> | ActorRef<RadixEnd> = end
    for (let bit = BITS - 1; bit >= 0; bit--)
      next = await stage.spawn(BitSorter, [bit, values, next])
    const first = next as ActorRef<BitSorter>
    const chance = new Chance(2_048)
    let sum = 0
    for (let i = 0; i < values; i++) {
      const [high, low] = [chance.below(HALF), chance.below(HALF)]
      sum += high + low
      void first.tell.value(high, low)
    }
    expect("the sum of the sorted values", (await all)[0], sum)
  },
}
