/** Starts that do not end: they are killed, and nobody waits for them for ever. */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  Actor,
  type ActorRef,
  child,
  type SpawnOptions,
  spawn,
  subtree,
  supervise,
  whereis,
} from "../../src/actor/index.ts"
import { ActorStoppedError, ChildStartError, ChildStateError } from "../../src/errors.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Sleeper } from "./sleepers.ts"

await start({ isolates: 2 })

const PLACES = ["here", 1] as const satisfies SpawnOptions["on"][]

/** Words that a sleeper and its test both see. */
function words(): Int32Array {
  return sharedArray(Int32Array, 2)
}

/** The sleeper with that name, once it starts for the `nth` time. */
async function starts(name: string, told: Int32Array, nth = 1): Promise<ActorRef<unknown>> {
  while (Atomics.load(told, 0) < nth) await new Promise((resolve) => setImmediate(resolve))
  return whereis(name) as ActorRef<unknown>
}

for (const on of PLACES) {
  test(`on ${on}: an actor that is killed while it starts has not started`, async () => {
    const told = words()
    const spawned = errorOf<ActorStoppedError>(spawn(Sleeper, [told, 1], { on, name: "sleeper" }))
    const sleeper = await starts("sleeper", told)
    sleeper.stop()
    sleeper.kill()
    const error = await spawned
    assert.ok(error instanceof ActorStoppedError, String(error))
    assert.match(error.message, /killed/)
    assert.equal(whereis("sleeper"), undefined)
  })

  test(`on ${on}: an actor that is killed before it starts has not started`, async () => {
    const spawned = errorOf(spawn(Sleeper, [words(), 1], { on, name: "sleeper" }))
    whereis("sleeper")?.kill()
    assert.match((await spawned).message, /killed/)
    assert.equal(whereis("sleeper"), undefined)
  })

  test(`on ${on}: a child that is killed while it starts again is started once more`, async () => {
    const told = words()
    const children = [child(Sleeper, [told, 2], { id: "sleeper", on, name: "sleeper" })] as const
    await using tree = await supervise({ intensity: { restarts: 5, withinMs: 60_000 }, children })
    const sleeper = tree.child("sleeper")
    await errorOf(sleeper.ask.fail())
    ;(await starts("sleeper", told, 2)).kill()
    assert.equal(await sleeper.ask.lives(), 3)
    assert.equal(tree.children()[0]?.restarts, 2)
  })

  for (const how of ["stop", "kill"] as const) {
    test(`on ${on}: ${how} does not wait for a child that starts again for ever`, async () => {
      const told = words()
      const options = { id: "sleeper", on, name: "sleeper", shutdownMs: 0 } as const
      const tree = await supervise({
        strategy: "one-for-all",
        intensity: { restarts: 5, withinMs: 60_000 },
        children: [
          child(Sleeper, [told, 2], options),
          child(Awake, [], { id: "awake", on: "here" }),
        ],
      })
      const awake = tree.child("awake")
      await errorOf(tree.child("sleeper").ask.fail())
      await starts("sleeper", told, 2)
      if (how === "stop") void tree.stop()
      else tree.ref.kill()
      assert.equal((await tree.exited).reason, how === "stop" ? "shutdown" : "killed")
      assert.equal(Atomics.load(told, 0), 2, "it was not started once more")
      assert.equal(awake.statistics().lives, 1, "nor what comes after it")
      assert.equal(whereis("sleeper"), undefined)
    })
  }

  test(`on ${on}: a supervisor whose child is killed while it starts has not begun`, async () => {
    const told = words()
    const inner = { children: [child(Sleeper, [told, 1], { id: "sleeper", on, name: "sleeper" })] }
    const made = errorOf(supervise({ children: [subtree(inner, { id: "inner" })] }))
    ;(await starts("sleeper", told)).kill()
    const error = await made
    assert.ok(error instanceof ChildStartError, String(error))
    assert.equal(whereis("sleeper"), undefined)
  })
}

class Awake extends Actor {}

test("an onStart of the instance alone can be killed, too", async () => {
  const born = Promise.withResolvers<ActorRef<unknown>>()
  class Own extends Actor {
    override onStart = () => {
      born.resolve(this.self)
      return new Promise<void>(() => {})
    }
  }
  const spawned = errorOf(spawn(Own, [], { on: "here" }))
  ;(await born.promise).kill()
  assert.match((await spawned).message, /killed/)
})

test("a start that ends after its supervisor shall end is in order, the last one", async () => {
  const told = words()
  const gate = Promise.withResolvers<void>()
  class Slow extends Actor {
    override async onStart(): Promise<void> {
      if (Atomics.add(told, 0, 1) === 1) await gate.promise
    }
    fail(): never {
      throw new Error("slow")
    }
  }
  const tree = await supervise({
    strategy: "rest-for-one",
    children: [
      child(Slow, [], { id: "slow", on: "here", name: "slow" }),
      child(Awake, [], { id: "awake", on: "here" }),
    ],
  })
  await errorOf(tree.child("slow").ask.fail())
  await starts("slow", told, 2)
  const stopped = tree.stop()
  const added = errorOf(tree.add(child(Awake, [], { id: "more", on: "here" })))
  gate.resolve()
  assert.deepEqual(await stopped, { reason: "shutdown" })
  assert.ok((await added) instanceof ChildStateError)
  assert.equal(tree.child("awake").statistics().lives, 1)
})
