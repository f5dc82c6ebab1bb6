/** What is sent to workers while they are killed, and what became of it. */
import assert from "node:assert/strict"
import type { ActorRef, Takes } from "../../src/actor/index.ts"
import { ActorStoppedError, BufferLostError, IsolateDiedError } from "../../src/errors.ts"
import { move } from "../../src/internal/wire/move.ts"
import { BARRIER, EXIT, MOVED_BYTES, RELAYED, WORDS, type Worker } from "./chaos-worker.ts"

/** A worker, of a class or a function, as the load and its murderers see it. */
export interface Target {
  readonly redelivers: boolean
  /** Undefined for a function. */
  readonly worker: ActorRef<Worker> | undefined
  readonly exited: Promise<unknown>
  ask(id: number): Promise<unknown>
  tell(id: number): Promise<void>
  /** Answered when all before it was handled. */
  barrier(): Promise<unknown>
  /** Ends its isolate. */
  exit(): Promise<unknown>
  kill(): void
}

/** A worker of the class. */
export function ofClass(worker: ActorRef<Worker>, redelivers: boolean): Target {
  return {
    redelivers,
    worker,
    exited: worker.exited,
    ask: (id) => worker.ask.work(id),
    tell: (id) => worker.tell.work(id),
    barrier: () => worker.ask.barrier(),
    exit: () => worker.ask.exit(),
    kill: () => worker.kill(),
  }
}

/** A worker that is a function. */
export function ofFunction(worker: ActorRef<Takes<number>>, redelivers: boolean): Target {
  return {
    redelivers,
    worker: undefined,
    exited: worker.exited,
    ask: (id) => worker.ask(id),
    tell: (id) => worker.tell(id),
    barrier: () => worker.ask(BARRIER),
    exit: () => worker.ask(EXIT),
    kill: () => worker.kill(),
  }
}

/** How a message was sent. */
type How = "asked" | "told" | "relayed" | "moved"
type Outcome = "answered" | "dropped" | "taken" | "refused"

/** A message, and what became of it. */
export interface Sent {
  readonly how: How
  readonly redelivers: boolean
  outcome: Outcome | undefined
}

/** How much is sent. */
export interface Amount {
  readonly messages: number
  readonly inFlight: number
  /** A whole number below a limit. */
  readonly below: (limit: number) => number
}

/** Sends to all workers at random until it is over. */
export class Load {
  readonly journal: Int32Array
  readonly sent: Sent[] = []
  readonly #targets: readonly Target[]
  readonly #amount: Amount
  readonly #open = new Set<Promise<void>>()
  over = false

  constructor(journal: Int32Array, targets: readonly Target[], amount: Amount) {
    this.journal = journal
    this.#targets = targets
    this.#amount = amount
  }

  /** Sends until it is over, so many at a time. */
  async run(): Promise<void> {
    const { messages, inFlight } = this.#amount
    while (!this.over && this.sent.length < messages) {
      const one: Promise<void> = this.#send().finally(() => this.#open.delete(one))
      this.#open.add(one)
      if (this.#open.size >= inFlight) await Promise.race(this.#open)
    }
    await Promise.all(this.#open)
  }

  #send(): Promise<void> {
    const { below } = this.#amount
    const id = this.sent.length
    const target = this.#targets[below(this.#targets.length)] as Target
    const ways: readonly How[] = ["asked", "told", "relayed", "moved"]
    const how = ways[below(target.worker === undefined ? 2 : 4)] as How
    const sent: Sent = { how, redelivers: target.redelivers, outcome: undefined }
    this.sent.push(sent)
    return this.#sendBy(how, id, target).then((outcome) => {
      sent.outcome = outcome
    })
  }

  async #sendBy(how: How, id: number, target: Target): Promise<Outcome> {
    const { worker } = target
    if (how === "told") return outcomeOf(target.tell(id), "taken")
    if (worker === undefined || how === "asked") return outcomeOf(target.ask(id), "answered")
    if (how === "moved") {
      const bytes = new Uint8Array(MOVED_BYTES).fill(id)
      return outcomeOf(worker.ask.weigh(id, move(bytes)), "answered")
    }
    // Delivered again, a relay would send twice. What became of it is in the journal.
    const relays = this.#targets.filter(({ worker, redelivers }) => worker && !redelivers)
    const between = relays[this.#amount.below(relays.length)]?.worker as ActorRef<Worker>
    await outcomeOf(between.ask.relay(id, worker), "taken")
    return this.at(id, RELAYED) === 1 ? "taken" : "refused"
  }

  /** A word of the journal. */
  at(id: number, word: number): number {
    return Atomics.load(this.journal, id * WORDS + word)
  }
}

/** `good`, or `dropped` when its asker was told why. */
export async function outcomeOf(sent: Promise<unknown>, good: Outcome): Promise<Outcome> {
  try {
    await sent
    return good
  } catch (error) {
    const known = [IsolateDiedError, ActorStoppedError, BufferLostError]
    assert.ok(
      known.some((Known) => error instanceof Known),
      String(error),
    )
    return "dropped"
  }
}
