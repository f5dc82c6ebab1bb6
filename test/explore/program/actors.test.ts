/** Explored programs with actors: messages, starts, exits and restarts are choices of a schedule. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { Actor, type ActorRef, spawn } from "../../../src/actor/index.ts"
import { type ExploreOptions, explore } from "../../../src/explore/index.ts"
import { go } from "../../../src/index.ts"

class Account extends Actor {
  balance: number
  constructor(balance = 0) {
    super()
    this.balance = balance
  }
  deposit(amount: number): number {
    this.balance += amount
    return this.balance
  }
  get(): number {
    return this.balance
  }
  set(balance: number): void {
    this.balance = balance
  }
}

async function outcomesOf(program: () => unknown, options: ExploreOptions = {}) {
  const outcomes = new Set<string>()
  const note = async () => outcomes.add(JSON.stringify(await program()))
  const result = await explore(note, options)
  return { ...result, outcomes: [...outcomes].sort() }
}

for (const on of ["here", undefined] as const) {
  test(`${on ?? "elsewhere"}: asked and told, in all orders and by chance`, async (t) => {
    const program = async () => {
      const account = await spawn(Account, [5], { on })
      const add = async (to: ActorRef<Account>, n: number) => to.ask.deposit(n)
      await account.tell.deposit(1)
      const sums = await Promise.all([go(add, account, 10), go(add, account, 20)])
      return [...sums, await account.ask.get()]
    }
    const all = await outcomesOf(program)
    assert.equal(all.exhaustive, true)
    assert.deepEqual(all.outcomes, ["[16,36,36]", "[36,26,36]"])
    const some = await outcomesOf(program, { strategy: "random", schedulesMax: 50 })
    assert.deepEqual(some.outcomes, all.outcomes)
    t.diagnostic(all.line)
  })
}
