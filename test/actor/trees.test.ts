/** Supervisors known elsewhere, and the end of the program. */
import assert from "node:assert/strict"
import { type ChildProcess, spawn as spawnProcess } from "node:child_process"
import { once } from "node:events"
import { test } from "node:test"
import {
  Actor,
  type ActorRef,
  child,
  link,
  monitor,
  spawn,
  supervise,
} from "../../src/actor/index.ts"
import { subtree } from "../../src/actor/supervisor.ts"
import { ChildStartError, ChildStateError, IsolateDiedError } from "../../src/errors.ts"
import { start } from "../../src/isolate/index.ts"
import { Account } from "./actors.ts"
import { Gardener } from "./tree-program.ts"

await start({ isolates: 2 })

class Refuser extends Actor {
  readonly #how: string
  constructor(how: string) {
    super()
    if (how === "refuse") throw new RangeError("refused")
    this.#how = how
  }
  how(): string {
    return this.#how
  }
}

function bankOf() {
  return supervise({
    name: "bank",
    intensity: { restarts: 5, withinMs: 1_000 },
    children: [child(Account, [5], { id: "main" })],
  })
}

test("a supervisor that is sent arrives as the reference to its actor", async () => {
  await using bank = await bankOf()
  const other = await spawn(Account, [], { on: 1 })
  assert.equal(await other.ask.echo(bank), bank.ref)
  assert.equal(await other.ask.echo(bank.ref), bank.ref)
  assert.equal(await bank.ref.ask.child("main"), bank.child("main"))
  assert.deepEqual(await bank.ref.ask.counts(), { all: 1, active: 1, supervisors: 0, actors: 1 })
  const [info] = await bank.ref.ask.children()
  assert.equal(info?.subject, bank.child("main"))
  await bank.ref.ask.stopChild("main")
  assert.equal(bank.counts().active, 0)
  other.stop()
})

test("a request that a supervisor refuses ends neither it nor its children", async () => {
  await using bank = await bankOf()
  const { ref } = bank
  const account = bank.child("main")
  assert.equal(await account.ask.deposit(1), 6)
  await assert.rejects(ref.ask.child("nobody"), ChildStateError)
  await assert.rejects(ref.ask.restartChild("main"), ChildStateError)
  await assert.rejects(ref.ask.removeChild("main"), ChildStateError)
  await assert.rejects(ref.ask.stopChild(ref), /no child SupervisorActor#\d+/)
  await assert.rejects(ref.ask.spawn(1), TypeError)
  await ref.tell.stopChild("nobody")
  assert.equal(await account.ask.deposit(1), 7, "it has not been started anew")
  const { active } = await ref.ask.counts()
  assert.deepEqual([active, bank.isAlive], [1, true])
})

test("a dynamic child that does not start ends neither its supervisor nor the others", async () => {
  await using bank = await supervise({
    strategy: "simple-one-for-one",
    children: [child(Refuser, [], { id: "one", on: "here" })],
  })
  const first = (await bank.ref.ask.spawn("well")) as ActorRef<Refuser>
  await assert.rejects(bank.ref.ask.spawn("refuse"), ChildStartError)
  assert.equal(await first.ask.how(), "well")
  assert.equal((await bank.ref.ask.counts()).all, 1)
})

test("stopping its reference stops it in order, and its exit is heard", async () => {
  const bank = await bankOf()
  const account = bank.child("main")
  const heard = new Promise((resolve) => monitor(bank.ref, resolve))
  bank.ref.stop()
  assert.deepEqual(await bank.exited, { reason: "shutdown" })
  assert.equal((await account.exited).reason, "shutdown")
  assert.deepEqual(await heard, { ref: bank.ref, reason: { reason: "shutdown" }, final: false })
  assert.equal((await bank.ref.exited).reason, "shutdown")
})

test("killing its reference kills what it supervises; a linked actor goes with it", async () => {
  const bank = await bankOf()
  const linked = await spawn(Account)
  link(bank.ref as unknown as ActorRef<unknown>, linked as unknown as ActorRef<unknown>)
  const account = bank.child("main")
  bank.ref.kill()
  assert.equal((await linked.exited).reason, "killed")
  assert.equal((await account.exited).reason, "killed")
  assert.equal((await bank.exited).reason, "killed")
})

test("a subtree keeps its reference when it begins again", async () => {
  const inner = { name: "inner", children: [child(Account, [1], { id: "leaf" })] } as const
  await using outer = await supervise({ children: [subtree(inner, { id: "inner" })] })
  const { ref } = outer.child("inner")
  const leaf = (await ref.ask.child("leaf")) as ActorRef<Account>
  const again = new Promise<void>((resolve) => {
    monitor(leaf as unknown as ActorRef<unknown>, () => resolve())
  })
  ref.kill()
  await again
  assert.equal(await leaf.ask.deposit(1), 2)
  assert.equal(await ref.ask.child("leaf"), leaf)
})

test("who is supervised from an isolate that dies goes with it, wherever it lives", async () => {
  const gardener = await spawn(Gardener, [], { on: 1 })
  const leaf = await gardener.ask.raise(2)
  assert.equal(leaf.statistics().isolate, 2)
  await assert.rejects(gardener.ask.die(), IsolateDiedError)
  assert.equal((await leaf.exited).reason, "killed")
})

/** Runs the program of two trees, and what it says. */
function program(...args: string[]): { process: ChildProcess; said: Promise<string> } {
  const file = new URL("./tree-program.ts", import.meta.url).pathname
  const child = spawnProcess(process.execPath, [...process.execArgv, file, ...args])
  let text = ""
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part
    if (part.includes("ready\n") && args.includes("wait")) child.kill("SIGINT")
  })
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    text += part
  })
  return { process: child, said: once(child, "close").then(() => text) }
}

for (const where of [[], ["abroad"]]) {
  const both = where.length === 0 ? "of main" : "in two isolates"

  test(`shutdown ends the trees ${both}, the last first, each from its last child`, async () => {
    const { process: child, said } = program("shutdown", ...where)
    const text = await said
    assert.match(text, /ready\nstop 4\nstop 3\nstop 2\nstop 1\nover\n/)
    assert.equal(child.exitCode, 0)
  })

  test(`shutdown names those who did not stop, ${both}`, async () => {
    const { said } = program("shutdown", "stubborn", ...where)
    assert.match(await said, /ERR_HEDDLE_SHUTDOWN_TIMEOUT.*child stubborn of second/)
  })

  test(`an interrupted program ends its trees in order, ${both}`, async () => {
    const { process: child, said } = program("wait", ...where)
    assert.match(await said, /ready\nstop 4\nstop 3\nstop 2\nstop 1\n/)
    assert.equal(child.exitCode, 130)
  })
}

test("an interrupted program names those who did not stop", async () => {
  const { process: child, said } = program("wait", "stubborn")
  assert.match(await said, /interrupted: ShutdownTimeoutError: .* child stubborn of second$/m)
  assert.equal(child.exitCode, 130)
})

test("a tree whose isolate dies while it ends is over, and the others are ended", async () => {
  const { process: child, said } = program("shutdown", "dying", "abroad")
  assert.match(await said, /ready\nstop 2\nstop 1\nover\n/)
  assert.equal(child.exitCode, 0)
})

test("a tree that begins while the program ends is ended, too", async () => {
  const { process: child, said } = program("shutdown", "late")
  const text = await said
  assert.match(text, /^ready\n(stop [1-5]\n){5}over\n$/)
  assert.match(text, /stop 5\n/)
  assert.equal(child.exitCode, 0)
})
