/** A caller's mistakes: each a typed error that names what was given; all goes on afterwards. */
import assert from "node:assert/strict"
import { after, test } from "node:test"
import {
  Actor,
  type ActorInbox,
  type ActorRef,
  child,
  link,
  monitor,
  pool,
  register,
  spawn,
  supervise,
  whereis,
} from "../../src/actor/index.ts"
import { subtree } from "../../src/actor/supervisor.ts"
import {
  ActorStoppedError,
  ChildStartError,
  DeadlockError,
  NameTakenError,
  NotCallableError,
  NotSendableError,
} from "../../src/errors.ts"
import { move } from "../../src/internal/wire/move.ts"
import { start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Account } from "./actors.ts"

await start({ isolates: 2 })
const account = await spawn(Account, [1], { on: 1 })
after(() => account.kill())

/** Whoever was wronged before answers still. */
async function usable(): Promise<void> {
  const balance = await account.ask.deposit(0)
  assert.equal(balance, 1)
  const another = await spawn(Account, [2])
  assert.equal(await another.ask.deposit(1), 3)
  another.stop()
  await another.exited
}

test("a constructor that throws", async () => {
  for (const on of ["here", 1] as const) {
    const error = await errorOf(spawn(Account, [-1], { on, name: "debtor" }))
    assert.ok(error instanceof RangeError)
    assert.match(error.message, /a debt is no balance/)
    assert.equal(whereis("debtor"), undefined)
  }
  const children = [child(Account, [-1], { id: "debtor" })]
  const failed = await errorOf<ChildStartError>(supervise({ children }))
  assert.ok(failed instanceof ChildStartError)
  assert.ok(failed.cause instanceof RangeError)
  await usable()
})

test("a method that does not exist, or is the runtime's", async () => {
  const loose = account.ask as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  const names = ["nothing", "onStart", "constructor", "self", "balance", "toString", "__proto__"]
  for (const name of names) {
    const error = await errorOf<NotCallableError>(loose[name]?.(1) as Promise<unknown>)
    assert.ok(error instanceof NotCallableError, name)
    assert.match(error.message, new RegExp(`Account#\\d+ has no method ${name}`))
  }
  await usable()
})

test("a message that cannot be sent names where", async () => {
  const outer = { user: { onClick: () => {} } }
  const one = await errorOf(account.ask.echo(outer))
  assert.ok(one instanceof NotSendableError)
  assert.match(one.message, /args\[0\]\.user\.onClick/)
  const loose = account.ask as unknown as { echo(...args: unknown[]): Promise<unknown> }
  const second = await errorOf(loose.echo(1, "two", [outer]))
  assert.match(second.message, /args\[2\]\[0\]\.user\.onClick/)
  assert.ok((await errorOf(account.tell.echo(Symbol("s")))) instanceof NotSendableError)
  const answer = await errorOf(account.ask.unsendable())
  assert.ok(answer instanceof NotSendableError)
  const start = await errorOf(spawn(Account, [outer as unknown as number]))
  assert.ok(start instanceof NotSendableError)
  assert.match(start.message, /^args\[0\]\.user\.onClick/)
  await usable()
})

test("a name that is taken, or is none", async () => {
  const first = await spawn(Account, [], { name: "vault" })
  assert.ok((await errorOf(spawn(Account, [], { name: "vault" }))) instanceof NameTakenError)
  assert.throws(() => register("other", first), NameTakenError)
  assert.equal(whereis("other"), undefined)
  for (const [name, Kind] of [
    ["", RangeError],
    ["x".repeat(201), RangeError],
    [5 as unknown as string, TypeError],
  ] as const)
    assert.throws(() => register(name, account), Kind)
  first.stop()
  await first.exited
  await usable()
})

