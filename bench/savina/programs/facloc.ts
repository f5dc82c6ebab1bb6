/**
 * Online facility location: quadrants open facilities as customers come. Checked: all customers are
 * there at the end, and a quadrant has opened for every three others and the first.
 */
import { Actor, type ActorRef, actor, spawn, type Takes } from "heddle"
import { Chance, expect, me, type Program, UNBOUNDED } from "../kit.ts"

type Point = readonly [x: number, y: number]
type Box = readonly [x1: number, y1: number, x2: number, y2: number]

/** Quadrants with children, quadrants, customers. */
type Totals = readonly [open: number, quadrants: number, customers: number]

function contains([x1, y1, x2, y2]: Box, [x, y]: Point): boolean {
  return x1 <= x && y1 <= y && x <= x2 && y <= y2
}

function middle([x1, y1, x2, y2]: Box): Point {
  return [(x1 + x2) / 2, (y1 + y2) / 2]
}

function quarters(box: Box): Box[] {
  const [x1, y1, x2, y2] = box
  const [x, y] = middle(box)
  return [
    [x1, y, x, y2],
    [x, y, x2, y2],
    [x1, y1, x, y],
    [x, y1, x2, y],
  ]
}

/** What a quadrant is made from. */
interface Birth {
  readonly box: Box
  readonly threshold: number
  readonly place: number
  readonly facilities: readonly Point[]
  readonly customers: readonly Point[]
}

export class Quadrant extends Actor {
  static {
    actor(import.meta.url, "Quadrant", Quadrant)
  }
  readonly birth: Birth
  readonly parent: ActorRef<Quadrant> | ActorRef<Takes<Totals>>
  readonly isRoot: boolean
  readonly facilities: Point[]
  customers: Point[] = []
  cost = 0
  boxes: Box[] = []
  children: ActorRef<Quadrant>[] = []
  readonly gone: Totals[] = []
  constructor(birth: Birth, parent: ActorRef<Quadrant> | ActorRef<Takes<Totals>>, isRoot: boolean) {
    super()
    this.birth = birth
    this.parent = parent
    this.isRoot = isRoot
    this.facilities = [...birth.facilities, middle(birth.box)]
    for (const point of birth.customers) this.add(point)
  }
  async customer(point: Point, producer: ActorRef<Producer> | undefined): Promise<void> {
    if (this.children.length > 0) {
      const index = this.boxes.findIndex((box) => contains(box, point))
      void this.children[index]?.tell.customer(point, undefined)
    } else {
      this.add(point)
      if (this.cost > this.birth.threshold) await this.open()
    }
    void producer?.tell.next()
  }
  add(point: Point): void {
    this.customers.push(point)
    let nearest = Infinity
    for (const [x, y] of this.facilities)
      nearest = Math.min(nearest, Math.hypot(x - point[0], y - point[1]))
    this.cost += nearest
  }
  async open(): Promise<void> {
    const { box, threshold, place } = this.birth
    if (!this.isRoot) void this.above().tell.opened(middle(box), place)
    this.boxes = quarters(box)
    let left = this.customers
    const made = this.boxes.map((quarter, index) => {
      const customers = left.filter((point) => contains(quarter, point))
      left = left.filter((point) => !contains(quarter, point))
      const birth = {
        box: quarter,
        threshold,
        place: index,
        facilities: this.facilities,
        customers,
      }
      return spawn(Quadrant, [birth, me<Quadrant>(this), false], UNBOUNDED)
    })
    this.customers = []
    this.children = await Promise.all(made)
  }
  /** A child opened: its opposite and the ancestors hear of it. */
  opened(point: Point, from: number): void {
    this.facilities.push(point)
    if (!this.isRoot) void this.above().tell.opened(point, this.birth.place)
    void this.children[3 - from]?.tell.known(point)
  }
  known(point: Point): void {
    this.facilities.push(point)
    for (const child of this.children) void child.tell.known(point)
  }
  above(): ActorRef<Quadrant> {
    return this.parent as ActorRef<Quadrant>
  }
  leave(): void {
    if (this.children.length === 0) this.sayGoodbye([0, 1, this.customers.length])
    for (const child of this.children) void child.tell.leave()
  }
  left(totals: Totals): void {
    if (this.gone.push(totals) < 4) return
    const sum = (index: 0 | 1 | 2): number => this.gone.reduce((all, one) => all + one[index], 0)
    this.sayGoodbye([1 + sum(0), 1 + sum(1), sum(2)])
  }
  sayGoodbye(totals: Totals): void {
    if (this.isRoot) void (this.parent as ActorRef<Takes<Totals>>).tell(totals)
    else void this.above().tell.left(totals)
    this.self.stop()
  }
}

export class Producer extends Actor {
  static {
    actor(import.meta.url, "Producer", Producer)
  }
  left: number
  readonly chance = new Chance(123_456)
  readonly grid: number
  readonly root: ActorRef<Quadrant>
  constructor(customers: number, grid: number, root: ActorRef<Quadrant>) {
    super()
    this.left = customers
    this.grid = grid
    this.root = root
  }
  next(): void {
    if (this.left-- === 0) {
      void this.root.tell.leave()
      return
    }
    const point: Point = [this.chance.next() * this.grid, this.chance.next() * this.grid]
    void this.root.tell.customer(point, me<Producer>(this))
  }
}

interface Sizes {
  readonly customers: number
  readonly grid: number
  readonly alpha: number
}

export const program: Program<Sizes> = {
  name: "facloc",
  suite: { customers: 100_000, grid: 500, alpha: 2 },
  small: { customers: 500, grid: 500, alpha: 2 },
  async run({ customers, grid, alpha }, stage) {
    const { report, all } = await stage.gather<Totals>(1)
    const box: Box = [0, 0, grid, grid]
    const threshold = alpha * Math.SQRT2 * grid
    const birth = { box, threshold, place: -1, facilities: [], customers: [] }
    const root = await stage.spawn(Quadrant, [birth, report, true])
    const producer = await stage.spawn(Producer, [customers, grid, root])
    await producer.tell.next()
    const [[open, quadrants, served]] = (await all) as [Totals]
    expect("customers", served, customers)
    expect("quadrants", quadrants, 4 * open + 1)
    expect("something opened", open > 0, true)
  },
}
