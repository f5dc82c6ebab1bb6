/** An actor fails and is started again: its count is gone, unless another actor keeps it. */
import assert from "node:assert/strict"
import { Actor, type ActorRef, child, spawn, supervise } from "../../../../src/actor/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "lost state",
  finds: "error",
  source: "Erlang/OTP design principles: a restarted process begins with its initial state",
}

class Keeper extends Actor {
  #kept = 0

  keep(count: number): void {
    this.#kept = count
  }
  kept(): number {
    return this.#kept
  }
}

class Counter extends Actor {
  readonly #keeper: ActorRef<Keeper> | undefined
  #count = 0

  constructor(keeper?: ActorRef<Keeper>) {
    super()
    this.#keeper = keeper
  }
  override async onStart(): Promise<void> {
    this.#count = (await this.#keeper?.ask.kept()) ?? 0
  }
  async add(n: number): Promise<void> {
    if (n < 0) throw new RangeError(`${n}`)
    this.#count += n
    await this.#keeper?.ask.keep(this.#count)
  }
  count(): number {
    return this.#count
  }
}

async function run(isKept: boolean): Promise<void> {
  const keeper = isKept ? await spawn(Keeper) : undefined
  const tree = await supervise({ children: [child(Counter, [keeper], { id: "counter" })] })
  const counter = tree.child("counter")
  await counter.ask.add(1)
  await counter.ask.add(-1).catch(() => {})
  assert.equal(await counter.ask.count(), 1)
}

export const broken = () => run(false)
export const fixed = () => run(true)
