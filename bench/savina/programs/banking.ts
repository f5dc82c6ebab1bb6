/** Transfers between accounts; one in progress waits for its other end. Checked: each balance. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { Chance, expect, me, type Program } from "../kit.ts"

interface Sizes {
  readonly accounts: number
  readonly transactions: number
}

const START_BALANCE = 1_000_000

/** Transfers as the suite draws them: to an account after the first, so none wait in a ring. */
function* transfers({ accounts, transactions }: Sizes): Generator<[number, number, number]> {
  const chance = new Chance(123_456)
  const sources = Math.max(1, Math.floor(accounts / 10) * 8)
  for (let i = 0; i < transactions; i++) {
    const from = chance.below(sources)
    const to = from + 1 + chance.below(accounts - from - 1)
    yield [from, to, chance.below(1_000)]
  }
}

export class BankAccount extends Actor {
  static {
    actor(import.meta.url, "BankAccount", BankAccount)
  }
  balance = START_BALANCE
  async debit(amount: number, to: ActorRef<BankAccount>, teller: ActorRef<Teller>): Promise<void> {
    this.balance -= amount
    await to.ask.credit(amount)
    void teller.tell.done()
  }
  credit(amount: number): void {
    this.balance += amount
  }
  amount(): number {
    return this.balance
  }
}

export class Teller extends Actor {
  static {
    actor(import.meta.url, "Teller", Teller)
  }
  readonly sizes: Sizes
  readonly accounts: readonly ActorRef<BankAccount>[]
  readonly report: ActorRef<Takes<number>>
  completed = 0
  constructor(
    sizes: Sizes,
    accounts: readonly ActorRef<BankAccount>[],
    report: ActorRef<Takes<number>>,
  ) {
    super()
    this.sizes = sizes
    this.accounts = accounts
    this.report = report
  }
  start(): void {
    for (const [from, to, amount] of transfers(this.sizes)) {
      const other = this.accounts[to]
      void this.accounts[from]?.tell.debit(amount, other, me<Teller>(this))
    }
  }
  done(): void {
    if (++this.completed === this.sizes.transactions) void this.report.tell(this.completed)
  }
}

export const program: Program<Sizes> = {
  name: "banking",
  suite: { accounts: 1_000, transactions: 50_000 },
  small: { accounts: 20, transactions: 200 },
  async run(sizes, stage) {
    const { report, all } = await stage.gather<number>(1)
    const accounts = await stage.spawnMany(sizes.accounts, BankAccount, () => [])
    const teller = await stage.spawn(Teller, [sizes, accounts, report])
    await teller.tell.start()
    expect("transactions", (await all)[0], sizes.transactions)
    const expected = new Array<number>(sizes.accounts).fill(START_BALANCE)
    for (const [from, to, amount] of transfers(sizes)) {
      expected[from] = expected[from] - amount
      expected[to] = expected[to] + amount
    }
    for (const [i, account] of accounts.entries())
      expect(`the balance of account ${i}`, await account.ask.amount(), expected[i])
  },
}
