/** What belongs to an actor's code: the actor, through all its awaits; nothing of its callers. */
import assert from "node:assert/strict"
import { AsyncLocalStorage } from "node:async_hooks"
import { test } from "node:test"
import { Actor, type ActorRef, spawn } from "../../src/actor/index.ts"

const requests = new AsyncLocalStorage<string>()

class Ear extends Actor {
  readonly heard: (number | undefined)[] = []
  hear(_n: number): void {
    this.heard.push(this.sender?.id)
  }
  list(): (number | undefined)[] {
    return this.heard
  }
}

class Mouth extends Actor {
  readonly requests: (string | undefined)[] = [requests.getStore()]
  /** Returns before it has told: what goes on is still this actor's. */
  say(ear: ActorRef<Ear>, n: number): void {
    void this.#later(ear, n)
  }
  async #later(ear: ActorRef<Ear>, n: number): Promise<void> {
    await new Promise(setImmediate)
    this.requests.push(requests.getStore())
    void ear.tell.hear(n)
  }
  seen(_n: number): (string | undefined)[] {
    return [...this.requests, requests.getStore()]
  }
}

test("what an actor's code starts and does not await tells as that actor", async () => {
  const ear = await spawn(Ear, [], { on: "here" })
  const mouths = await Promise.all([1, 2, 3].map(() => spawn(Mouth, [], { on: "here" })))
  const said: number[] = []
  // The first entries of an actor's code are made differently from later ones.
  for (let i = 0; i < 4; i++) {
    for (const mouth of mouths) {
      void mouth.tell.say(ear, i)
      said.push(mouth.id)
    }
    while (((await ear.ask.list()) as unknown[]).length < said.length)
      await new Promise(setImmediate)
  }
  assert.deepEqual([...(await ear.ask.list())].sort(), [...said].sort())
  for (const actor of [ear, ...mouths]) actor.stop()
})

test("an actor sees nothing of what belongs to those who start and call it", async () => {
  const mouth = await requests.run("outer", () => spawn(Mouth, [], { on: "here" }))
  for (let i = 0; i < 4; i++) {
    const seen = await requests.run(`request ${i}`, () => mouth.ask.seen(i))
    assert.deepEqual(seen, [undefined, undefined])
  }
  mouth.stop()
})
