/** The sieve as a growing chain of actors, each with some primes. Checked: the number of primes. */
import { Actor, type ActorRef, actor, spawn, type Takes } from "heddle"
import { expect, type Program, UNBOUNDED } from "../kit.ts"

export class PrimeFilter extends Actor {
  static {
    actor(import.meta.url, "PrimeFilter", PrimeFilter)
  }
  readonly primes: number[]
  readonly room: number
  readonly before: number
  readonly report: ActorRef<Takes<number>>
  next: ActorRef<PrimeFilter> | undefined
  constructor(prime: number, room: number, before: number, report: ActorRef<Takes<number>>) {
    super()
    this.primes = [prime]
    this.room = room
    this.before = before
    this.report = report
  }
  async candidate(value: number): Promise<void> {
    for (const prime of this.primes) if (value % prime === 0) return
    if (this.primes.length < this.room) this.primes.push(value)
    else if (this.next !== undefined) void this.next.tell.candidate(value)
    else {
      const before = this.before + this.primes.length
      this.next = await spawn(PrimeFilter, [value, this.room, before, this.report], UNBOUNDED)
    }
  }
  end(): void {
    if (this.next === undefined) void this.report.tell(this.before + this.primes.length)
    else void this.next.tell.end()
    this.self.stop()
  }
}

export class NumberSource extends Actor {
  static {
    actor(import.meta.url, "NumberSource", NumberSource)
  }
  produce(below: number, first: ActorRef<PrimeFilter>): void {
    for (let n = 3; n < below; n += 2) void first.tell.candidate(n)
    void first.tell.end()
  }
}

function primesBelow(bound: number): number {
  const composite = new Uint8Array(bound)
  let count = 0
  for (let n = 2; n < bound; n++) {
    if (composite[n] === 1) continue
    count++
    for (let multiple = n * n; multiple < bound; multiple += n) composite[multiple] = 1
  }
  return count
}

interface Sizes {
  readonly below: number
  readonly primesEach: number
}

export const program: Program<Sizes> = {
  name: "sieve",
  suite: { below: 100_000, primesEach: 1_000 },
  small: { below: 1_000, primesEach: 20 },
  async run({ below, primesEach }, stage) {
    const { report, all } = await stage.gather<number>(1)
    const first = await stage.spawn(PrimeFilter, [2, primesEach, 0, report])
    const source = await stage.spawn(NumberSource, [])
    await source.tell.produce(below, first)
    expect(`primes below ${below}`, (await all)[0], primesBelow(below))
  },
}
