/** Guided search through a grid whose nodes lie in shared memory. Checked: the path back. */
import { Actor, type ActorRef, actor, sharedArray, type Takes } from "heddle"
import { busyWait, Chance, expect, me, type Program } from "../kit.ts"

interface Sizes {
  readonly workers: number
  readonly side: number
  readonly threshold: number
}

/** Up to six neighbours of each node, ahead in one or two directions; -1 where there is none. */
const NEIGHBOURS = 6

function fillGrid(edges: Int32Array, side: number): void {
  const chance = new Chance(123_456)
  edges.fill(-1)
  for (let node = 0; node < side ** 3; node++) {
    let count = 0
    for (let way = 1; way <= NEIGHBOURS; way++) {
      const isLast = way === NEIGHBOURS && count === 0
      if (!isLast && chance.next() < 0.5) continue
      const to = ahead(node, way, side)
      if (to !== node) edges[node * NEIGHBOURS + count++] = to
    }
  }
}

/** One step along the axes that are bits of `way`, not beyond the edge. */
function ahead(node: number, way: number, side: number): number {
  const clamp = (value: number, bit: number): number =>
    Math.min(side - 1, value + ((way >> bit) & 1))
  const i = clamp(Math.floor(node / side ** 2), 2)
  const j = clamp(Math.floor(node / side) % side, 1)
  return (i * side + j) * side + clamp(node % side, 0)
}

export class SearchMaster extends Actor {
  static {
    actor(import.meta.url, "SearchMaster", SearchMaster)
  }
  workers: readonly ActorRef<SearchWorker>[] = []
  sent = 0
  completed = 0
  readonly report: ActorRef<Takes<number>>
  constructor(report: ActorRef<Takes<number>>) {
    super()
    this.report = report
  }
  start(workers: readonly ActorRef<SearchWorker>[], node: number): void {
    this.workers = workers
    this.work(node)
  }
  work(node: number): void {
    const worker = this.workers[this.sent++ % this.workers.length]
    void worker?.tell.search(node, me<SearchMaster>(this))
  }
  received(): void {
    if (++this.completed === this.sent) void this.report.tell(this.sent)
  }
}

export class SearchWorker extends Actor {
  static {
    actor(import.meta.url, "SearchWorker", SearchWorker)
  }
  readonly edges: Int32Array
  /** Of each node, by which one it was found, plus 1; whoever is first has found it. */
  readonly parents: Int32Array
  readonly target: number
  readonly threshold: number
  constructor(edges: Int32Array, parents: Int32Array, target: number, threshold: number) {
    super()
    this.edges = edges
    this.parents = parents
    this.target = target
    this.threshold = threshold
  }
  search(start: number, master: ActorRef<SearchMaster>): void {
    const queue = [start]
    let done = 0
    while (done < queue.length && done < this.threshold) {
      if (Atomics.load(this.parents, this.target) !== 0) {
        void master.tell.received()
        return
      }
      busyWait(100)
      this.expand(queue[done++], queue)
    }
    for (const node of queue.slice(done)) void master.tell.work(node)
    void master.tell.received()
  }
  expand(node: number, queue: number[]): void {
    for (let i = 0; i < NEIGHBOURS; i++) {
      const to = this.edges[node * NEIGHBOURS + i]
      if (to === -1) return
      if (to !== 0 && Atomics.compareExchange(this.parents, to, 0, node + 1) === 0) queue.push(to)
    }
  }
}

/** Steps from a node back to node 0; -1 when it was not found. */
function wayBack(parents: Int32Array, from: number): number {
  let steps = 0
  let node = from
  while (node > 0 && steps <= parents.length) {
    node = parents[node] - 1
    steps++
  }
  return node === 0 ? steps : -1
}

/** The nodes that can be reached from node 0. */
function reachable(edges: Int32Array): Set<number> {
  const found = new Set([0])
  for (const node of found)
    for (let i = 0; i < NEIGHBOURS; i++) {
      const to = edges[node * NEIGHBOURS + i]
      if (to !== -1) found.add(to)
    }
  return found
}

export const program: Program<Sizes> = {
  name: "astar",
  suite: { workers: 20, side: 30, threshold: 1_024 },
  small: { workers: 3, side: 8, threshold: 20 },
  async run({ workers, side, threshold }, stage) {
    const edges = sharedArray(Int32Array, side ** 3 * NEIGHBOURS)
    const parents = sharedArray(Int32Array, side ** 3)
    fillGrid(edges, side)
    const inReach = reachable(edges)
    // The suite's target, or the next that can be reached.
    const axis = Math.floor(0.8 * side)
    let target = (axis * side + axis) * side + axis
    while (!inReach.has(target)) target++
    const { report, all } = await stage.gather<number>(1)
    const master = await stage.spawn(SearchMaster, [report])
    const refs = await stage.spawnMany(workers, SearchWorker, () => {
      return [edges, parents, target, threshold]
    })
    await master.tell.start(refs, 0)
    await all
    const steps = wayBack(parents, target)
    expect("steps of a way to the target from 1 on", steps > 0, true)
    const wrong = parents.findIndex((parent, node) => parent !== 0 && !inReach.has(node))
    expect("a node that was found and cannot be reached", wrong, -1)
  },
}
