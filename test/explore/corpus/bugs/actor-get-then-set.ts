/** A value is asked for, changed and told back; between the messages another one does the same. */
import assert from "node:assert/strict"
import { Actor, type ActorRef, spawn } from "../../../../src/actor/index.ts"
import { go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "atomicity",
  finds: "error",
  source:
    "Torres Lopez et al.: A study of concurrency bugs in actor programs, 2018: bad interleaving",
}

class Stock extends Actor {
  #count = 0

  get(): number {
    return this.#count
  }
  set(count: number): void {
    this.#count = count
  }
  add(count: number): void {
    this.#count += count
  }
}

async function deliver(stock: ActorRef<Stock>, inOne: boolean): Promise<void> {
  if (inOne) await stock.tell.add(1)
  else await stock.tell.set((await stock.ask.get()) + 1)
}

async function run(inOne: boolean): Promise<void> {
  const stock = await spawn(Stock)
  await Promise.all([go(deliver, stock, inOne), go(deliver, stock, inOne)])
  assert.equal(await stock.ask.get(), 2)
}

export const broken = () => run(false)
export const fixed = () => run(true)
