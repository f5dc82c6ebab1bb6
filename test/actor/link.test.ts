/** Links: who exits with whom, and what they hear, whatever was thrown. */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  Actor,
  type ActorExit,
  type ActorRef,
  child,
  link,
  monitor,
  type Supervisor,
  spawn,
  supervise,
} from "../../src/actor/index.ts"
import { start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Account } from "./actors.ts"

await start({ isolates: 2 })

/** Throws what it is told to. */
class Thrower extends Actor {
  fail(what: keyof typeof THINGS): never {
    throw THINGS[what]
  }
  well(): string {
    return "well"
  }
}

/** Watches another in each of its lives, and counts what it hears in this one. */
class Watcher extends Actor {
  readonly #watched: ActorRef<Thrower>
  readonly #told: { heard: number; own: number }
  constructor(watched: ActorRef<Thrower>, told: { heard: number; own: number }) {
    super()
    this.#watched = watched
    this.#told = told
  }
  override onStart(): void {
    monitor(this.#watched, () => this.#told.heard++)
    monitor(this.self, () => this.#told.own++)
  }
  fail(): never {
    throw new Error("watcher")
  }
  lives(): number {
    return this.self.statistics().lives
  }
}

class Peer extends Actor {
  lives(): number {
    return this.self.statistics().lives
  }
}

const spawnPeer = (): Promise<ActorRef<Peer>> => spawn(Peer, [], { on: "here" })

const THINGS = {
  symbol: Symbol("thing"),
  function: () => 1,
  object: { call: () => 1 },
  text: "text",
  nothing: null,
}

/** What each is heard as. */
const HEARD: Readonly<Record<keyof typeof THINGS, RegExp>> = {
  symbol: /cannot be sent \(it is a symbol\): Symbol\(thing\)/,
  function: /cannot be sent \(it is a function\)/,
  object: /cannot be sent \(it .call is a function\)/,
  text: /^text$/,
  nothing: /^null$/,
}

const things = Object.keys(THINGS) as (keyof typeof THINGS)[]

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Who waits until an actor has exited that often; what it heard. */
function exitsOf<C>(ref: ActorRef<C>, count: number): Promise<ActorExit[]> {
  return new Promise((resolve) => {
    const heard: ActorExit[] = []
    monitor(ref, (exit) => heard.push(exit) === count && resolve(heard))
  })
}

/** Supervises a `Thrower` and a `Peer`, linked. */
async function pair(restart: "permanent" | "temporary"): Promise<[Supervisor, Refs]> {
  const tree = await supervise({
    intensity: { restarts: 100, withinMs: 5_000 },
    children: [
      child(Thrower, [], { id: "thrower", on: "here", restart }),
      child(Peer, [], { id: "peer", on: "here" }),
    ],
  })
  const [thrower, peer] = [tree.child("thrower"), tree.child("peer")]
  link(thrower, peer)
  return [tree, { thrower, peer }]
}

interface Refs {
  readonly thrower: ActorRef<Thrower>
  readonly peer: ActorRef<Peer>
}

test("linked actors fail together; a normal exit is not passed on", async () => {
  const [a, b, c] = await Promise.all([spawn(Account), spawn(Account), spawn(Account)])
  link(a, b)
  link(b, c)
  c.stop()
  await c.exited
  assert.equal(await b.ask.deposit(1), 1)
  await errorOf(a.ask.fail("together"))
  const { reason, error } = await b.exited
  assert.equal(reason, "failed")
  assert.equal((error as Error).message, "together")
})

test("linking to an actor that has failed ends the other", async () => {
  const [a, b] = await Promise.all([spawn(Account), spawn(Account)])
  a.kill()
  await a.exited
  link(a, b)
  assert.equal((await b.exited).reason, "killed")
})

test("a monitor hears an exit, also one in the past; and can be ended", async () => {
  const account = await spawn(Account)
  const heard = new Promise((resolve) => monitor(account, resolve))
  monitor(account, () => assert.fail("it was ended"))()
  account.stop("done")
  const exit = { ref: account, reason: { reason: "normal", detail: "done" }, final: true }
  assert.deepEqual(await heard, exit)
  assert.deepEqual(await new Promise((resolve) => monitor(account, resolve)), exit)
})

test("what was thrown is heard of by all, also when it cannot be sent", async () => {
  for (const what of things) {
    const thrower = await spawn(Thrower, [], { on: "here" })
    const peer = await spawn(Peer, [], { on: "here" })
    link(thrower, peer)
    assert.match(said(await errorOf(thrower.ask.fail(what))), HEARD[what])
    for (const { reason, error } of [await thrower.exited, await peer.exited]) {
      assert.equal(reason, "failed")
      assert.match(said(error), HEARD[what])
    }
  }
})

test("linked children exit together and are started again, whatever was thrown", async () => {
  const [tree, { thrower, peer }] = await pair("permanent")
  for (const [i, what] of things.entries()) {
    const exits = exitsOf(peer, 1)
    assert.match(said(await errorOf(thrower.ask.fail(what))), HEARD[what])
    assert.match(said((await exits)[0]?.reason.error), HEARD[what])
    assert.equal(await thrower.ask.well(), "well")
    assert.equal(await peer.ask.lives(), i + 2)
  }
  await tree.stop()
})

test("an actor hears of an end once, though it is linked twice, and no life follows", async () => {
  const [tree, { thrower, peer }] = await pair("temporary")
  link(thrower, peer)
  // So many that nobody looks at the first any more.
  const others = await Promise.all(Array.from({ length: 200 }, () => spawnPeer()))
  for (const other of others) link(thrower, other)
  link(thrower, peer)
  const exits = exitsOf(peer, 1)
  await errorOf(thrower.ask.fail("text"))
  assert.equal((await exits)[0]?.reason.reason, "failed")
  for (const other of others) assert.equal((await other.exited).error, "text")
  await thrower.exited
  assert.equal(await peer.ask.lives(), 2)
  assert.deepEqual(
    tree.children().map(({ id, restarts }) => [id, restarts]),
    [["peer", 1]],
  )
  await tree.stop()
})

test("who is linked while the other is down hears when no life follows", async () => {
  const [tree, { thrower }] = await pair("temporary")
  const late = await spawn(Peer, [], { on: "here" })
  monitor(thrower, ({ final }) => {
    if (final) return
    assert.equal(thrower.statistics().state, "down")
    link(thrower, late)
  })
  await errorOf(thrower.ask.fail("text"))
  assert.equal((await late.exited).error, "text")
  await tree.stop()
})

test("who is linked while the other is down passes over the end before", async () => {
  const [tree, { thrower }] = await pair("permanent")
  const late = await spawn(Peer, [], { on: "here" })
  const end = monitor(thrower, () => {
    assert.equal(thrower.statistics().state, "down")
    link(thrower, late)
    end()
  })
  await errorOf(thrower.ask.fail("text"))
  assert.equal(await thrower.ask.well(), "well")
  assert.equal(late.statistics().state, "running")
  await errorOf(thrower.ask.fail("symbol"))
  assert.match(said((await late.exited).error), HEARD.symbol)
  await tree.stop()
})

test("a monitor that an actor begins ends with its life, of which it hears itself", async () => {
  const [tree, { thrower }] = await pair("permanent")
  const told = { heard: 0, own: 0 }
  class Mine extends Watcher {
    constructor() {
      super(thrower, told)
    }
  }
  const watcher = await tree.add(child(Mine, [], { id: "watcher", on: "here" }))
  for (let life = 1; life < 4; life++) {
    const restarted = exitsOf(watcher, 1)
    await errorOf(watcher.ask.fail())
    await restarted
    assert.equal(told.own, life)
  }
  assert.equal(await watcher.ask.lives(), 4)
  const exits = exitsOf(thrower, 1)
  await errorOf(thrower.ask.fail("text"))
  await exits
  await thrower.ask.well()
  assert.equal(told.heard, 1, "one life listens")
  await tree.stop()
})
