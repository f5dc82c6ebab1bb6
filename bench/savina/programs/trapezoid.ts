/** The trapezoidal rule, split among workers. Checked: against one loop. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { expectNear, type Program } from "../kit.ts"

function height(x: number): number {
  return (Math.sin(x ** 3 - 1) / (x + 1)) * Math.sqrt(1 + Math.exp(Math.sqrt(2 * x)))
}

function area(left: number, pieces: number, width: number): number {
  let sum = 0
  for (let i = 0; i < pieces; i++) {
    const x = left + i * width
    sum += (width * (height(x) + height(x + width))) / 2
  }
  return sum
}

export class TrapezoidWorker extends Actor {
  static {
    actor(import.meta.url, "TrapezoidWorker", TrapezoidWorker)
  }
  work(left: number, pieces: number, width: number, report: ActorRef<Takes<number>>): void {
    void report.tell(area(left, pieces, width))
  }
}

interface Sizes {
  readonly pieces: number
  readonly workers: number
  readonly left: number
  readonly right: number
}

export const program: Program<Sizes> = {
  name: "trapezoid",
  suite: { pieces: 10_000_000, workers: 100, left: 1, right: 5 },
  small: { pieces: 10_000, workers: 10, left: 1, right: 5 },
  async run({ pieces, workers, left, right }, stage) {
    const width = (right - left) / pieces
    const each = pieces / workers
    const { report, all } = await stage.gather<number>(workers)
    const refs = await stage.spawnMany(workers, TrapezoidWorker, () => [])
    for (const [i, ref] of refs.entries())
      await ref.tell.work(left + i * each * width, each, width, report)
    const sum = (await all).reduce((total, part) => total + part, 0)
    // Fewer pieces of the same function: the rule's own error, and rounding, are far below 1e-6.
    const few = Math.min(pieces, 100_000)
    expectNear("the area", sum, area(left, few, (right - left) / few), 1e-6)
  },
}
