/** Members of pools, and one who uses pools from another isolate. */
import { Actor, type ActorInbox, actor, type Pool, type Router } from "../../src/actor/index.ts"
import { move } from "../../src/internal/wire/move.ts"

const url = import.meta.url

export class Clerk extends Actor {
  static {
    actor(url, "Clerk", Clerk)
  }
  readonly served: string[] = []
  serve(customer: string): number {
    this.served.push(customer)
    return this.self.id
  }
  list(): string[] {
    return this.served
  }
  transfer(_amount: number, customer: string): number {
    return this.serve(customer)
  }
  fail(): never {
    throw new Error("the clerk fell ill")
  }
  exitProcess(): never {
    process.exit(3)
  }
  /** Waits until the test lets it go on. */
  async hold(gate: Int32Array): Promise<number> {
    Atomics.add(gate, 0, 1)
    while (Atomics.load(gate, 1) === 0) await new Promise(setImmediate)
    return this.self.id
  }
}

/** Serves somebody's pool or router from where it lives. */
export class Client extends Actor {
  static {
    actor(url, "Client", Client)
  }
  async serveAll(clerks: Router<Clerk>, customers: string[]): Promise<number[]> {
    return await Promise.all(customers.map((name) => clerks.ask.serve(name)))
  }
  async transferAll(clerks: Router<Clerk>, customers: string[]): Promise<number[]> {
    return await Promise.all(customers.map((name) => clerks.ask.transfer(1, name)))
  }
  async stopPool(clerks: Pool<Clerk>): Promise<string> {
    await clerks.stop()
    return (await clerks.exited).reason
  }
  giveBack<T>(value: T): T {
    return value
  }
}

export class Picky extends Actor {
  static {
    actor(url, "Picky", Picky)
  }
  constructor() {
    super()
    throw new RangeError("not for me")
  }
}

/** Answers with its number, and how often it was asked. */
export const counting = actor(url, "counting", async (inbox: ActorInbox<string>) => {
  let asked = 0
  for await (const text of inbox) inbox.reply(`${text} ${++asked}`)
})

export const bySecond = actor(
  url,
  "bySecond",
  (_method: string, args: readonly unknown[]) => args[1],
)

/** Gives each buffer back, with its numbers one higher. */
export const incrementing = actor(
  url,
  "incrementing",
  async (inbox: ActorInbox<Float64Array<ArrayBuffer>>) => {
    for await (const numbers of inbox) inbox.reply(move(numbers.map((n) => n + 1)))
  },
)
