/**
 * An unbalanced tree that grows by chance, then is walked. Checked: the walk meets every node once.
 *
 * A node computes as many steps as the suite's sizes say; the suite multiplies them by 40,000, in a
 * loop that its compiler removes.
 */
import { Actor, type ActorRef, actor, spawn, type Takes } from "heddle"
import { busyWait, Chance, expect, me, type Program, UNBOUNDED } from "../kit.ts"

interface Sizes {
  readonly nodes: number
  readonly children: number
  readonly steps: number
  readonly deviation: number
  readonly urgentPercent: number
}

/** What a node reports when it is walked. */
type Walked = readonly [nodes: number, urgent: number]

/** The root decides who may have children: it knows the size. */
export class Root extends Actor {
  static {
    actor(import.meta.url, "Root", Root)
  }
  readonly sizes: Sizes
  readonly chance = new Chance(2)
  readonly report: ActorRef<Takes<readonly [Walked, number]>>
  children: ActorRef<Node>[] = []
  size = 1
  open = 0
  walked: Walked[] = []
  constructor(sizes: Sizes, report: ActorRef<Takes<readonly [Walked, number]>>) {
    super()
    this.sizes = sizes
    this.report = report
  }
  async grow(): Promise<void> {
    const { children, steps } = this.sizes
    this.size += children
    this.open += children
    this.children = await birth(me<Root>(this), undefined, this.sizes, steps, -1)
  }
  /** A node asks whether it may have children. */
  mayGrow(node: ActorRef<Node>): void {
    const { nodes, children, urgentPercent } = this.sizes
    this.open--
    // The last that could grow does, so that the tree is as large as it may be.
    const isLast = this.open === 0
    if (this.size + children <= nodes && (isLast || this.chance.next() < 0.5)) {
      this.size += children
      this.open += children
      const isUrgent = this.chance.below(100) < urgentPercent
      void node.tell.grow(this.normal(), isUrgent ? this.chance.below(children) : -1)
    } else if (this.open === 0) this.walk()
  }
  normal(): number {
    const { steps, deviation } = this.sizes
    const radius = Math.sqrt(-2 * Math.log(1 - this.chance.next()))
    const value = steps + deviation * radius * Math.cos(2 * Math.PI * this.chance.next())
    return Math.max(1, Math.round(value))
  }
  walk(): void {
    for (const child of this.children) void child.tell.walk()
  }
  counted(walked: Walked): void {
    if (this.walked.push(walked) === this.children.length)
      void this.report.tell([total(this.walked, false), this.size])
  }
}

export class Node extends Actor {
  static {
    actor(import.meta.url, "Node", Node)
  }
  readonly root: ActorRef<Root>
  readonly parent: ActorRef<Node> | undefined
  readonly sizes: Sizes
  readonly steps: number
  readonly isUrgent: boolean
  children: ActorRef<Node>[] = []
  walked: Walked[] = []
  constructor(
    root: ActorRef<Root>,
    parent: ActorRef<Node> | undefined,
    sizes: Sizes,
    steps: number,
    isUrgent: boolean,
  ) {
    super()
    this.root = root
    this.parent = parent
    this.sizes = sizes
    this.steps = steps
    this.isUrgent = isUrgent
  }
  tryGrow(): void {
    busyWait(100)
    void this.root.tell.mayGrow(me<Node>(this))
  }
  async grow(steps: number, urgent: number): Promise<void> {
    this.children = await birth(this.root, me<Node>(this), this.sizes, steps, urgent)
  }
  walk(): void {
    busyWait(this.steps)
    for (const child of this.children) void child.tell.walk()
    if (this.children.length === 0) this.say()
  }
  counted(walked: Walked): void {
    if (this.walked.push(walked) === this.children.length) this.say()
  }
  say(): void {
    void (this.parent ?? this.root).tell.counted(total(this.walked, this.isUrgent))
    this.self.stop()
  }
}

function total(parts: readonly Walked[], isUrgent: boolean): Walked {
  let [nodes, urgent] = [1, isUrgent ? 1 : 0]
  for (const [more, moreUrgent] of parts) {
    nodes += more
    urgent += moreUrgent
  }
  return [nodes, urgent]
}

async function birth(
  root: ActorRef<Root>,
  parent: ActorRef<Node> | undefined,
  sizes: Sizes,
  steps: number,
  urgent: number,
): Promise<ActorRef<Node>[]> {
  const made = Array.from({ length: sizes.children }, (_, i) =>
    spawn(Node, [root, parent, sizes, steps, i === urgent], UNBOUNDED),
  )
  const children = await Promise.all(made)
  for (const child of children) void child.tell.tryGrow()
  return children
}

export const program: Program<Sizes> = {
  name: "uct",
  suite: { nodes: 200_000, children: 10, steps: 500, deviation: 100, urgentPercent: 50 },
  small: { nodes: 200, children: 4, steps: 50, deviation: 10, urgentPercent: 50 },
  async run(sizes, stage) {
    const { report, all } = await stage.gather<readonly [Walked, number]>(1)
    const root = await stage.spawn(Root, [sizes, report])
    await root.tell.grow()
    const [[[nodes, urgent], size]] = (await all) as [readonly [Walked, number]]
    expect("nodes walked", nodes, size)
    expect("a tree that is full", size > sizes.nodes - sizes.children, true)
    expect("urgent nodes", urgent <= (nodes - 1) / sizes.children, true)
  },
}
