/** Actors of the programs that run both for real and explored: other isolates load this file. */
import { Actor, type ActorInbox, type ActorRef, actor, monitor } from "../../../src/actor/index.ts"
import type { Channel } from "../../../src/channel/index.ts"

const url = import.meta.url

/** Remembers, fails, waits. */
export class Clerk extends Actor {
  static {
    actor(url, "Clerk", Clerk)
  }
  readonly #noted: string[] = []
  #tally: ActorRef<Clerk> | undefined

  constructor(...noted: string[]) {
    super()
    if (noted[0] === "refuse") throw new RangeError("refused")
    this.#noted.push(...noted)
  }
  override onStart(): Promise<unknown> | undefined {
    if (this.#noted[0] === "ask myself") return this.askMyself()
    return this.#noted[0] === "never start" ? new Promise(() => {}) : undefined
  }
  override onStop(reason: { readonly reason: string }): unknown {
    return this.#tally?.tell.note(`stopped: ${reason.reason}`)
  }
  /** Who hears of its end. */
  report(tally: ActorRef<Clerk>): void {
    this.#tally = tally
  }
  note(text: string): readonly string[] {
    this.#noted.push(text)
    return this.#noted
  }
  all(): readonly string[] {
    return this.#noted
  }
  hear(event: unknown, topic: string): void {
    this.#noted.push(`${topic} ${event}`)
  }
  fail(text: string): never {
    throw new RangeError(text)
  }
  never(): Promise<never> {
    return new Promise(() => {})
  }
  watch(other: ActorRef<Clerk>): void {
    const self = this.self as unknown as ActorRef<Clerk>
    monitor(other, () => void self.tell.note("exit"))
  }
  async pass(to: ActorRef<Clerk>, text: string): Promise<void> {
    await to.tell.note(text)
  }
  noteSender(): string {
    return this.sender === undefined ? "nobody" : "somebody"
  }
  async askAs(other: ActorRef<Clerk>): Promise<string> {
    return await other.ask.noteSender()
  }
  async askMyself(): Promise<unknown> {
    return await (this.self as unknown as ActorRef<Clerk>).ask.all()
  }
  tellAndForget(other: ActorRef<Clerk>): void {
    void other.tell.note("to nobody")
  }
  remind(ms: number, text: unknown): void {
    this.after(ms, "note", text)
  }
  stopMyself(): void {
    this.self.stop()
  }
}

/** Takes what begins with `first` before all others. */
export const choosy = actor(url, "choosy", async (inbox: ActorInbox<string>) => {
  const order = [await inbox.receive((text) => text.startsWith("first"))]
  for await (const text of inbox) {
    if (text === "order") inbox.reply(order)
    else order.push(text)
  }
})

/** Takes three messages at a time, whichever comes first, and says all of them. */
export const beside = actor(url, "beside", async (inbox: ActorInbox<string>) => {
  const take = (wanted: string) => inbox.receive((text) => text === wanted)
  const got = await Promise.all(["a", "b", "c"].map(take))
  await inbox.receive()
  inbox.reply(got)
})

/** Is done before its messages are received: says what is heard then. */
export const hasty = actor(url, "hasty", (inbox: ActorInbox<string>, heard: Channel<string>) => {
  const hear = (error: Error): unknown => heard.send(error.name)
  void inbox.self.exited.then(() => inbox.receive()).catch(hear)
})

/** Adds until it is asked; refuses what is below zero. */
export const adder = actor(url, "adder", async (inbox: ActorInbox<number>, from: number) => {
  let sum = from
  for await (const n of inbox) {
    if (n < 0) throw new RangeError(`${n}`)
    sum += n
    inbox.reply(sum)
  }
})
