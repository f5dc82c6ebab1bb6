/** What the types of actors accept and refuse, as the guide writes it; checked by the compiler. */
import {
  Actor,
  type ActorExit,
  type ActorInbox,
  type ActorRef,
  type ActorStatistics,
  child,
  type DeadLetter,
  deadLetters,
  type ExitReason,
  link,
  monitor,
  register,
  spawn,
  supervise,
  whereis,
} from "../../src/actor/index.ts"

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(_yes: Same<A, B>): void {}

class Account extends Actor {
  balance = 0
  constructor(balance: number, _owner?: string) {
    super()
    this.balance = balance
  }
  deposit(amount: number): number {
    this.after(10, "deposit", 1)
    const stop: () => void = this.every(10, "deposit", 1)
    stop()
    const self: ActorRef<this> = this.self
    const sender: ActorRef<unknown> | undefined = this.sender
    void [self, sender]
    this.balance += amount
    return this.balance
  }
  async later(text: string): Promise<string> {
    return text
  }
  override onStart(): void {}
  override onStop(_reason: ExitReason): void {}
}

class Savings extends Account {
  interest(percent: number): number {
    return this.deposit(percent)
  }
}

class Box<T> extends Actor {
  get(): T | undefined {
    return undefined
  }
}

type Question = { kind: "add"; n: number } | { kind: "sum" }

export async function asWritten(signal: AbortSignal): Promise<void> {
  const mailbox = { capacity: 10, whenFull: "drop-oldest" } as const
  const account = await spawn(Account, [1], { name: "bank", on: 1, mailbox, whenDies: "redeliver" })
  same<typeof account, ActorRef<Account>>(true)
  const balance = await account.ask.deposit(10)
  same<typeof balance, number>(true)
  const text = await account.ask.with({ timeoutMs: 100, signal }).later("a")
  same<typeof text, string>(true)
  const told = await account.tell.deposit(10)
  same<typeof told, void>(true)
  account.stop()
  account.stop("shutdown")
  account.stop(new Error("why"))
  account.kill()
  same<typeof account.exited, Promise<ExitReason>>(true)
  const statistics: ActorStatistics = account.statistics()
  const { state, depth, capacity, handled, restarts, waitingSenders, isolate, lives } = statistics
  same<typeof state, "running" | "down" | "gone">(true)
  void [depth, capacity, handled, restarts, waitingSenders, isolate, lives]
  const other = await spawn(Savings, [2, "owner"])
  await other.ask.interest(3)
  await other.ask.deposit(3)
  link(account, other)
  const end: () => void = monitor(account, ({ ref, reason, final }: ActorExit) => {
    void [ref, reason.reason, reason.error, final]
  })
  end()
  register("name", account)
  const found = whereis<Account>("bank")
  same<typeof found, ActorRef<Account> | undefined>(true)
  for await (const { actor, method, args, reason } of deadLetters()) {
    void [actor, method, args, reason]
    break
  }
  const box = await spawn(Box<Date>)
  same<Awaited<ReturnType<typeof box.ask.get>>, Date | undefined>(true)
  const letter = {} as DeadLetter
  void letter

  // @ts-expect-error a method takes what it takes
  await account.ask.deposit("10")
  // @ts-expect-error there is no such method
  await account.ask.withdraw(1)
  // @ts-expect-error fields are no messages
  await account.ask.balance
  // @ts-expect-error what the runtime calls is no message
  await account.ask.onStop("normal")
  // @ts-expect-error a number is needed
  await spawn(Account, ["1"])
  // @ts-expect-error the balance is missing
  await spawn(Account)
  // @ts-expect-error no such policy
  await spawn(Account, [1], { mailbox: { whenFull: "drop" } })
  // @ts-expect-error no such option
  await spawn(Account, [1], { nam: "bank" })
  // @ts-expect-error no such limit
  account.ask.with({ timeout: 100 })
}

export async function functionForm(): Promise<void> {
  const counting = await spawn(
    async (inbox: ActorInbox<Question>, from: number) => {
      let sum = from
      const first = await inbox.receive((message) => message.kind === "add", { timeoutMs: 10 })
      same<typeof first, { kind: "add"; n: number }>(true)
      for await (const message of inbox) {
        if (message.kind === "add") sum += message.n
        inbox.reply(sum)
      }
      same<typeof inbox.self.ask extends (message: Question) => unknown ? true : false, true>(true)
    },
    [5],
  )
  await counting.tell({ kind: "add", n: 1 })
  await counting.ask({ kind: "sum" })
  await counting.ask.with({ timeoutMs: 1 })({ kind: "sum" })
  // @ts-expect-error no such message
  await counting.tell({ kind: "multiply" })
}

export async function supervised(): Promise<void> {
  await using bank = await supervise({
    name: "bank",
    strategy: "rest-for-one",
    intensity: { restarts: 3, withinMs: 5_000 },
    backoff: { minMs: 1, maxMs: 100, factor: 2 },
    autoShutdown: "any-significant",
    children: [
      child(Account, [1], { id: "main", restart: "permanent", shutdownMs: 100 }),
      child(Savings, [1], { id: "other", restart: "transient", significant: true }),
    ],
  })
  const main = bank.child("main")
  same<typeof main, ActorRef<Account>>(true)
  const other = bank.child("other")
  same<typeof other, ActorRef<Savings>>(true)
  await bank.ref.ask.child("main")
  bank.ref.stop()
  // @ts-expect-error no such child
  bank.child("third")
  const ids: readonly string[] = ["one", "two"]
  const made = await supervise({ children: ids.map((id) => child(Account, [1], { id })) })
  const one = made.child("one")
  same<typeof one, ActorRef<Account>>(true)
  // @ts-expect-error no such strategy
  await supervise({ strategy: "one-for-none" })
  // @ts-expect-error no such restart
  child(Account, [1], { id: "x", restart: "always" })
}
