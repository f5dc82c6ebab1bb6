/** All ways to place queens, split among workers down to a threshold. Checked: the known number. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { expect, me, type Program } from "../kit.ts"

/** Solutions by the size of the board. */
const SOLUTIONS = [1, 1, 0, 0, 2, 10, 4, 40, 92, 352, 724, 2_680, 14_200, 73_712, 365_596]

/** Columns of the queens placed so far. */
type Board = readonly number[]

function isFree(board: Board, column: number): boolean {
  for (let i = 0; i < board.length; i++) {
    const other = board[i]
    if (other === column || Math.abs(other - column) === board.length - i) return false
  }
  return true
}

function countFrom(board: number[], size: number): number {
  if (board.length === size) return 1
  let count = 0
  for (let column = 0; column < size; column++) {
    if (!isFree(board, column)) continue
    board.push(column)
    count += countFrom(board, size)
    board.pop()
  }
  return count
}

export class QueensMaster extends Actor {
  static {
    actor(import.meta.url, "QueensMaster", QueensMaster)
  }
  workers: readonly ActorRef<QueensWorker>[] = []
  sent = 0
  completed = 0
  found = 0
  readonly report: ActorRef<Takes<number>>
  constructor(report: ActorRef<Takes<number>>) {
    super()
    this.report = report
  }
  start(workers: readonly ActorRef<QueensWorker>[]): void {
    this.workers = workers
    this.work([])
  }
  work(board: Board): void {
    const worker = this.workers[this.sent++ % this.workers.length]
    void worker?.tell.work(board, me<QueensMaster>(this))
  }
  done(found: number): void {
    this.found += found
    if (++this.completed === this.sent) void this.report.tell(this.found)
  }
}

export class QueensWorker extends Actor {
  static {
    actor(import.meta.url, "QueensWorker", QueensWorker)
  }
  readonly size: number
  readonly threshold: number
  constructor(size: number, threshold: number) {
    super()
    this.size = size
    this.threshold = threshold
  }
  work(board: Board, master: ActorRef<QueensMaster>): void {
    if (board.length >= this.threshold) {
      void master.tell.done(countFrom([...board], this.size))
      return
    }
    for (let column = 0; column < this.size; column++)
      if (isFree(board, column)) void master.tell.work([...board, column])
    void master.tell.done(0)
  }
}

interface Sizes {
  readonly workers: number
  readonly size: number
  readonly threshold: number
}

export const program: Program<Sizes> = {
  name: "nqueenk",
  suite: { workers: 20, size: 12, threshold: 4 },
  small: { workers: 3, size: 7, threshold: 3 },
  async run({ workers, size, threshold }, stage) {
    const { report, all } = await stage.gather<number>(1)
    const master = await stage.spawn(QueensMaster, [report])
    const refs = await stage.spawnMany(workers, QueensWorker, () => [size, threshold])
    await master.tell.start(refs)
    expect("solutions", (await all)[0], SOLUTIONS[size])
  },
}
