/** Actors that the tests start, here and in other isolates. */

import type { ExitReason } from "../../src/actor/exit.ts"
import { Actor, type ActorInbox, type ActorRef, actor } from "../../src/actor/index.ts"
import { Telling } from "./telling.ts"

const url = import.meta.url

export class Account extends Actor {
  static {
    actor(url, "Account", this)
  }
  balance: number
  constructor(balance = 0) {
    super()
    if (balance < 0) throw new RangeError("a debt is no balance")
    this.balance = balance
  }
  deposit(amount: number): number {
    this.balance += amount
    return this.balance
  }
  fail(text: string): never {
    throw Object.assign(new TypeError(text), { code: "E_FAIL" })
  }
  async slowly(amount: number): Promise<number> {
    const before = this.balance
    await new Promise((resolve) => setTimeout(resolve, 1))
    this.balance = before + amount
    return this.balance
  }
  echo<T>(value: T): T {
    return value
  }
  unsendable(): unknown {
    return () => {}
  }
  me(): unknown {
    return this.self
  }
  async askMyself(): Promise<unknown> {
    return await (this.self as unknown as ActorRef<Account>).ask.deposit(1)
  }
  async whoSent(): Promise<unknown> {
    await Promise.resolve()
    return this.sender
  }
  async askSender(other: ActorRef<Account>): Promise<unknown> {
    return await other.ask.whoSent()
  }
  tellAndForget(other: ActorRef<Account>): void {
    void other.tell.deposit(1)
  }
  exitProcess(): never {
    process.exit(3)
  }
  isolate(): number | undefined {
    return this.self.statistics().isolate
  }
  never(): Promise<never> {
    return new Promise(() => {})
  }
}

export class Savings extends Account {
  static {
    actor(url, "Savings", this)
  }
  interest(percent: number): number {
    return this.deposit((this.balance * percent) / 100)
  }
}

export class Box<T> extends Actor {
  static {
    actor(url, "Box", this)
  }
  value: T
  constructor(value: T) {
    super()
    this.value = value
  }
  get(): T {
    return this.value
  }
  set(value: T): void {
    this.value = value
  }
}

/** Writes what happens to it into shared words: starts, stops, messages, ticks. */
export class Diary extends Telling {
  static {
    actor(url, "Diary", this)
  }
  readonly noted: number[] = []

  override async onStart(): Promise<void> {
    await Promise.resolve()
    Atomics.add(this.told, 0, 1)
    this.noted.push(-1)
  }
  override async onStop(_reason: ExitReason): Promise<void> {
    await Promise.resolve()
    Atomics.add(this.told, 1, 1)
  }
  note(n: number): number[] {
    this.noted.push(n)
    return this.noted
  }
  /** Waits until the test lets it go on. */
  async hold(): Promise<void> {
    Atomics.add(this.told, 2, 1)
    while (Atomics.load(this.told, 3) === 0) await new Promise(setImmediate)
  }
  /** As `hold`, and nothing else runs in its isolate meanwhile. */
  block(): void {
    Atomics.add(this.told, 2, 1)
    Atomics.wait(this.told, 3, 0)
  }
  tick(): void {
    Atomics.add(this.told, 4, 1)
  }
  startTicking(): void {
    this.every(1, "tick")
    this.after(0, "note", 7)
  }
}

export type Request = { kind: "add"; n: number } | { kind: "sum" } | { kind: "fail" }

export const summing = actor(url, "summing", async (inbox: ActorInbox<Request>, start: number) => {
  let sum = start
  for await (const request of inbox) {
    if (request.kind === "fail") throw new Error("asked to fail")
    if (request.kind === "add") sum += request.n
    inbox.reply(sum)
  }
})

/** Takes the message "first" before all others. */
export const choosy = actor(url, "choosy", async (inbox: ActorInbox<string>) => {
  const order: string[] = [await inbox.receive((text) => text === "first")]
  for (;;) {
    const text = await inbox.receive()
    if (text === "order") inbox.reply(order)
    else order.push(text)
  }
})
