import assert from "node:assert/strict"
import { after, describe, it } from "node:test"
import { Actor, spawn, supervise } from "../../src/actor/index.ts"
import { channel } from "../../src/channel/index.ts"
import { ActorStoppedError, PythonError } from "../../src/errors.ts"
import {
  type Interpreter,
  interpreter,
  interpreterChild,
  pythonActor,
  pythonChild,
} from "../../src/python/index.ts"

class Account extends Actor {
  balance = 0

  deposit(amount: number): number {
    if (amount < 0) throw new RangeError("negative")
    this.balance += amount
    return this.balance
  }

  never(): Promise<void> {
    return new Promise(() => {})
  }
}

const GET = ":same.__globals__.get"

const COUNTER = `
import os
class Counter:
    def __init__(self, n=0):
        self.n = n

    def add(self, k):
        self.n += k
        return self.n

    async def later(self, k):
        import asyncio
        await asyncio.sleep(0)
        return self.n + k

    def fail(self):
        raise ValueError("bad")

    def die(self):
        os._exit(3)

    def on_stop(self, reason):
        heard.append(reason)

heard = []
def same(value): return value
`

describe("actors between TypeScript and Python", async () => {
  const py: Interpreter = await interpreter()
  after(() => py.terminate())
  await py.exec(`import asyncio, heddle\n${COUNTER}`)

  it("asks and tells actors of TypeScript", async () => {
    const account = await spawn(Account, [], { on: "here" })
    await py.exec("first = account.ask.deposit(10)\naccount.tell.deposit(1)", {
      globals: { account },
    })
    assert.equal(await py.call(GET, "first"), 10)
    assert.equal(await account.ask.deposit(0), 11)
    await py.exec("all = await asyncio.gather(*[account.ask_async.deposit(1) for _ in range(3)])")
    assert.deepEqual(await py.call(GET, "all"), [12, 13, 14])
    const back = await py.call(GET, "account")
    assert.equal(back, account)
  })

  it("raises the actor's error, the end of the actor, and a timeout", async () => {
    const account = await spawn(Account, [], { on: "here" })
    const outcome = async (code: string): Promise<unknown> => {
      const text = `try: ${code}\nexcept Exception as e: got = [type(e).__name__, str(e)]`
      await py.exec(text, { globals: { account } })
      return await py.call(GET, "got")
    }
    assert.deepEqual(await outcome("account.ask(timeout=0.01).never()"), [
      "TimeoutError",
      "no answer to never for 0.01 s",
    ])
    account.kill()
    await account.exited
    const other = await spawn(Account, [], { on: "here" })
    await py.exec("account = other", { globals: { other } })
    const failed =
      "try: other.ask.deposit(-1)\nexcept heddle.JavaScriptError as e: got = [e.name, str(e)]"
    await py.exec(failed)
    assert.deepEqual(await py.call(GET, "got"), ["RangeError", "negative"])
    for (const way of ["ask", "tell"]) {
      const [name] = (await outcome(`account.${way}.deposit(1)`)) as string[]
      assert.equal(name, "ActorStoppedError")
    }
  })

  it("gives Python's classes to TypeScript as actors", async () => {
    interface Counter {
      add(k: number): number
      later(k: number): number
      fail(): void
    }
    const counter = await pythonActor<Counter>(":Counter", [5], { interpreter: py })
    assert.equal(await counter.ask.add(2), 7)
    assert.equal(await counter.ask.later(1), 8)
    await py.exec("counter_seen = counter.ask.add", { globals: { counter } })
    await assert.rejects(counter.ask.fail(), PythonError)
    await counter.exited
    await assert.rejects(counter.ask.add(1), ActorStoppedError)
    assert.deepEqual(await py.call(GET, "heard"), ["failed"])
  })

  it("restarts a Python class, and an interpreter that died, under a supervisor", async () => {
    await using bank = await supervise({
      intensity: { restarts: 3, withinMs: 60_000 },
      children: [
        pythonChild(":Counter", [1], { id: "counter", setup: COUNTER }),
        interpreterChild({ id: "python", setup: "x = 1\ndef get(): return x" }),
      ],
    })
    const counter = bank.child("counter")
    assert.equal(await counter.ask.add(1), 2)
    await assert.rejects(counter.ask.die())
    assert.equal(await counter.ask.add(1), 2)
    assert.equal(counter.statistics().restarts, 1)
    const python = bank.child("python")
    assert.equal(await python.ask.call("len", [[1, 2]]), 2)
    await assert.rejects(python.ask.exec("1 / 0"), PythonError)
    await python.ask.exec("x += 1")
    assert.equal(await python.ask.call(":get"), 2)
  })

  it("runs functions in interpreters of the pool", async () => {
    const numbers = channel<number>(16)
    await py.exec(
      "def squares(ch, n):\n  for i in range(n): ch.send(i * i)\n  return n\n" +
        "tasks = [heddle.go(squares, numbers, 5) for _ in range(2)]\n" +
        "total = sum([await t for t in tasks])\nfailed = repr(heddle.go(int, 'x').exception())",
      { globals: { numbers } },
    )
    assert.equal(await py.call(GET, "total"), 10)
    assert.match(String(await py.call(GET, "failed")), /^ValueError/)
    assert.equal((await numbers.receiveMany(100)).length, 10)
  })
})

describe("options of Python actors", () => {
  it("are refused by the name of the call that was made", () => {
    const loose = { on: "main", id: "a" }
    assert.throws(() => pythonActor("m:C", [], { on: "main" } as object), {
      name: "TypeError",
      message: "pythonActor has no option on; it knows interpreter, setup, name, mailbox, whenDies",
    })
    assert.throws(() => pythonChild("m:C", [], loose), /^TypeError: pythonChild has no option on;/)
    assert.throws(() => interpreterChild(loose), /^TypeError: interpreterChild has no option on;/)
    assert.throws(() => pythonActor("m:C", [], 3 as never), /pythonActor takes .* options, .* 3$/)
    const spec = pythonChild("m:C", [], { id: "a", restart: "transient", whenDies: "redeliver" })
    assert.equal(spec.id, "a")
  })
})