test("what is no reference of this runtime", () => {
  const forged = { id: account.id, ask: {}, tell: {} } as unknown as ActorRef<unknown>
  for (const wrong of [forged, null, "bank", account.ask] as unknown as ActorRef<unknown>[]) {
    const known = account as unknown as ActorRef<unknown>
    assert.throws(() => link(wrong, known), /TypeError: an actor of this runtime is needed/)
    assert.throws(() => link(known, wrong), /an actor of .*, received .* as the second/s)
    assert.throws(() => monitor(wrong, () => {}), TypeError)
    assert.throws(() => register("forged", wrong), TypeError)
  }
  assert.equal(whereis("forged"), undefined)
})

test("a question to itself is a deadlock of one", async () => {
  const own = await spawn(Account)
  const error = await errorOf<DeadlockError>(own.ask.askMyself())
  assert.ok(error instanceof DeadlockError)
  assert.match(error.message, /Account#\d+ waits for deposit of Account#\d+, which is itself/)
  await own.exited
  await usable()
})

test("who asks itself as it starts or stops is told, too", async () => {
  class Starting extends Account {
    override async onStart(): Promise<void> {
      await this.self.ask.deposit(1)
    }
  }
  class Stopping extends Account {
    override async onStop(): Promise<void> {
      await this.self.ask.deposit(1)
    }
  }
  assert.ok((await errorOf(spawn(Starting, [], { on: "here" }))) instanceof DeadlockError)
  const stopping = await spawn(Stopping, [], { on: "here" })
  stopping.stop()
  assert.ok((await stopping.exited).error instanceof DeadlockError)
})

test("a constructor may ask its own actor: the answer comes when it has started", async () => {
  class Asking extends Account {
    readonly later: Promise<number> = this.self.ask.deposit(1)
    async first(): Promise<number> {
      return await this.later
    }
  }
  const asking = await spawn(Asking, [], { on: "here" })
  assert.equal(await asking.ask.first(), 1)
  asking.kill()
})

test("who ends an actor while it starts ends the start, and it says how", async () => {
  class Slow extends Account {
    override async onStart(): Promise<void> {
      this.self.kill()
      await new Promise(setImmediate)
    }
  }
  const error = await errorOf<ActorStoppedError>(spawn(Slow, [], { on: "here" }))
  assert.ok(error instanceof ActorStoppedError)
  assert.match(error.message, /has stopped: killed$/)
  assert.deepEqual(error.reason, { reason: "killed" })
})

test("a function that throws at once has started, and its exit says why", async () => {
  const Uncallable = Account.bind(null) as unknown as () => void
  const throwing = (): never => {
    throw new RangeError("at once")
  }
  for (const [code, pattern] of [
    [Uncallable, /without 'new'/],
    [throwing, /at once/],
    [async () => throwing(), /at once/],
  ] as const) {
    const ref = await spawn(code, [], { on: "here" })
    const { reason, error } = await ref.exited
    assert.equal(reason, "failed")
    assert.match(`${error}`, pattern)
  }
})

test("options that nobody knows, limits that make no sense", async () => {
  const loose = (options: object): Promise<unknown> => spawn(Account, [], options)
  for (const [options, pattern] of [
    [{ nam: "x" }, /spawn has no option nam/],
    [{ mailbox: { size: 3 } }, /mailbox has no option size/],
    [{ mailbox: { capacity: 1.5 } }, /mailbox.capacity must be a whole number from 1/],
    [{ mailbox: { whenFull: "explode" } }, /received "explode"/],
    [{ whenDies: "retry" }, /whenDies is drop or redeliver, received "retry"/],
    [{ mailbox: { whenFull: {} } }, /received an object/],
    [{ on: 63 }, /on must be/],
    [{ on: "1" }, /received "1"/],
    [{ name: 5 }, /a name is a string, received 5/],
    [{ name: "é".repeat(101) }, /a name has 1 to 200 bytes, received 202: "é+"…/],
    [{ on: "moon" }, /received "moon"/],
  ] as const)
    assert.match(`${await errorOf(loose(options))}`, pattern)
  assert.throws(() => account.ask.with({ timeoutMs: NaN }), /received NaN/)
  assert.throws(() => account.ask.with({ timeout: 3 } as never), /no option timeout/)
  await usable()
})

test("children that cannot be", async () => {
  const one = child(Account, [], { id: "one" })
  const loose = (options: object): Promise<unknown> => supervise(options)
  for (const [options, pattern] of [
    [{ children: [one, one] }, /two children have the id "one"/],
    [{ children: [one, {}] }, /a child is made by child.*; children\[1\] is an object/],
    [{ strategy: "one-for-none" }, /strategy must be one of/],
    [{ intensity: { restarts: -1, withinMs: 1 } }, /intensity.restarts must be from 0/],
    [{ intensity: { restarts: 1.5, withinMs: 1 } }, /must be a whole number/],
    [{ intensity: { restarts: 1, withinMs: 0 } }, /withinMs must be above 0/],
    [{ backoff: { minMs: 5, maxMs: 1, factor: 2 } }, /backoff.maxMs must be from 5/],
    [{ strategy: "simple-one-for-one", children: [] }, /one child, the template/],
    [{ childs: [] }, /supervise has no option "childs"/],
  ] as const)
    assert.match(`${await errorOf(loose(options))}`, pattern)
  const wrong = (options: object) => () => child(Account, [], options as { id: string })
  assert.throws(wrong({ id: "" }), /id must be a string that is not empty/)
  assert.throws(wrong({ id: "x", shutdownMs: -1 }), RangeError)
  assert.throws(wrong({ id: "x", restart: "always" }), /restart must be one of/)
  assert.throws(wrong({ id: "x", retries: 2 }), /child has no option "retries"/)
  assert.throws(() => subtree({ children: [one, one] }, { id: "tree" }), RangeError)
  await usable()
})

test("a moved buffer is no argument of an actor that starts again", async () => {
  const bytes = new Uint8Array(1 << 16)
  const moved = (): number => move(bytes) as unknown as number
  const children = [child(Account, [moved()], { id: "one" })]
  assert.match(`${await errorOf(supervise({ children }))}`, /TypeError: .*a moved buffer/)
  await usable()
})

test("a function actor takes any message", async () => {
  const echo = async (inbox: ActorInbox<string>): Promise<void> => {
    for await (const text of inbox) inbox.reply(text)
  }
  const actor = await spawn(echo, [], { on: "here" })
  assert.equal(await actor.ask("a"), "a")
  actor.kill()
  await actor.exited
})

test("a wait for a message with options that nobody knows", async () => {
  const errors: string[] = []
  const waiting = async (inbox: ActorInbox<string>): Promise<void> => {
    const match = "hello" as unknown as undefined
    for (const args of [[match], [undefined, { timeout: 1 }], [undefined, { timeoutMs: NaN }]]) {
      try {
        await inbox.receive(...(args as []))
      } catch (error) {
        errors.push(String(error))
      }
    }
  }
  const actor = await spawn(waiting, [], { on: "here" })
  await actor.exited
  assert.match(errors[0] ?? "", /TypeError: receive takes a function, received "hello"/)
  assert.match(errors[1] ?? "", /TypeError: receive has no option timeout/)
  assert.match(errors[2] ?? "", /RangeError: .* received NaN/)
})

test("what is no actor's code, nor its arguments", async () => {
  const loose = spawn as (...args: unknown[]) => Promise<unknown>
  const here = { on: "here" }
  class Plain {}
  for (const [args, pattern] of [
    [[undefined, [], here], /an actor is of a class or a function, received undefined/],
    [[null], /received null/],
    [[Plain, [], here], /^TypeError: class Plain does not extend Actor/],
    [[class {}, [], here], /^TypeError: a class without a name does not extend Actor/],
    [[function* () {}, [], here], /an actor is no generator function: await inbox.receive\(\)/],
    [[async function* () {}, []], /an actor is no generator function/],
    [[Account, "x"], /the arguments of an actor are an array, received "x"/],
    [[Account, [], null], /spawn takes an object of options, received null/],
  ] as const)
    assert.match(`${await errorOf(loose(...args))}`, pattern)
  assert.throws(() => child(Plain as never, [], { id: "x" }), /class Plain does not extend Actor/)
  const many = pool as (...args: unknown[]) => Promise<unknown>
  assert.match(`${await errorOf(many(Account, [], 3))}`, /pool takes an object of options/)
  assert.match(`${await errorOf(many(Account, [], { sise: 3 }))}`, /pool has no option sise/)
  await usable()
})

test("a class that other isolates cannot find is called one, with what names it", async () => {
  class Local extends Actor {}
  const begin = /^NotCallableError: class Local cannot live in another isolate: /
  const end = /: `static { actor\(import\.meta\.url, "Local", Local\) }` in an exported class$/
  const transform = Symbol.for("heddle.register")
  for (const isActive of [false, true]) {
    if (isActive) Reflect.set(globalThis, transform, true)
    const message = `${await errorOf(spawn(Local))}`
    Reflect.deleteProperty(globalThis, transform)
    assert.match(message, begin)
    assert.match(message, end)
    assert.equal(message.includes("cannot find `class Local extends Actor {"), isActive)
  }
})

test("of what other isolates cannot find, the message names what to write", async () => {
  const nameless = `${await errorOf(spawn(class extends Actor {}))}`
  assert.match(nameless, /: a class without a name cannot live in another isolate: /)
  assert.match(nameless, /`static { actor\(import\.meta\.url, "Name", this\) }`/)
  const fn = `${await errorOf(spawn(async function waiter() {}))}`
  assert.match(fn, /: waiter cannot be an actor in another isolate: /)
  assert.match(fn, /`export const work = actor\(import\.meta\.url, "work", fn\)`$/)
})

test("limits of questions, listeners and timers are what they should be", async () => {
  const { with: limited } = account.ask
  assert.throws(() => limited({ timeoutMs: "5" } as never), /received "5"/)
  assert.throws(() => limited({ signal: 5 } as never), /ask.with takes an AbortSignal/)
  assert.throws(() => monitor(account, undefined as never), /monitor takes a function/)
  class Ticking extends Actor {
    try(ms: unknown, method: unknown): void {
      this.every(ms as number, method as string)
    }
  }
  const refuse = async (ms: unknown, method: unknown, pattern: RegExp): Promise<void> => {
    const ticking = await spawn(Ticking, [], { on: "here" })
    assert.match(`${await errorOf(ticking.ask.try(ms, method))}`, pattern)
  }
  await refuse(NaN, "tick", /^RangeError: every takes a number of milliseconds from 0, .* NaN/)
  await refuse(-1, "tick", /received -1/)
  await refuse(1, 5, /^TypeError: every takes the name of a method, received 5/)
})

test("a reason to stop that cannot be sent is refused, and the actor lives", async () => {
  const own = await spawn(Account)
  assert.throws(() => own.stop(() => "enough"), { code: "ERR_HEDDLE_NOT_SENDABLE" })
  assert.equal(own.statistics().state, "running")
  own.stop("enough")
  assert.deepEqual(await own.exited, { reason: "normal", detail: "enough" })
})

test("what a getter threw is the cause, whatever the value is called", async () => {
  const thrown = new Error("no")
  const bad = {
    get balance(): number {
      throw thrown
    },
  }
  const error = (await errorOf(
    spawn(Account, [bad as unknown as number], { on: 1 }),
  )) as NotSendableError
  assert.ok(error instanceof NotSendableError)
  assert.deepEqual([error.path, error.cause], ["args[0].balance", thrown])
  await usable()
})
