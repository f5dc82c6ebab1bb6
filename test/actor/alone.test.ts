/** Actors that fail while nobody would hear of it. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate } from "node:timers/promises"
import {
  Actor,
  type ActorRef,
  child,
  link,
  monitor,
  spawn,
  supervise,
} from "../../src/actor/index.ts"
import { warnedDuring } from "../support/warned.ts"

class Fragile extends Actor {
  fall(): never {
    throw new RangeError("fell")
  }
  stand(): void {}
}

const start = () => spawn(Fragile, [], { on: "here" })

/** Waits for its end without hearing of it. */
async function gone(ref: ActorRef<unknown>): Promise<void> {
  while (ref.statistics().state !== "gone") await setImmediate()
}

test("a told message that ends an actor is a warning, when nobody hears of the end", async () => {
  const ref = await start()
  const [heard, ...more] = await warnedDuring(async () => {
    await ref.tell.fall()
    await gone(ref as ActorRef<unknown>)
  })
  assert.match(
    heard as string,
    /^Fragile#\d+ failed, and nobody asked it, .* or watches it: RangeError: fell\n +at /,
  )
  assert.deepEqual(more, [])
})

test("so is a function that throws", async () => {
  const fall = async (): Promise<void> => {
    await setImmediate()
    throw new RangeError("fell")
  }
  const heard = await warnedDuring(async () => gone(await spawn(fall, [], { on: "here" })))
  assert.match(heard.join(), /^fall#\d+ failed, and nobody .*: RangeError: fell\n/)
})

test("who asks, watches, is linked or supervises hears of it otherwise", async () => {
  const heard = await warnedDuring(async () => {
    const asked = await start()
    await assert.rejects(asked.ask.fall(), RangeError)
    const awaited = await start()
    void awaited.tell.fall()
    assert.equal((await awaited.exited).reason, "failed")
    const watched = await start()
    const exit = new Promise((resolve) => monitor(watched, resolve))
    void watched.tell.fall()
    await exit
    const [one, other] = [await start(), await start()]
    link(one, other)
    void one.tell.fall()
    await gone(other as ActorRef<unknown>)
    await using bank = await supervise({
      children: [child(Fragile, [], { id: "a", on: "here" })],
    })
    void bank.child("a").tell.fall()
    await bank.child("a").ask.stand()
    await assert.rejects(
      spawn(
        class extends Fragile {
          override onStart(): void {
            this.fall()
          }
        },
        [],
        { on: "here" },
      ),
      RangeError,
    )
  })
  assert.deepEqual(heard, [])
})

test("a program in which everything fails is told so a bounded number of times", async () => {
  const heard = await warnedDuring(async () => {
    for (let i = 0; i < 20; i++) {
      const ref = await start()
      void ref.tell.fall()
      await gone(ref as ActorRef<unknown>)
    }
  })
  assert.ok(heard.length > 0 && heard.length < 20, `${heard.length}`)
  const last = heard.pop() as string
  assert.match(last, /watches it; further ones are not told: RangeError/)
  for (const one of heard) assert.doesNotMatch(one, /further/)
})
