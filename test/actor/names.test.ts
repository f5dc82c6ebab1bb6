/** Names, seen from all isolates, and whose they are when their owners die. */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  type ActorRef,
  child,
  monitor,
  register,
  spawn,
  supervise,
  whereis,
} from "../../src/actor/index.ts"
import { IsolateDiedError } from "../../src/errors.ts"
import { start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Link } from "./peers.ts"

await start({ isolates: 2 })

type Any = ActorRef<unknown>

/** Resolves at the last exit of an actor. */
function gone(ref: ActorRef<Link>): Promise<string> {
  return new Promise((resolve) => {
    monitor(ref as unknown as Any, ({ final, reason }) => final && resolve(reason.reason))
  })
}

test("a name is one in all isolates: found, taken, and free when its owner is gone", async () => {
  const witness = await spawn(Link, [], { on: 2 })
  for (const end of ["stop", "kill", "fail", "exitProcess"] as const) {
    const owner = await spawn(Link, [], { on: 1, name: "teller" })
    assert.equal(whereis("teller"), owner)
    assert.equal(await witness.ask.find("teller"), owner)
    assert.equal(await witness.ask.claim("teller", witness as unknown as Any), "NameTakenError")
    const watched = gone(owner)
    if (end === "stop" || end === "kill") owner[end]()
    else await errorOf(owner.ask[end]())
    await watched
    assert.equal(whereis("teller"), undefined, end)
    assert.equal(await witness.ask.find("teller"), undefined, end)
  }
  assert.equal(await witness.ask.claim("teller", witness as unknown as Any), "ok")
  assert.equal(whereis("teller"), witness)
  witness.stop()
  await witness.exited
})

test("a name given from an isolate that dies stays with its actor", async () => {
  const owner = await spawn(Link, [], { on: 1 })
  const giver = await spawn(Link, [], { on: 2 })
  assert.equal(await giver.ask.claim("safe", owner as unknown as Any), "ok")
  assert.ok((await errorOf(giver.ask.exitProcess())) instanceof IsolateDiedError)
  assert.equal(whereis("safe"), owner)
  owner.stop()
  await owner.exited
  assert.equal(whereis("safe"), undefined)
})

test("a supervised actor keeps its name through its restarts", async () => {
  const children = [child(Link, [], { id: "one", name: "permanent" })]
  const tree = await supervise({ intensity: { restarts: 5, withinMs: 60_000 }, children })
  const one = tree.child("one")
  await errorOf(one.ask.exitProcess())
  assert.equal(whereis("permanent"), one)
  await errorOf(one.ask.fail())
  assert.equal(await one.ask.find("permanent"), one)
  const other = await spawn(Link)
  assert.throws(() => register("permanent", other), { code: "ERR_HEDDLE_NAME_TAKEN" })
  await tree.stop()
  assert.equal(whereis("permanent"), undefined)
  other.stop()
})
