/** All shortest paths, by blocks that send each other what they have. Checked: Floyd–Warshall. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { Chance, expect, type Program } from "../kit.ts"

interface Sizes {
  readonly nodes: number
  readonly block: number
  readonly weightMax: number
}

/** Weights of all edges: complete, directed. */
function graph({ nodes, weightMax }: Sizes): Int32Array {
  const chance = new Chance(nodes)
  const weights = new Int32Array(nodes * nodes)
  for (let i = 0; i < weights.length; i++) weights[i] = chance.below(weightMax) + 1
  for (let i = 0; i < nodes; i++) weights[i * nodes + i] = 0
  return weights
}

/** Where a block's result lies. */
interface Part {
  readonly row: number
  readonly column: number
  readonly values: Int32Array
}

export class Block extends Actor {
  static {
    actor(import.meta.url, "Block", Block)
  }
  readonly sizes: Sizes
  readonly row: number
  readonly column: number
  readonly report: ActorRef<Takes<Part>>
  values: Int32Array
  neighbours: readonly ActorRef<Block>[] = []
  k = 0
  /** Others may be a step ahead before it is told to begin. */
  hasBegun = false
  /** What others had before step k, by block; some are a step ahead. */
  readonly arrived = new Map<number, Map<number, Int32Array>>()
  constructor(
    row: number,
    column: number,
    sizes: Sizes,
    values: Int32Array,
    report: ActorRef<Takes<Part>>,
  ) {
    super()
    this.sizes = sizes
    this.row = row
    this.column = column
    this.values = values
    this.report = report
  }
  connect(neighbours: readonly ActorRef<Block>[]): void {
    this.neighbours = neighbours
  }
  begin(): void {
    this.hasBegun = true
    this.send()
  }
  send(): void {
    const { row, column, k, values } = this
    for (const neighbour of this.neighbours) void neighbour.tell.result(k, row, column, values)
    this.advance()
  }
  result(k: number, row: number, column: number, values: Int32Array): void {
    const ofStep = this.arrived.get(k) ?? new Map<number, Int32Array>()
    this.arrived.set(k, ofStep.set(row * this.sizes.nodes + column, values))
    this.advance()
  }
  advance(): void {
    if (!this.hasBegun) return
    const { block, nodes } = this.sizes
    const others = this.arrived.get(this.k)
    if ((others?.size ?? 0) < this.neighbours.length) return
    const at = (row: number, column: number): Int32Array =>
      others?.get(row * nodes + column) ?? this.values
    const middle = Math.floor(this.k / block)
    const next = this.values.slice()
    step(next, at(this.row, middle), at(middle, this.column), block, this.k % block)
    this.arrived.delete(this.k++)
    this.values = next
    if (this.k < nodes) this.send()
    else void this.report.tell({ row: this.row, column: this.column, values: next })
  }
}

/** Paths over one more node: `left` has the ways to it, `above` those from it. */
function step(to: Int32Array, left: Int32Array, above: Int32Array, size: number, k: number): void {
  for (let i = 0; i < size; i++) {
    const first = left[i * size + k]
    for (let j = 0; j < size; j++) {
      const over = first + above[k * size + j]
      if (over < to[i * size + j]) to[i * size + j] = over
    }
  }
}

function blockOf(weights: Int32Array, { nodes, block }: Sizes, row: number, column: number) {
  const values = new Int32Array(block * block)
  for (let i = 0; i < block; i++)
    for (let j = 0; j < block; j++)
      values[i * block + j] = weights[(row * block + i) * nodes + column * block + j]
  return values
}

export const program: Program<Sizes> = {
  name: "apsp",
  suite: { nodes: 300, block: 50, weightMax: 100 },
  small: { nodes: 12, block: 4, weightMax: 100 },
  async run(sizes, stage) {
    const weights = graph(sizes)
    const side = sizes.nodes / sizes.block
    const { report, all } = await stage.gather<Part>(side * side)
    const blocks = await stage.spawnMany(side * side, Block, (i) => {
      const [row, column] = [Math.floor(i / side), i % side]
      return [row, column, sizes, blockOf(weights, sizes, row, column), report]
    })
    for (const [i, ref] of blocks.entries()) {
      const [row, column] = [Math.floor(i / side), i % side]
      const near = blocks.filter((_, other) => {
        const inRow = Math.floor(other / side) === row
        const inColumn = other % side === column
        return inRow !== inColumn
      })
      await ref.ask.connect(near)
    }
    for (const ref of blocks) await ref.tell.begin()
    const parts = await all
    for (let k = 0; k < sizes.nodes; k++) step(weights, weights, weights, sizes.nodes, k)
    for (const { row, column, values } of parts)
      expect(`block ${row}, ${column}`, values.join(), blockOf(weights, sizes, row, column).join())
  },
}
