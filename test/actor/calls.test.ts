/** `ref.ask` and `ref.tell`: properties that know their actor, however often they are used. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { callsFor } from "../../src/actor/calls.ts"
import { Actor, spawn } from "../../src/actor/index.ts"
import { NotCallableError } from "../../src/errors.ts"

class Sum extends Actor {
  sum = 0
  add(n: number): number {
    this.sum += n
    return this.sum
  }
  become(): void {
    this.add = (n) => -n
  }
}

test("a call can be taken from its object, at first and later", async () => {
  const actor = await spawn(Sum, [], { on: "here" })
  const { ask } = actor
  for (let i = 1; i < 5; i++) {
    const { add } = ask
    assert.equal(await add(1), i)
    assert.equal(ask.add === add, i > 1)
  }
  actor.stop()
})

test("each object of calls knows its own holder, and what each name does is made once", () => {
  let made = 0
  const callsOf = callsFor<number>((name) => {
    made++
    return (holder) => async (n) => `${name} ${holder} ${n}`
  })
  type Names = Record<"a" | "b", (n: number) => Promise<string>>
  const [one, two] = [callsOf(1) as Names, callsOf(2) as Names]
  return Promise.all([one.a(3), two.a(3), one.a(4), one.b(4), two.b(4), two.a(4)]).then((all) => {
    assert.deepEqual(all, ["a 1 3", "a 2 3", "a 1 4", "b 1 4", "b 2 4", "a 2 4"])
    assert.equal(made, 2)
    assert.throws(() => {
      one.a = two.a
    }, TypeError)
  })
})

test("an instance that gives itself another method is called by that", async () => {
  const actor = await spawn(Sum, [], { on: "here" })
  assert.deepEqual([await actor.ask.add(1), await actor.ask.add(2)], [1, 3])
  await actor.ask.become()
  assert.deepEqual([await actor.ask.add(1), await actor.ask.add(2)], [-1, -2])
  actor.stop()
})

test("a method of the class is one, though all objects have one of that name", async () => {
  class Page extends Actor {
    override toString(): string {
      return "a page"
    }
    override valueOf(): number {
      return 7
    }
  }
  const page = await spawn(Page, [], { on: "here" })
  assert.equal(await page.ask.toString(), "a page")
  assert.equal(await page.ask.valueOf(), 7)
  const inherited = Reflect.get(page.ask, "toLocaleString") as () => Promise<unknown>
  await assert.rejects(inherited(), NotCallableError)
  page.stop()
})
