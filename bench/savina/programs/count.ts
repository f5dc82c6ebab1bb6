/** One actor tells another to count, many times. Checked: the count. */
import { Actor, type ActorRef, actor } from "heddle"
import { expect, type Program } from "../kit.ts"

export class Counter extends Actor {
  static {
    actor(import.meta.url, "Counter", Counter)
  }
  count = 0
  increment(): void {
    this.count++
  }
  retrieve(): number {
    return this.count
  }
}

export class Producer extends Actor {
  static {
    actor(import.meta.url, "Producer", Producer)
  }
  async produce(count: number, counter: ActorRef<Counter>): Promise<number> {
    for (let i = 0; i < count; i++) void counter.tell.increment()
    return await counter.ask.retrieve()
  }
}

interface Sizes {
  readonly messages: number
}

export const program: Program<Sizes> = {
  name: "count",
  suite: { messages: 1_000_000 },
  small: { messages: 1_000 },
  async run({ messages }, stage) {
    const counter = await stage.spawn(Counter, [])
    const producer = await stage.spawn(Producer, [])
    expect("the count", await producer.ask.produce(messages, counter), messages)
  },
}
