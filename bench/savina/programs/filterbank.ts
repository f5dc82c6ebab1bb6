/** A bank of filters, each stage of each channel an actor. Checked: every sum, in closed form. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { expect, me, type Program, type Stage } from "../kit.ts"

interface Sizes {
  readonly columns: number
  readonly simulations: number
  readonly channels: number
}

/** What a stage passes its values to. */
type Next = ActorRef<Delay> | ActorRef<Fir> | ActorRef<Sample> | ActorRef<Integrator>

/** The coefficients of a filter: `slope * i + start`. */
interface Line {
  readonly slope: number
  readonly start: number
}

function firstLine(channel: number, { columns, channels }: Sizes): Line {
  return { slope: columns + 1, start: channel * channels + 2 * channel + 1 }
}

function secondLine(channel: number): Line {
  return { slope: channel + 1, start: channel * channel + channel }
}

/** Values of the source. */
const VALUES = 1_000

function pass(next: Next, channel: number, value: number): void {
  void (next as ActorRef<Delay>).tell.value(channel, value)
}

export class Source extends Actor {
  static {
    actor(import.meta.url, "Source", Source)
  }
  sent = 0
  readonly count: number
  readonly banks: readonly Next[]
  constructor(count: number, banks: readonly Next[]) {
    super()
    this.count = count
    this.banks = banks
  }
  next(): void {
    if (this.sent === this.count) return
    for (const [channel, bank] of this.banks.entries()) pass(bank, channel, this.sent % VALUES)
    this.sent++
    void me<Source>(this).tell.next()
  }
}

export class Delay extends Actor {
  static {
    actor(import.meta.url, "Delay", Delay)
  }
  readonly kept: Float64Array
  place = 0
  readonly next: Next
  constructor(length: number, next: Next) {
    super()
    this.kept = new Float64Array(length)
    this.next = next
  }
  value(channel: number, value: number): void {
    pass(this.next, channel, this.kept[this.place])
    this.kept[this.place] = value
    this.place = (this.place + 1) % this.kept.length
  }
}

export class Fir extends Actor {
  static {
    actor(import.meta.url, "Fir", Fir)
  }
  readonly data: Float64Array
  readonly coefficients: Float64Array
  place = 0
  isFull = false
  readonly next: Next
  constructor(length: number, { slope, start }: Line, next: Next) {
    super()
    this.data = new Float64Array(length)
    this.coefficients = Float64Array.from({ length }, (_, i) => slope * i + start)
    this.next = next
  }
  value(channel: number, value: number): void {
    const { data, coefficients } = this
    data[this.place++] = value
    if (this.place === data.length) {
      this.isFull = true
      this.place = 0
    }
    if (!this.isFull) return
    let sum = 0
    for (let i = 0, j = data.length - 1; j >= 0; i++, j--) sum += data[i] * coefficients[j]
    pass(this.next, channel, sum)
  }
}

export class Sample extends Actor {
  static {
    actor(import.meta.url, "Sample", Sample)
  }
  received = 0
  readonly rate: number
  readonly next: Next
  constructor(rate: number, next: Next) {
    super()
    this.rate = rate
    this.next = next
  }
  value(channel: number, value: number): void {
    pass(this.next, channel, this.received === 0 ? value : 0)
    this.received = (this.received + 1) % this.rate
  }
}

export class Integrator extends Actor {
  static {
    actor(import.meta.url, "Integrator", Integrator)
  }
  readonly queues: number[][]
  readonly sums: number[] = []
  readonly expected: number
  readonly report: ActorRef<Takes<number[]>>
  constructor(channels: number, expected: number, report: ActorRef<Takes<number[]>>) {
    super()
    this.queues = Array.from({ length: channels }, () => [])
    this.expected = expected
    this.report = report
  }
  value(channel: number, value: number): void {
    this.queues[channel]?.push(value)
    if (this.queues.some((queue) => queue.length === 0)) return
    this.sums.push(this.queues.reduce((sum, queue) => sum + (queue.shift() as number), 0))
    if (this.sums.length === this.expected) void this.report.tell(this.sums)
  }
}

/** The stages of one channel, from its end to its beginning. */
async function bank(channel: number, sizes: Sizes, end: Next, stage: Stage): Promise<Next> {
  const { columns } = sizes
  const second = await stage.spawn(Fir, [columns, secondLine(channel), end])
  const late = await stage.spawn(Delay, [columns - 1, second])
  const sample = await stage.spawn(Sample, [columns, late])
  const first = await stage.spawn(Fir, [columns, firstLine(channel, sizes), sample])
  return await stage.spawn(Delay, [columns - 1, first])
}

/** What a filter with a line for coefficients gives: sums that are kept instead of taken anew. */
function firOf(values: readonly number[], length: number, { slope, start }: Line): number[] {
  const data = new Float64Array(length)
  const out: number[] = []
  let plain = 0
  let weighted = 0
  for (const [at, value] of values.entries()) {
    const place = at % length
    const change = value - data[place]
    data[place] = value
    plain += change
    weighted += change * (length - 1 - place)
    if (at >= length - 1) out.push(slope * weighted + start * plain)
  }
  return out
}

function delayed(values: readonly number[], length: number): number[] {
  return [...new Array<number>(length).fill(0), ...values].slice(0, values.length)
}

function expectedSums(sizes: Sizes): number[] {
  const { columns, simulations, channels } = sizes
  const source = Array.from({ length: simulations }, (_, i) => i % VALUES)
  const sums: number[] = []
  for (let channel = 0; channel < channels; channel++) {
    const first = firOf(delayed(source, columns - 1), columns, firstLine(channel, sizes))
    const sampled = first.map((value, i) => (i % columns === 0 ? value : 0))
    const second = firOf(delayed(sampled, columns - 1), columns, secondLine(channel))
    for (const [i, value] of second.entries()) sums[i] = (sums[i] ?? 0) + value
  }
  return sums
}

export const program: Program<Sizes> = {
  name: "filterbank",
  suite: { columns: 16_384, simulations: 2_048 + 2 * 16_384, channels: 8 },
  small: { columns: 16, simulations: 200, channels: 3 },
  async run(sizes, stage) {
    const expected = expectedSums(sizes)
    const { report, all } = await stage.gather<number[]>(1)
    const end = await stage.spawn(Integrator, [sizes.channels, expected.length, report])
    const banks: Next[] = []
    for (let i = 0; i < sizes.channels; i++) banks.push(await bank(i, sizes, end, stage))
    const source = await stage.spawn(Source, [sizes.simulations, banks])
    await source.tell.next()
    const [sums] = (await all) as [number[]]
    for (const [i, sum] of sums.entries()) {
      const wanted = expected[i]
      const isNear = Math.abs(sum - wanted) <= 1e-9 * Math.abs(wanted)
      if (!isNear) expect(`sum ${i}`, sum, wanted)
    }
  },
}
