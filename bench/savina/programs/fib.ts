/** Fibonacci numbers, an actor for each call. Checked: the number. */
import { Actor, type ActorRef, actor, spawn, type Takes } from "heddle"
import { expect, me, type Program, UNBOUNDED } from "../kit.ts"

export class Fib extends Actor {
  static {
    actor(import.meta.url, "Fib", Fib)
  }
  sum = 0
  waiting = 2
  readonly parent: ActorRef<Fib> | undefined
  readonly report: ActorRef<Takes<number>>
  constructor(parent: ActorRef<Fib> | undefined, report: ActorRef<Takes<number>>) {
    super()
    this.parent = parent
    this.report = report
  }
  async request(n: number): Promise<void> {
    if (n <= 2) {
      this.answer(1)
      return
    }
    const self = me<Fib>(this)
    const make = (): Promise<ActorRef<Fib>> => spawn(Fib, [self, this.report], UNBOUNDED)
    const [one, other] = await Promise.all([make(), make()])
    void one.tell.request(n - 1)
    void other.tell.request(n - 2)
  }
  response(value: number): void {
    this.sum += value
    if (--this.waiting === 0) this.answer(this.sum)
  }
  answer(value: number): void {
    if (this.parent === undefined) void this.report.tell(value)
    else void this.parent.tell.response(value)
    this.self.stop()
  }
}

function plain(n: number): number {
  return n <= 2 ? 1 : plain(n - 1) + plain(n - 2)
}

interface Sizes {
  readonly n: number
}

export const program: Program<Sizes> = {
  name: "fib",
  suite: { n: 25 },
  small: { n: 10 },
  async run({ n }, stage) {
    const { report, all } = await stage.gather<number>(1)
    const root = await stage.spawn(Fib, [undefined, report])
    await root.tell.request(n)
    expect(`fib(${n})`, (await all)[0], plain(n))
  },
}
