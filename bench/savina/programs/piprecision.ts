/** Digits of pi by the series of Bailey, Borwein and Plouffe. Checked: Machin's formula. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { expect, me, type Program } from "../kit.ts"

/** Digits beyond those wanted, for the rounding of each term. */
const GUARD_DIGITS = 20

/** One term, scaled. */
function term(k: number, scale: bigint): bigint {
  const n = 8n * BigInt(k)
  const sum =
    (4n * scale) / (n + 1n) - (2n * scale) / (n + 4n) - scale / (n + 5n) - scale / (n + 6n)
  return sum >> (4n * BigInt(k))
}

export class PiMaster extends Actor {
  static {
    actor(import.meta.url, "PiMaster", PiMaster)
  }
  workers: readonly ActorRef<PiWorker>[] = []
  next = 0
  open = 0
  isEnough = false
  sum = 0n
  readonly report: ActorRef<Takes<bigint>>
  constructor(report: ActorRef<Takes<bigint>>) {
    super()
    this.report = report
  }
  start(workers: readonly ActorRef<PiWorker>[]): void {
    this.workers = workers
    for (const [i] of workers.entries()) this.give(i)
  }
  give(worker: number): void {
    this.open++
    void this.workers[worker]?.tell.compute(this.next++, worker, me<PiMaster>(this))
  }
  result(value: bigint, worker: number): void {
    this.open--
    this.sum += value
    // Terms only become smaller: from the first that is nothing on, all are.
    if (value === 0n) this.isEnough = true
    if (!this.isEnough) this.give(worker)
    else if (this.open === 0) void this.report.tell(this.sum)
  }
}

export class PiWorker extends Actor {
  static {
    actor(import.meta.url, "PiWorker", PiWorker)
  }
  readonly scale: bigint
  constructor(scale: bigint) {
    super()
    this.scale = scale
  }
  compute(k: number, worker: number, master: ActorRef<PiMaster>): void {
    void master.tell.result(term(k, this.scale), worker)
  }
}

function arctanOfInverse(x: bigint, scale: bigint): bigint {
  let power = scale / x
  let sum = power
  for (let n = 3n, sign = -1n; power !== 0n; n += 2n, sign = -sign) {
    power /= x * x
    sum += (sign * power) / n
  }
  return sum
}

interface Sizes {
  readonly workers: number
  readonly digits: number
}

export const program: Program<Sizes> = {
  name: "piprecision",
  suite: { workers: 20, digits: 5_000 },
  small: { workers: 3, digits: 100 },
  async run({ workers, digits }, stage) {
    const scale = 10n ** BigInt(digits + GUARD_DIGITS)
    const { report, all } = await stage.gather<bigint>(1)
    const master = await stage.spawn(PiMaster, [report])
    const refs = await stage.spawnMany(workers, PiWorker, () => [scale])
    await master.tell.start(refs)
    const [pi] = (await all) as [bigint]
    const machin = 4n * (4n * arctanOfInverse(5n, scale) - arctanOfInverse(239n, scale))
    const guard = 10n ** BigInt(GUARD_DIGITS)
    expect("the digits of pi", pi / guard, machin / guard)
  },
}
