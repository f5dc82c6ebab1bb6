/** What is told directly, and what comes by way of another actor, arrive in either order. */
import assert from "node:assert/strict"
import { Actor, type ActorRef, spawn } from "../../../../src/actor/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "order",
  finds: "error",
  source: "Torres Lopez et al.: A study of concurrency bugs in actor programs, 2018: message order",
}

class Store extends Actor {
  #isOpen = false

  open(): void {
    this.#isOpen = true
  }
  put(): boolean {
    return this.#isOpen
  }
}

class Courier extends Actor {
  async carry(to: ActorRef<Store>): Promise<boolean> {
    return to.ask.put()
  }
}

async function run(waits: boolean): Promise<void> {
  const [store, courier] = [await spawn(Store), await spawn(Courier)]
  const carried = waits ? undefined : courier.ask.carry(store)
  await store.ask.open()
  assert.equal(await (carried ?? courier.ask.carry(store)), true, "the store is open")
}

export const broken = () => run(false)
export const fixed = () => run(true)
