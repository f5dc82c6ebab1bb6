/** Actors that die in all ways with a message in hand, once. */
import { threadId } from "node:worker_threads"
import { Actor, type ActorInbox, type ActorRef, actor, type Takes } from "../../src/actor/index.ts"
import { move } from "../../src/internal/wire/move.ts"
import { sendable } from "../../src/internal/wire/sendable.ts"
import { Telling } from "./telling.ts"

/** The ways in which an isolate ends under an actor. */
export type Way = "exit" | "heap" | "loop" | "uncaught"

const ENDED = 0
const HANDLED = 1

export class Mortal extends Telling {
  static {
    actor(import.meta.url, "Mortal", Mortal)
  }
  readonly seen: number[] = []

  /** Ends its isolate when it is called for the first time; later it answers. */
  end(way: Way): string | Promise<never> {
    Atomics.add(this.told, HANDLED, 1)
    if (Atomics.exchange(this.told, ENDED, 1) === 1) return "survived"
    return this.#endBy(way)
  }

  /** Says what it was told in this life. */
  note(n: number): number[] {
    this.seen.push(n)
    return this.seen
  }

  isolate(): number | undefined {
    return this.self.statistics().isolate
  }

  thread(): number {
    return threadId
  }

  #endBy(way: Way): Promise<never> {
    if (way === "exit") process.exit(7)
    if (way === "heap") this.#fill()
    if (way === "uncaught") {
      setImmediate(() => {
        throw new Error("nobody catches this")
      })
    }
    while (way === "loop") Atomics.load(this.told, HANDLED)
    return new Promise(() => {})
  }

  #fill(): void {
    // In small steps, and without a call: the engine looks at each turn whether it is to end.
    let kept: unknown = null
    for (let i = 0; ; i++) kept = { kept, i, list: [i, i, i, i] }
  }
}

const DECODED = 2

/** A value that ends the isolate which reads it first: its message is taken, and not entered. */
export class Bomb {
  readonly told: Int32Array
  constructor(told: Int32Array) {
    this.told = told
  }
}

sendable(Bomb, {
  id: "test/Bomb",
  encode: ({ told }) => told,
  decode: (told) => {
    if (Atomics.add(told as Int32Array, DECODED, 1) === 0) process.exit(9)
    return new Bomb(told as Int32Array)
  },
})

/** What has been received, as numbers; the one that is no number is a bomb. */
export type Received = Bomb | number | Float64Array

/** Keeps what it receives. */
export class Keeper extends Actor {
  static {
    actor(import.meta.url, "Keeper", Keeper)
  }
  readonly kept: number[] = []

  keep(one: Received): number[] {
    this.kept.push(numberOf(one))
    return this.kept
  }

  /** Ends its isolate when it is called for the first time; later it adds up. */
  sumOnce(told: Int32Array, numbers: Float64Array): number {
    if (Atomics.add(told, HANDLED, 1) === 0) process.exit(9)
    return numbers.reduce((a, b) => a + b, 0)
  }
}

/** Gives away a buffer, and ends before anybody has asked for it. */
export class Giver extends Actor {
  static {
    actor(import.meta.url, "Giver", Giver)
  }

  async give(to: ActorRef<Keeper>): Promise<never> {
    await to.tell.keep(move(Float64Array.of(1, 2)))
    process.exit(9)
  }

  async giveAndLive(to: ActorRef<Keeper>): Promise<void> {
    await to.tell.keep(move(Float64Array.of(3, 4)))
  }

  async giveTo(to: ActorRef<Takes<Received>>): Promise<never> {
    await to.tell(move(Float64Array.of(1, 2)))
    process.exit(9)
  }
}

function numberOf(one: Received): number {
  if (one instanceof Bomb) return -1
  return typeof one === "number" ? one : one.reduce((a, b) => a + b, 0)
}

/** As `Keeper`, a function: answers each with all before. */
export const keeping = actor(
  import.meta.url,
  "keeping",
  async (inbox: ActorInbox<Received>): Promise<void> => {
    const kept: number[] = []
    for await (const one of inbox) {
      kept.push(numberOf(one))
      inbox.reply(kept)
    }
  },
)

/**
 * As `keeping`, and takes a number above 9 first, then two others, then a question. Ends its
 * isolate on 99, once.
 */
export const choosing = actor(
  import.meta.url,
  "choosing",
  async (inbox: ActorInbox<Received>, told: Int32Array): Promise<void> => {
    const kept: number[] = []
    for (;;) {
      const first = await inbox.receive((one) => typeof one === "number" && one > 9)
      if (first === 99 && Atomics.add(told, HANDLED, 1) === 0) process.exit(9)
      kept.push(numberOf(first))
      if (first === 10) continue
      for (let i = 0; i < 2; i++) kept.push(numberOf(await inbox.receive()))
      await inbox.receive()
      inbox.reply(kept)
    }
  },
)
