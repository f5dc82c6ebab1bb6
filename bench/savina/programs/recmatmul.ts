/** Matrix product by quarters, in shared memory. Checked: each element, in closed form. */
import { Actor, type ActorRef, actor, sharedArray, type Takes } from "heddle"
import { expect, me, type Program } from "../kit.ts"

interface Sizes {
  readonly workers: number
  readonly length: number
  readonly threshold: number
}

/** Part of the work: rows and columns of A, columns of B, `size` of each. */
type Work = readonly [row: number, inner: number, column: number, size: number]

export class MatrixMaster extends Actor {
  static {
    actor(import.meta.url, "MatrixMaster", MatrixMaster)
  }
  workers: readonly ActorRef<MatrixWorker>[] = []
  sent = 0
  completed = 0
  readonly report: ActorRef<Takes<number>>
  constructor(report: ActorRef<Takes<number>>) {
    super()
    this.report = report
  }
  start(workers: readonly ActorRef<MatrixWorker>[], length: number): void {
    this.workers = workers
    this.work([0, 0, 0, length])
  }
  /** Parts of one place of the result go to one worker, so nobody else adds there. */
  work(work: Work): void {
    this.sent++
    const [row, , column, size] = work
    const place = row / size + 31 * (column / size)
    void this.workers[place % this.workers.length]?.tell.work(work, me<MatrixMaster>(this))
  }
  done(): void {
    if (++this.completed === this.sent) void this.report.tell(this.sent)
  }
}

export class MatrixWorker extends Actor {
  static {
    actor(import.meta.url, "MatrixWorker", MatrixWorker)
  }
  readonly a: Float64Array
  readonly b: Float64Array
  readonly c: Float64Array
  readonly length: number
  readonly threshold: number
  constructor(a: Float64Array, b: Float64Array, c: Float64Array, { length, threshold }: Sizes) {
    super()
    this.a = a
    this.b = b
    this.c = c
    this.length = length
    this.threshold = threshold
  }
  work([row, inner, column, size]: Work, master: ActorRef<MatrixMaster>): void {
    if (size * size <= this.threshold) this.multiply(row, inner, column, size)
    else {
      const half = size / 2
      for (const i of [0, half])
        for (const j of [0, half])
          for (const k of [0, half]) void master.tell.work([row + i, inner + k, column + j, half])
    }
    void master.tell.done()
  }
  multiply(row: number, inner: number, column: number, size: number): void {
    const { a, b, c, length } = this
    for (let i = row; i < row + size; i++)
      for (let k = inner; k < inner + size; k++) {
        const factor = a[i * length + k]
        for (let j = column; j < column + size; j++) {
          const at = i * length + j
          c[at] = c[at] + factor * b[k * length + j]
        }
      }
  }
}

export const program: Program<Sizes> = {
  name: "recmatmul",
  suite: { workers: 20, length: 1_024, threshold: 16_384 },
  small: { workers: 3, length: 32, threshold: 64 },
  async run(sizes, stage) {
    const { workers, length } = sizes
    const a = sharedArray(Float64Array, length * length)
    const b = sharedArray(Float64Array, length * length)
    const c = sharedArray(Float64Array, length * length)
    for (let i = 0; i < length; i++) {
      a.fill(i, i * length, (i + 1) * length)
      for (let j = 0; j < length; j++) b[i * length + j] = j
    }
    const { report, all } = await stage.gather<number>(1)
    const master = await stage.spawn(MatrixMaster, [report])
    const refs = await stage.spawnMany(workers, MatrixWorker, () => [a, b, c, sizes])
    await master.tell.start(refs, length)
    await all
    for (let i = 0; i < length; i++)
      for (let j = 0; j < length; j++)
        if (c[i * length + j] !== i * j * length)
          expect(`element ${i}, ${j}`, c[i * length + j], i * j * length)
  },
}
