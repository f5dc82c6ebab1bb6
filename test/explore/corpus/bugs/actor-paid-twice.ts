/** A message in hand is delivered again after a death: it may have been handled already. */
import assert from "node:assert/strict"
import { Actor, child, supervise } from "../../../../src/actor/index.ts"
import { sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "redelivery",
  finds: "error",
  source: "message queues: at least once where exactly once was meant",
  options: { kill: true },
}

const PAID = 0
const LAST = 1

class Cashier extends Actor {
  readonly #book: Int32Array
  readonly #looks: boolean

  constructor(book: Int32Array, looks: boolean) {
    super()
    this.#book = book
    this.#looks = looks
  }
  pay(order: number): void {
    if (this.#looks && Atomics.exchange(this.#book, LAST, order) === order) return
    Atomics.add(this.#book, PAID, 1)
  }
}

async function run(looks: boolean): Promise<void> {
  const book = sharedArray(Int32Array, 2)
  const spec = child(Cashier, [book, looks], { id: "cashier", whenDies: "redeliver" })
  const tree = await supervise({ children: [spec] }).catch(() => undefined)
  await tree?.child("cashier").ask.pay(7)
  assert.ok(Atomics.load(book, PAID) <= 1, "paid once")
}

export const broken = () => run(false)
export const fixed = () => run(true)
