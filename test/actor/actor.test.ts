import assert from "node:assert/strict"
import { test } from "node:test"
import { openAsks } from "../../src/actor/asks.ts"
import { Actor, type ActorRef, link, register, spawn, whereis } from "../../src/actor/index.ts"
import {
  ActorStoppedError,
  DeadlockError,
  MailboxFullError,
  NameTakenError,
  NotCallableError,
  NotSendableError,
  TimeoutError,
} from "../../src/errors.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { errorOf } from "../task/support.ts"
import { Account, Box, choosy, Diary, Savings, summing } from "./actors.ts"

await start({ isolates: 2 })

/** Words that an actor and its test both see: see `Diary`. */
function words(): Int32Array {
  return sharedArray(Int32Array, 16)
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(setImmediate)
}

for (const on of ["here", 1, undefined] as const) {
  const where = on === undefined ? "anywhere" : `on ${on}`

  test(`${where}: a class is asked and told`, async () => {
    const account = await spawn(Account, [5], { on })
    await account.tell.deposit(1)
    assert.equal(await account.ask.deposit(10), 16)
    account.stop()
    assert.deepEqual(await account.exited, { reason: "normal" })
  })

  test(`${where}: one message at a time, async methods too`, async () => {
    const account = await spawn(Account, [], { on })
    const answers = Array.from({ length: 20 }, () => account.ask.slowly(1))
    assert.deepEqual(
      await Promise.all(answers),
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    account.stop()
  })

  test(`${where}: messages of one sender arrive in order`, async () => {
    const diary = await spawn(Diary, [words()], { on })
    for (let n = 0; n < 1000; n++) void diary.tell.note(n)
    assert.deepEqual(await diary.ask.note(1000), [-1, ...Array(1001).keys()])
    diary.stop()
    await diary.exited
  })

  test(`${where}: a method that throws ends the actor, and its asker gets the error`, async () => {
    const account = await spawn(Account, [], { on })
    const error = await errorOf<TypeError & { code: string }>(account.ask.fail("no"))
    assert.ok(error instanceof TypeError)
    assert.equal(error.code, "E_FAIL")
    assert.match(error.stack ?? "", /Account\.fail[\s\S]*thrown in[\s\S]*actor\.test\.ts/)
    const { reason, error: thrown } = await account.exited
    assert.equal(reason, "failed")
    assert.equal((thrown as Error).message, "no")
    const later = await errorOf<ActorStoppedError>(account.ask.deposit(1))
    assert.ok(later instanceof ActorStoppedError)
    assert.match(later.message, /Account#\d+ has stopped: failed \(no\)$/)
    assert.ok((await errorOf(account.tell.deposit(1))) instanceof ActorStoppedError)
  })

  test(`${where}: onStart runs first, onStop last, after what waited`, async () => {
    const told = words()
    const diary = await spawn(Diary, [told], { on })
    assert.equal(told[0], 1)
    const noted = diary.ask.note(1)
    diary.stop()
    const first = await Promise.allSettled([noted])
    await diary.exited
    assert.equal(told[1], 1)
    // A stop overtakes what waits: either it was handled, or its asker was told.
    if (first[0]?.status === "rejected") assert.ok(first[0].reason instanceof ActorStoppedError)
  })

  test(`${where}: kill ends an actor in the middle of a message`, async () => {
    const told = words()
    const diary = await spawn(Diary, [told], { on })
    const held = errorOf(diary.ask.hold())
    const waiting = errorOf(diary.ask.note(1))
    await until(() => Atomics.load(told, 2) === 1)
    diary.kill()
    assert.equal((await diary.exited).reason, "killed")
    assert.ok((await held) instanceof ActorStoppedError)
    assert.ok((await waiting) instanceof ActorStoppedError)
    assert.equal(told[1], 0)
    Atomics.store(told, 3, 1)
  })

  test(`${where}: a constructor that throws rejects spawn`, async () => {
    const error = await errorOf(spawn(Account, [-1], { on, name: "debtor" }))
    assert.ok(error instanceof RangeError)
    assert.equal(whereis("debtor"), undefined)
  })

  test(`${where}: timers run while the actor lives`, async () => {
    const told = words()
    const diary = await spawn(Diary, [told], { on })
    await diary.ask.startTicking()
    await until(() => Atomics.load(told, 4) >= 3)
    diary.stop()
    await diary.exited
    const ticks = Atomics.load(told, 4)
    await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(Atomics.load(told, 4), ticks)
  })

  test(`${where}: a function takes its messages itself`, async () => {
    const actor = await spawn(summing, [1], { on })
    await actor.tell({ kind: "add", n: 2 })
    assert.equal(await actor.ask({ kind: "sum" }), 3)
    actor.stop()
    assert.equal((await actor.exited).reason, "normal")
    const failing = await spawn(summing, [1], { on })
    assert.match((await errorOf(failing.ask({ kind: "fail" }))).message, /asked to fail/)
    assert.equal((await failing.exited).reason, "failed")
  })

  test(`${where}: selective receive leaves the others in order`, async () => {
    const actor = await spawn(choosy, [], { on })
    for (const text of ["b", "c", "first", "d"]) await actor.tell(text)
    assert.deepEqual(await actor.ask("order"), ["first", "b", "c", "d"])
    actor.kill()
    await actor.exited
  })

  test(`${where}: an ask to itself is a deadlock of one`, async () => {
    const account = await spawn(Account, [], { on })
    const error = await errorOf(account.ask.askMyself())
    assert.ok(error instanceof DeadlockError)
    assert.match(error.message, /Account#\d+ waits for deposit/)
    await account.exited
  })
}

test("subclasses and generic classes are typed from themselves", async () => {
  const savings = await spawn(Savings, [100])
  const grown: number = await savings.ask.interest(5)
  assert.equal(grown, 105)
  const box = await spawn(Box<string>, ["a"])
  await box.tell.set("b")
  const text: string = await box.ask.get()
  assert.equal(text, "b")
  savings.stop()
  box.stop()
})

test("references are equal when they name the same actor, wherever they have been", async () => {
  const account = await spawn(Account)
  assert.equal(await account.ask.me(), account)
  const other = await spawn(Account)
  assert.equal(await other.ask.echo(account), account)
  assert.equal(await account.ask.askSender(other), account)
  assert.equal(await account.ask.whoSent(), undefined)
  account.stop()
  other.stop()
})

test("errors call an actor by its class; one without a name by where it was written", async () => {
  class Local extends Actor {}
  const nameless = [class extends Actor {}][0] as typeof Local
  const lifted = [class extends Actor {}][0] as typeof Local
  const callable = { url: "file:///shop/app.ts?heddle=go3", exportName: "go3", line: 12 }
  Reflect.set(lifted, Symbol.for("heddle.callable"), callable)
  for (const [Class, name] of [
    [Local, /^actor Local#\d+ has stopped: normal$/],
    [nameless, /^actor#\d+ has stopped: normal$/],
    [lifted, /^actor app\.ts:12#\d+ has stopped: normal$/],
  ] as const) {
    const actor = await spawn(Class, [], { on: "here" })
    actor.stop()
    await actor.exited
    const loose = actor.ask as unknown as { anything(): Promise<unknown> }
    assert.match((await errorOf(loose.anything())).message, name)
  }
})

test("a reference in JSON is what the actor is called", async () => {
  const account = await spawn(Account, [], { on: "here" })
  assert.match(JSON.stringify({ account }), /^{"account":"ActorRef Account#\d+"}$/)
  account.stop()
})

test("a question may be limited; a late answer is dropped", async () => {
  const told = words()
  const diary = await spawn(Diary, [told])
  const late = await errorOf(diary.ask.with({ timeoutMs: 1 }).hold())
  assert.ok(late instanceof TimeoutError)
  const controller = new AbortController()
  const aborted = errorOf(diary.ask.with({ signal: controller.signal }).note(1))
  controller.abort(new Error("enough"))
  assert.equal((await aborted).message, "enough")
  Atomics.store(told, 3, 1)
  assert.deepEqual(await diary.ask.note(2), [-1, 1, 2])
  diary.stop()
  await diary.exited
  assert.equal(openAsks(), 0)
})

test("a full mailbox: wait, fail, drop the oldest, drop the newest", async () => {
  const held = async (whenFull: "wait" | "fail" | "drop-oldest" | "drop-newest") => {
    const told = words()
    const diary = await spawn(Diary, [told], { mailbox: { capacity: 2, whenFull } })
    void diary.ask.hold()
    await until(() => Atomics.load(told, 2) === 1)
    const taken = await Promise.allSettled([1, 2].map((n) => diary.tell.note(n)))
    assert.deepEqual(
      taken.map(({ status }) => status),
      ["fulfilled", "fulfilled"],
    )
    return { diary, go: () => Atomics.store(told, 3, 1) }
  }
  const fail = await held("fail")
  assert.ok((await errorOf(fail.diary.ask.note(3))) instanceof MailboxFullError)
  fail.go()
  const oldest = await held("drop-oldest")
  await oldest.diary.tell.note(3)
  oldest.go()
  await until(() => oldest.diary.statistics().depth === 0)
  assert.deepEqual(await oldest.diary.ask.note(4), [-1, 2, 3, 4])
  const newest = await held("drop-newest")
  assert.ok((await errorOf(newest.diary.ask.note(3))) instanceof MailboxFullError)
  newest.go()
  await until(() => newest.diary.statistics().depth === 0)
  assert.deepEqual(await newest.diary.ask.note(4), [-1, 1, 2, 4])
  const wait = await held("wait")
  const rest = [3, 4, 5].map((n) => wait.diary.tell.note(n))
  await until(() => wait.diary.statistics().waitingSenders === 3)
  wait.go()
  await Promise.all(rest)
  assert.deepEqual(await wait.diary.ask.note(6), [-1, 1, 2, 3, 4, 5, 6])
  for (const { diary } of [fail, oldest, newest, wait]) diary.stop()
})

test("who waits for room hears that the actor is gone", async () => {
  const told = words()
  const diary = await spawn(Diary, [told], { mailbox: { capacity: 1 } })
  void diary.ask.hold().catch(() => {})
  await until(() => Atomics.load(told, 2) === 1)
  await diary.tell.note(1)
  const waiting = errorOf(diary.tell.note(2))
  const asking = errorOf(diary.ask.note(3))
  diary.kill()
  assert.ok((await waiting) instanceof ActorStoppedError)
  assert.ok((await asking) instanceof ActorStoppedError)
  Atomics.store(told, 3, 1)
})

test("each of those told at once hears of its own message", async (t) => {
  const told = words()
  const letGo = () => {
    Atomics.store(told, 3, 1)
    Atomics.notify(told, 3)
  }
  t.after(letGo)
  const diary = await spawn(Diary, [told], { on: 1, mailbox: { capacity: 2 } })
  const blocking = diary.ask.block()
  await until(() => Atomics.load(told, 2) === 1)
  const taken: number[] = []
  const all = [1, 2, 3].map((n) => diary.tell.note(n).then(() => taken.push(n)))
  const ended = Promise.allSettled([...all, blocking])
  await until(() => diary.statistics().waitingSenders === 1)
  await new Promise(setImmediate)
  assert.deepEqual(taken, [1, 2])
  diary.kill()
  letGo()
  const third = (await ended)[2]
  assert.ok(third?.status === "rejected" && third.reason instanceof ActorStoppedError)
  assert.deepEqual(taken, [1, 2])
})

test("names: found from any isolate, taken once, free again at the end", async () => {
  const account = await spawn(Account, [], { name: "bank" })
  assert.equal(whereis("bank"), account)
  assert.ok((await errorOf(spawn(Account, [], { name: "bank" }))) instanceof NameTakenError)
  const other = await spawn(Account)
  assert.throws(() => register("bank", other), { code: "ERR_HEDDLE_NAME_TAKEN" })
  assert.throws(() => register("", other), RangeError)
  account.stop()
  await account.exited
  assert.equal(whereis("bank"), undefined)
  register("bank", other)
  assert.equal(whereis("bank"), other)
  other.stop()
  await other.exited
  assert.throws(() => register("bank", other), ActorStoppedError)
})

test("who tells an actor that is gone and does not wait goes on; who waits is told", async () => {
  const gone = await spawn(Account, [], { on: 2 })
  gone.stop()
  await gone.exited
  const teller = await spawn(Account, [], { on: 1 })
  await teller.ask.tellAndForget(gone)
  await teller.ask.tellAndForget(gone)
  assert.equal(teller.statistics().state, "running")
  void gone.tell.deposit(1)
  assert.ok((await errorOf(gone.tell.deposit(1))) instanceof ActorStoppedError)
  teller.stop()
  await teller.exited
})

test("who tells a full mailbox and does not wait goes on, too", async () => {
  for (const whenFull of ["fail", "wait"] as const) {
    const busy = await spawn(Account, [], { on: "here", mailbox: { capacity: 1, whenFull } })
    void busy.tell.never()
    await new Promise(setImmediate)
    void busy.tell.deposit(1)
    void busy.tell.deposit(1)
    busy.kill()
    await busy.exited
  }
})

test("bad input: typed errors, and the actor goes on", async () => {
  const account = await spawn(Account)
  const loose = account as unknown as ActorRef<{
    nothing(): void
    onStop(): void
    constructor(): void
  }>
  assert.ok((await errorOf(loose.ask.nothing())) instanceof NotCallableError)
  const base = account.ask as unknown as Record<string, () => Promise<unknown>>
  for (const name of ["onStop", "constructor", "toString", "after"])
    assert.ok((await errorOf(base[name]?.() as Promise<unknown>)) instanceof NotCallableError, name)
  await assert.rejects(async () => await account.ask.echo(() => {}), NotSendableError)
  await assert.rejects(async () => await account.tell.echo(Symbol("no")), NotSendableError)
  await assert.rejects(async () => await account.ask.unsendable(), NotSendableError)
  assert.equal(await account.ask.deposit(1), 1)
  account.stop()
  await assert.rejects(spawn(5 as never), TypeError)
  await assert.rejects(spawn(class Nameless extends Actor {}), { code: "ERR_HEDDLE_NOT_CALLABLE" })
  await assert.rejects(spawn(Account, [], { on: 40 }), RangeError)
  await assert.rejects(spawn(Account, [], { mailbox: { capacity: 0 } }), RangeError)
  await assert.rejects(spawn(Account, [], { whenfull: "wait" } as never), /no option whenfull/)
  assert.throws(() => new Account(1), /start it with spawn\(Account\)/)
  assert.throws(() => link(account, {} as never), /an actor of this runtime/)
  assert.throws(() => account.ask.with({ timeoutMs: -1 }), RangeError)
})

test("a class without a name lives here", async () => {
  class Local extends Actor {
    twice(n: number): number {
      return n * 2
    }
  }
  const local = await spawn(Local, [], { on: "here" })
  assert.equal(await local.ask.twice(4), 8)
  local.stop()
})

test("actors are spread over the isolates", async () => {
  const actors = await Promise.all(Array.from({ length: 10 }, () => spawn(Account)))
  const homes = await Promise.all(actors.map((account) => account.ask.isolate()))
  assert.deepEqual(new Set(homes), new Set([1, 2]))
  for (const account of actors) account.stop()
  await Promise.all(actors.map(({ exited }) => exited))
})

test("an onStart that the instance has by itself comes before the first message, too", async () => {
  class Late extends Actor {
    readonly events: string[] = []
    constructor(fails: boolean) {
      super()
      this.onStart = async () => {
        void this.self.tell.note("told")
        await new Promise(setImmediate)
        if (fails) throw new RangeError("not today")
        this.events.push("started")
      }
    }
    note(event: string): string[] {
      this.events.push(event)
      return this.events
    }
  }
  const late = await spawn(Late, [false], { on: "here" })
  assert.deepEqual(await late.ask.note("asked"), ["started", "told", "asked"])
  late.stop()
  await assert.rejects(spawn(Late, [true], { on: "here" }), /RangeError: not today/)
})
