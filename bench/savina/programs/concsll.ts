/** Workers use one sorted linked list. Checked: it holds all that was written, in order. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { Chance, expect, me, type Program } from "../kit.ts"

interface Sizes {
  readonly workers: number
  readonly messages: number
  readonly writePercent: number
  readonly sizePercent: number
}

type Deed = readonly ["write" | "contains" | "size", number]

function* deeds(worker: number, sizes: Sizes): Generator<Deed> {
  const { messages, writePercent, sizePercent } = sizes
  const chance = new Chance(worker + messages + writePercent + sizePercent)
  for (let i = 0; i < messages; i++) {
    const percent = chance.below(100)
    const value = chance.below(2 ** 31)
    if (percent < sizePercent) yield ["size", value]
    else yield [percent < sizePercent + writePercent ? "write" : "contains", value]
  }
}

interface Node {
  readonly value: number
  next: Node | undefined
}

export class SortedList extends Actor {
  static {
    actor(import.meta.url, "SortedList", SortedList)
  }
  readonly head: Node = { value: -1, next: undefined }
  count = 0
  write(value: number, worker: ActorRef<ListWorker>): void {
    const before = this.before(value)
    before.next = { value, next: before.next }
    this.count++
    void worker.tell.next()
  }
  contains(value: number, worker: ActorRef<ListWorker>): void {
    const isThere = this.before(value).next?.value === value
    void worker.tell.next(isThere)
  }
  size(_value: number, worker: ActorRef<ListWorker>): void {
    void worker.tell.next(this.count > 0)
  }
  values(): number[] {
    const all: number[] = []
    for (let node = this.head.next; node !== undefined; node = node.next) all.push(node.value)
    return all
  }
  before(value: number): Node {
    let node = this.head
    while (node.next !== undefined && node.next.value < value) node = node.next
    return node
  }
}

export class ListWorker extends Actor {
  static {
    actor(import.meta.url, "ListWorker", ListWorker)
  }
  readonly deeds: Generator<Deed>
  readonly list: ActorRef<SortedList>
  readonly report: ActorRef<Takes<string>>
  constructor(
    index: number,
    sizes: Sizes,
    list: ActorRef<SortedList>,
    report: ActorRef<Takes<string>>,
  ) {
    super()
    this.deeds = deeds(index, sizes)
    this.list = list
    this.report = report
  }
  next(_last?: boolean): void {
    const { value, done } = this.deeds.next()
    if (done) void this.report.tell("done")
    else void this.list.tell[value[0]](value[1], me<ListWorker>(this))
  }
}

export const program: Program<Sizes> = {
  name: "concsll",
  suite: { workers: 20, messages: 8_000, writePercent: 10, sizePercent: 1 },
  small: { workers: 4, messages: 100, writePercent: 10, sizePercent: 1 },
  async run(sizes, stage) {
    const { report, all } = await stage.gather<string>(sizes.workers)
    const list = await stage.spawn(SortedList, [])
    const workers = await stage.spawnMany(sizes.workers, ListWorker, (i) => {
      return [i, sizes, list, report]
    })
    for (const worker of workers) await worker.tell.next()
    await all
    const written: number[] = []
    for (let i = 0; i < sizes.workers; i++)
      for (const [what, value] of deeds(i, sizes)) if (what === "write") written.push(value)
    const expected = written.sort((a, b) => a - b).join()
    expect("the list", (await list.ask.values()).join() === expected, true)
  },
}
