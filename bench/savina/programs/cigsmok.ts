/** Cigarette smokers: an arbiter lets one of many smoke. Checked: how often each one smoked. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { busyWait, Chance, expect, me, type Program } from "../kit.ts"

interface Sizes {
  readonly rounds: number
  readonly smokers: number
}

/** The arbiter's choices: who smokes, and for how long. */
function* choices({ rounds, smokers }: Sizes): Generator<[smoker: number, period: number]> {
  const chance = new Chance(rounds * smokers)
  for (let i = 0; i < rounds; i++) yield [chance.below(smokers), chance.below(1_000) + 10]
}

export class Table extends Actor {
  static {
    actor(import.meta.url, "Table", Table)
  }
  readonly choices: Generator<[number, number]>
  readonly report: ActorRef<Takes<string>>
  smokers: readonly ActorRef<Smoker>[] = []
  constructor(sizes: Sizes, report: ActorRef<Takes<string>>) {
    super()
    this.choices = choices(sizes)
    this.report = report
  }
  start(smokers: readonly ActorRef<Smoker>[]): void {
    this.smokers = smokers
    this.startedSmoking()
  }
  startedSmoking(): void {
    const { value, done } = this.choices.next()
    if (done) void this.report.tell("over")
    else void this.smokers[value[0]]?.tell.smoke(value[1], me<Table>(this))
  }
}

export class Smoker extends Actor {
  static {
    actor(import.meta.url, "Smoker", Smoker)
  }
  smoked = 0
  smoke(period: number, table: ActorRef<Table>): void {
    this.smoked++
    void table.tell.startedSmoking()
    busyWait(period)
  }
  times(): number {
    return this.smoked
  }
}

export const program: Program<Sizes> = {
  name: "cigsmok",
  suite: { rounds: 1_000, smokers: 200 },
  small: { rounds: 50, smokers: 5 },
  async run(sizes, stage) {
    const { report, all } = await stage.gather<string>(1)
    const smokers = await stage.spawnMany(sizes.smokers, Smoker, () => [])
    const table = await stage.spawn(Table, [sizes, report])
    await table.tell.start(smokers)
    await all
    const expected = new Array<number>(sizes.smokers).fill(0)
    for (const [smoker] of choices(sizes)) expected[smoker] = expected[smoker] + 1
    for (const [i, smoker] of smokers.entries())
      expect(`times that smoker ${i} smoked`, await smoker.ask.times(), expected[i])
  },
}
