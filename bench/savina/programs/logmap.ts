/** Logistic map series, each term asked from another actor. Checked: against a plain loop. */
import { Actor, type ActorRef, actor } from "heddle"
import { expect, type Program } from "../kit.ts"

function nextTerm(term: number, rate: number): number {
  return rate * term * (1 - term)
}

export class RateComputer extends Actor {
  static {
    actor(import.meta.url, "RateComputer", RateComputer)
  }
  readonly rate: number
  constructor(rate: number) {
    super()
    this.rate = rate
  }
  compute(term: number): number {
    return nextTerm(term, this.rate)
  }
}

export class Series extends Actor {
  static {
    actor(import.meta.url, "Series", Series)
  }
  term: number
  readonly computer: ActorRef<RateComputer>
  constructor(start: number, computer: ActorRef<RateComputer>) {
    super()
    this.term = start
    this.computer = computer
  }
  async next(): Promise<void> {
    this.term = await this.computer.ask.compute(this.term)
  }
  current(): number {
    return this.term
  }
}

interface Sizes {
  readonly series: number
  readonly terms: number
  readonly startRate: number
  readonly increment: number
}

export const program: Program<Sizes> = {
  name: "logmap",
  suite: { series: 10, terms: 25_000, startRate: 3.46, increment: 0.0025 },
  small: { series: 3, terms: 40, startRate: 3.46, increment: 0.0025 },
  async run({ series, terms, startRate, increment }, stage) {
    const rates = Array.from({ length: series }, (_, i) => startRate + i * increment)
    const computers = await stage.spawnMany(series, RateComputer, (i) => [rates[i]])
    const starts = rates.map((_, i) => (i + 1) * increment)
    const workers = await stage.spawnMany(series, Series, (i) => {
      return [starts[i], computers[i]]
    })
    for (let n = 0; n < terms; n++) for (const worker of workers) void worker.tell.next()
    for (const [i, worker] of workers.entries()) {
      let term = starts[i]
      for (let n = 0; n < terms; n++) term = nextTerm(term, rates[i])
      expect(`the last term of series ${i}`, await worker.ask.current(), term)
    }
  },
}
