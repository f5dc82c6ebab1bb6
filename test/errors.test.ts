import assert from "node:assert/strict"
import { it } from "node:test"
import { Actor, child, supervise } from "../src/actor/index.ts"
import { ChildStartError, ChildStateError, RestartIntensityError } from "../src/errors.ts"
import "../src/index.ts"

class Failing extends Actor {
  fail() {
    throw new Error("no disk")
  }
}

class Stillborn extends Actor {
  override onStart() {
    throw new Error("no disk")
  }
}

async function endOf(name?: string) {
  const children = [child(Failing, [], { id: "a", on: "here" })]
  const bank = await supervise({ ...(name && { name }), children })
  for (let i = 0; i < 2; i++) await assert.rejects(bank.child("a").ask.fail())
  return { bank, error: (await bank.exited).error as RestartIntensityError }
}

it("a supervisor that gives up says why, and what to do", async () => {
  const { error } = await endOf()
  assert.equal(
    error.message,
    "the supervisor gave up: its children needed more than 1 restart in 5000 ms, the last child " +
      "a, which failed: no disk; mend what fails, or raise intensity",
  )
  assert.match((await endOf("bank")).error.message, /^supervisor bank gave up: /)
  const unknown = new RestartIntensityError("bank", 3, 100)
  assert.match(unknown.message, /more than 3 restarts in 100 ms; mend/)
})

it("a supervisor that gives up names the child and its end, and says what to do once", async () => {
  const killed = await supervise({
    intensity: { restarts: 0, withinMs: 1_000 },
    children: [child(Failing, [], { id: "a", on: "here" })],
  })
  killed.child("a").kill()
  const { message, child: id } = (await killed.exited).error as RestartIntensityError
  assert.match(message, / the last child a, which was killed; mend/)
  assert.equal(id, "a")
  const cause = new RestartIntensityError("inner", 1, 10, { child: "b" })
  const outer = new RestartIntensityError("outer", 1, 10, { child: "inner", cause })
  assert.equal(outer.message.match(/mend what fails/g)?.length, 1)
})

it("a supervisor without a name is not called by one", async () => {
  const children = [child(Stillborn, [], { id: "a", on: "here" })]
  await assert.rejects(supervise({ children }), {
    name: "ChildStartError",
    message: "child a of the supervisor did not start: no disk",
  })
  assert.match(new ChildStartError("bank", "a").message, /^child a of supervisor bank did not/)
})

it("a request that a child's state does not allow says what would be", async () => {
  const children = [child(Failing, [], { id: "a", on: "here" })]
  const bank = await supervise({ children })
  const refused = async (request: () => unknown, message: RegExp) => {
    const error = (await Promise.try(request).catch((error) => error)) as ChildStateError
    assert.ok(error instanceof ChildStateError)
    assert.match(error.message, message)
  }
  const again = child(Failing, [], { id: "a", on: "here" })
  await refused(
    () => bank.child("b" as "a"),
    /^there is no child b: children\(\) tells who is there$/,
  )
  await refused(() => bank.restartChild("a"), /^child a runs: .*stopChild/)
  await refused(() => bank.add(again), /^child a is there already, and runs$/)
  await bank.stopChild("a")
  await refused(() => bank.add(again), /^child a is there already, stopped: .*restartChild/)
  await bank.stop()
  await refused(() => bank.add(again), /^the supervisor has ended$/)
  assert.equal(new ChildStateError("bank", "stopped").message, "supervisor bank has ended")
})
