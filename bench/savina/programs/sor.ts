/**
 * Successive over-relaxation, an actor for each cell. Checked: each cell against a plain loop.
 *
 * The suite makes the grid in two halves by two actors; here main makes all cells.
 */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { Chance, expectNear, type Program } from "../kit.ts"

const OMEGA = 1.25

type Result = readonly [place: number, value: number]

function relaxed(value: number, sum: number): number {
  return 0.25 * OMEGA * sum + (1 - OMEGA) * value
}

/** Cells beside a cell. */
function besides(place: number, side: number): number[] {
  const [x, y] = [Math.floor(place / side), place % side]
  const all: [number, number][] = [
    [x, y + 1],
    [x + 1, y],
    [x, y - 1],
    [x - 1, y],
  ]
  const inside = all.filter(([i, j]) => i >= 0 && j >= 0 && i < side && j < side)
  return inside.map(([i, j]) => i * side + j)
}

/** Red cells begin. */
function isRed(place: number, side: number): boolean {
  return (Math.floor(place / side) + (place % side)) % 2 === 0
}

export class Cell extends Actor {
  static {
    actor(import.meta.url, "Cell", Cell)
  }
  value: number
  readonly place: number
  readonly iterations: number
  readonly report: ActorRef<Takes<Result>>
  neighbours: readonly ActorRef<Cell>[] = []
  iteration = 0
  received = 0
  sum = 0
  constructor(place: number, value: number, iterations: number, report: ActorRef<Takes<Result>>) {
    super()
    this.place = place
    this.value = value
    this.iterations = iterations
    this.report = report
  }
  connect(neighbours: readonly ActorRef<Cell>[]): void {
    this.neighbours = neighbours
  }
  send(): void {
    for (const neighbour of this.neighbours) void neighbour.tell.neighbour(this.value)
    this.iteration++
  }
  neighbour(value: number): void {
    if (this.iteration === this.iterations) return
    this.sum += value
    if (++this.received < this.neighbours.length) return
    this.value = relaxed(this.value, this.sum)
    this.sum = 0
    this.received = 0
    this.send()
    if (this.iteration === this.iterations) void this.report.tell([this.place, this.value])
  }
}

/** The same, in a loop. */
function plain(start: readonly number[], side: number, iterations: number): number[] {
  const values = [...start]
  const sweep = (red: boolean): void => {
    for (let place = 0; place < values.length; place++) {
      if (isRed(place, side) !== red) continue
      const sum = besides(place, side).reduce((all, other) => all + values[other], 0)
      values[place] = relaxed(values[place], sum)
    }
  }
  // Sending what it has at the beginning is a red cell's first iteration.
  for (let i = 0; i < iterations; i++) {
    if (i > 0) sweep(true)
    sweep(false)
  }
  return values
}

interface Sizes {
  readonly side: number
  readonly iterations: number
}

export const program: Program<Sizes> = {
  name: "sor",
  suite: { side: 20, iterations: 100 },
  small: { side: 4, iterations: 10 },
  async run({ side, iterations }, stage) {
    const chance = new Chance(10_101_010)
    const start = Array.from({ length: side * side }, () => chance.next() * 1e-6)
    const { report, all } = await stage.gather<Result>(side * side)
    const cells = await stage.spawnMany(side * side, Cell, (place) => {
      return [place, start[place], iterations, report]
    })
    for (const [place, cell] of cells.entries())
      await cell.ask.connect(besides(place, side).map((other) => cells[other]))
    for (const [place, cell] of cells.entries()) if (isRed(place, side)) await cell.tell.send()
    const expected = plain(start, side, iterations)
    for (const [place, value] of await all)
      expectNear(`cell ${place}`, value * 1e6, expected[place] * 1e6)
  },
}
