/** Actors that write into shared words what becomes of each message. */
import { Actor, type ActorInbox, type ActorRef, actor } from "../../src/actor/index.ts"

/** Bytes of a buffer that is moved with a message. */
export const MOVED_BYTES = 24

/** What a function worker is told beside the numbers of messages. */
export const BARRIER = -1
export const EXIT = -2

/** Words per message: how often it was begun, how often done, and whether a relay has sent it. */
export const WORDS = 3
export const BEGUN = 0
export const DONE = 1
export const RELAYED = 2

export class Worker extends Actor {
  static {
    actor(import.meta.url, "Worker", Worker)
  }
  readonly journal: Int32Array

  constructor(journal: Int32Array) {
    super()
    this.journal = journal
  }

  /** One in four takes some turns of its isolate; an actor may be killed meanwhile. */
  work(id: number): number | Promise<number> {
    Atomics.add(this.journal, id * WORDS + BEGUN, 1)
    return id % 4 === 0 ? this.#slowly(id) : this.#finish(id)
  }

  async #slowly(id: number): Promise<number> {
    for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate)
    return this.#finish(id)
  }

  /** As `work`; the buffer was moved here, and is whole. */
  weigh(id: number, moved: Uint8Array): number | Promise<number> {
    const isWhole = moved.length === MOVED_BYTES && moved.every((byte) => byte === (id & 255))
    if (!isWhole) throw new Error(`message ${id} has lost its buffer`)
    return this.work(id)
  }

  #finish(id: number): number {
    Atomics.add(this.journal, id * WORDS + DONE, 1)
    return id
  }

  /** Tells another worker, perhaps a neighbour, and notes that its mailbox has taken that. */
  async relay(id: number, to: ActorRef<Worker>): Promise<void> {
    await to.tell.work(id)
    Atomics.store(this.journal, id * WORDS + RELAYED, 1)
  }

  /** Answered when all before it was handled. */
  barrier(): void {}

  exit(): never {
    process.exit(1)
  }
}

/** A worker that is a function. */
export const working = actor(
  import.meta.url,
  "working",
  async (inbox: ActorInbox<number>, journal: Int32Array): Promise<void> => {
    for (;;) {
      const id = await inbox.receive()
      if (id === EXIT) process.exit(1)
      if (id !== BARRIER) {
        Atomics.add(journal, id * WORDS + BEGUN, 1)
        for (let turns = id % 4 === 0 ? 5 : 0; turns > 0; turns--) await new Promise(setImmediate)
        Atomics.add(journal, id * WORDS + DONE, 1)
      }
      inbox.reply(id)
    }
  },
)
