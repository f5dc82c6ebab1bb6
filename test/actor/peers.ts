/** Actors that ask each other, and names that others see. */
import { setImmediate } from "node:timers/promises"
import {
  Actor,
  type ActorRef,
  actor,
  deadLetters,
  register,
  whereis,
} from "../../src/actor/index.ts"

const url = import.meta.url

/** One of a chain: asks the next, and adds one to the answer. */
export class Link extends Actor {
  static {
    actor(url, "Link", Link)
  }
  turns = 0

  /** The length of the rest of the chain; this isolate's timers and sockets go on meanwhile. */
  async length(rest: readonly ActorRef<Link>[]): Promise<number> {
    const [next, ...more] = rest
    if (next === undefined) {
      await setImmediate()
      return 1
    }
    return 1 + (await next.ask.length(more))
  }

  /** Asks the other something that asks back here: a deadlock of two, were it not limited. */
  async askBack(other: ActorRef<Link>): Promise<string> {
    const self = this.self as unknown as ActorRef<Link>
    try {
      await other.ask.with({ timeoutMs: 5 }).countOf(self)
      return "answered"
    } catch (error) {
      return (error as Error).name
    }
  }

  async countOf(other: ActorRef<Link>): Promise<number> {
    this.turns = await other.ask.count()
    return this.turns
  }

  /** Answers when `gate[1]` is set; says in `gate[0]` that it is asked. */
  async hold(gate: Int32Array): Promise<number> {
    Atomics.add(gate, 0, 1)
    while (Atomics.load(gate, 1) === 0) await setImmediate()
    return Atomics.add(gate, 2, 1)
  }

  /** Asks another, and ends its isolate while it waits. */
  async askAndDie(other: ActorRef<Link>, gate: Int32Array): Promise<never> {
    void other.ask.hold(gate).catch(() => {})
    while (Atomics.load(gate, 0) === 0) await setImmediate()
    process.exit(3)
  }

  count(): number {
    return ++this.turns
  }

  exitProcess(): never {
    process.exit(3)
  }

  fail(): never {
    throw new Error("failed")
  }

  /** What this isolate finds under a name. */
  find(name: string): ActorRef<unknown> | undefined {
    return whereis(name)
  }

  /** Takes a name here: what that says. */
  claim(name: string, ref: ActorRef<unknown>): string {
    try {
      register(name, ref)
      return "ok"
    } catch (error) {
      return (error as Error).name
    }
  }

  /** The first dead letter that this isolate hears of; says in `gate[0]` that it listens. */
  async firstLetter(gate: Int32Array): Promise<readonly [method: string, reason: string]> {
    const letters = deadLetters()
    Atomics.store(gate, 0, 1)
    const { value } = await letters.next()
    await letters.return?.()
    return [value.method, value.reason]
  }
}
