/** Publishers and subscribers in other isolates. */
import { Actor, type ActorInbox, actor, type Bus } from "../../src/actor/index.ts"
import { sendable } from "../../src/internal/wire/sendable.ts"

const url = import.meta.url

export class Placed {
  readonly order: number
  constructor(order: number) {
    this.order = order
  }
}
export class PlacedTwice extends Placed {}
sendable(Placed, { id: "test/Placed", encode: (e) => e.order, decode: (n) => new Placed(n) })
sendable(PlacedTwice, {
  id: "test/PlacedTwice",
  encode: (e) => e.order,
  decode: (n) => new PlacedTwice(n),
})

/** Writes down what it hears. */
export class Ear extends Actor {
  static {
    actor(url, "Ear", Ear)
  }
  readonly heard: unknown[] = []
  hear(event: unknown, topic: string): void {
    this.heard.push([topic, event])
  }
  list(): unknown[] {
    return this.heard
  }
  fail(): never {
    throw new Error("deaf")
  }
  exitProcess(): never {
    process.exit(3)
  }
  async listenTo(events: Bus, topic: string): Promise<void> {
    await events.listen(topic, (event, of) => this.hear(event, of))
  }
  async hold(gate: Int32Array): Promise<void> {
    Atomics.add(gate, 0, 1)
    while (Atomics.load(gate, 1) === 0) await new Promise(setImmediate)
  }
}

/** Publishes numbers from where it lives. */
export class Mouth extends Actor {
  static {
    actor(url, "Mouth", Mouth)
  }
  async say(events: Bus, topic: string, from: number, to: number): Promise<number> {
    let taken = 0
    for (let n = from; n < to; n++) taken += await events.publish(topic, n)
    return taken
  }
  async place(events: Bus, order: number): Promise<number> {
    return await events.publish(new PlacedTwice(order))
  }
  count(events: Bus): number {
    return events.statistics().subscribers
  }
}

/** Answers with all it was told before. */
export const hearing = actor(url, "hearing", async (inbox: ActorInbox<{ n: number } | "list">) => {
  const heard: unknown[] = []
  for await (const event of inbox) {
    if (event === "list") inbox.reply(heard)
    else heard.push(event)
  }
})
