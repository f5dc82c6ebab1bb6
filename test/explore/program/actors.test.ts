/** Explored programs with actors: messages, starts, exits and restarts are choices. */
import assert from "node:assert/strict"
import { test } from "node:test"
import {
  Actor,
  type ActorInbox,
  type ActorRef,
  child,
  link,
  monitor,
  spawn,
  supervise,
  whereis,
} from "../../../src/actor/index.ts"
import { ChildStartError } from "../../../src/errors.ts"
import { type ExploreOptions, explore } from "../../../src/explore/index.ts"
import {
  type Channel,
  channel,
  go,
  IsolateDiedError,
  sharedArray,
  shutdown,
} from "../../../src/index.ts"
import { failureOf } from "./support.ts"

class Account extends Actor {
  balance: number
  constructor(balance = 0) {
    super()
    this.balance = balance
  }
  deposit(amount: number): number {
    this.balance += amount
    return this.balance
  }
  get(): number {
    return this.balance
  }
  set(balance: number): void {
    this.balance = balance
  }
  fail(): never {
    throw new RangeError("no")
  }
}

/** Asks another while it handles a message. */
class Partner extends Actor {
  other: ActorRef<Partner> | undefined
  meet(other: ActorRef<Partner>): void {
    this.other = other
  }
  async dance(): Promise<string> {
    return `with ${await this.other?.ask.name()}`
  }
  name(): string {
    return "partner"
  }
  async wait(jobs: Channel<number>): Promise<number> {
    return jobs.receive()
  }
}

/** An isolate may die before its actor has started, which whoever starts it hears. */
function notStarted(error: Error): undefined {
  assert.ok(error instanceof ChildStartError || error instanceof IsolateDiedError)
}

async function outcomesOf(program: () => unknown, options: ExploreOptions = {}) {
  const outcomes = new Set<string>()
  const note = async () => outcomes.add(JSON.stringify(await program()))
  const result = await explore(note, options)
  return { ...result, outcomes: [...outcomes].sort() }
}

for (const on of ["here", undefined] as const) {
  test(`${on ?? "elsewhere"}: asked and told, in all orders and by chance`, async (t) => {
    const program = async () => {
      const account = await spawn(Account, [5], { on })
      const add = async (to: ActorRef<Account>, n: number) => to.ask.deposit(n)
      await account.tell.deposit(1)
      const sums = await Promise.all([go(add, account, 10), go(add, account, 20)])
      return [...sums, await account.ask.get()]
    }
    const all = await outcomesOf(program)
    assert.equal(all.exhaustive, true)
    assert.deepEqual(all.outcomes, ["[16,36,36]", "[36,26,36]"])
    const some = await outcomesOf(program, { strategy: "random", schedulesMax: 50 })
    assert.deepEqual(some.outcomes, all.outcomes)
    t.diagnostic(all.line)
  })

  test(`${on ?? "elsewhere"}: two that ask each other are a deadlock, with the cycle`, async () => {
    const failure = await failureOf(async () => {
      const [a, b] = [await spawn(Partner, [], { on }), await spawn(Partner, [], { on })]
      await Promise.all([a.ask.meet(b), b.ask.meet(a)])
      await Promise.all([a.ask.dance(), b.ask.dance()])
    })
    assert.equal(failure.kind, "deadlock")
    assert.match(
      failure.message,
      /Partner#(\d) -> Partner#\d -> Partner#\1: each waits for the next/,
    )
    assert.match(failure.message, /Partner#1 waits: ask name Partner#2 at actors\.test\.ts:\d+/)
    assert.match(failure.message, /Partner#2 waits: ask name Partner#1 at actors\.test\.ts:\d+/)
  })
}

test("a failure with actors is repeated by its schedule", async () => {
  const program = async () => {
    const account = await spawn(Account)
    const add = async (to: ActorRef<Account>) => to.ask.set((await to.ask.get()) + 1)
    await Promise.all([go(add, account), go(add, account)])
    assert.equal(await account.ask.get(), 2)
  }
  for (const strategy of ["random", "pct", "exhaustive"] as const) {
    const first = await failureOf(program, { strategy })
    const again = await failureOf(program, { replay: first.schedule })
    assert.equal(again.schedule, first.schedule)
    assert.match(first.message, /hear ask get Account#1 +0/)
  }
})

test("an actor that waits for messages at the end is no trouble, a stuck one is", async () => {
  await explore(async () => void (await spawn(Account)))
  await explore(async () => {
    await spawn(async (inbox: ActorInbox<string>) => inbox.receive((text) => text === "never"))
  })
  for (const on of ["here", undefined] as const) {
    const failure = await failureOf(async () => {
      const partner = await spawn(Partner, [], { on })
      await partner.tell.wait(channel<number>(1))
    })
    assert.equal(failure.kind, "partial deadlock")
    assert.match(failure.message, /Partner#1/)
  }
})

test("messages that nobody has handled are a leak, when asked", async () => {
  const leave = async () => {
    const actor = await spawn(async (inbox: ActorInbox<string>) => {
      await inbox.receive((text) => text === "first")
    })
    await actor.tell("second")
  }
  await explore(leave)
  assert.equal((await failureOf(leave, { leaks: "all" })).kind, "leak")
})

test("with deaths: the asker is told, or the restarted actor gets the message again", async () => {
  const run = (whenDies: "drop" | "redeliver") => async () => {
    const handled = sharedArray(Int32Array, 1)
    class Worker extends Actor {
      work(words: Int32Array): number {
        Atomics.add(words, 0, 1)
        return Atomics.load(words, 0)
      }
    }
    const spec = child(Worker, [], { id: "w", whenDies })
    const tree = await supervise({ children: [spec] }).catch(notStarted)
    if (tree === undefined) return "not started"
    const answer = await tree
      .child("w")
      .ask.work(handled)
      .then(
        () => "done",
        (error: unknown) => (error instanceof IsolateDiedError ? "died" : String(error)),
      )
    return [answer, Atomics.load(handled, 0)]
  }
  const dropped = await outcomesOf(run("drop"), { kill: true })
  assert.equal(dropped.exhaustive, true)
  assert.deepEqual(dropped.outcomes, ['"not started"', '["died",0]', '["died",1]', '["done",1]'])
  const again = await outcomesOf(run("redeliver"), { kill: true })
  assert.equal(again.exhaustive, true)
  // Handled, told twice to handle it after a death that came too late, or before it did anything.
  assert.deepEqual(again.outcomes, ['"not started"', '["done",1]', '["done",2]'])
  assert.ok(dropped.kills > 2 && again.kills > 2)
})

test("with deaths: what waits is handled after the restart, in order", async () => {
  class Log extends Actor {
    noted: number[] = []
    note(n: number): number[] {
      this.noted.push(n)
      return this.noted
    }
  }
  const { outcomes, exhaustive } = await outcomesOf(
    async () => {
      const spec = child(Log, [], { id: "log" })
      const tree = await supervise({ children: [spec] }).catch(notStarted)
      if (tree === undefined) return "not started"
      const log = tree.child("log")
      const told = [1, 2].map((n) => log.ask.note(n).catch(() => "died"))
      return [await told[0], await told[1]]
    },
    { kill: true },
  )
  assert.equal(exhaustive, true)
  assert.deepEqual(outcomes, [
    '"not started"',
    '["died",[2]]',
    '[[1],"died"]',
    "[[1],[1,2]]",
    "[[1],[2]]",
  ])
})

test("with deaths: an actor without a supervisor is gone, with what is linked to it", async () => {
  const { outcomes } = await outcomesOf(
    async () => {
      const [a, b] = [
        await spawn(Account, [], { name: "a" }).catch(notStarted),
        await spawn(Account).catch(notStarted),
      ]
      if (a === undefined || b === undefined) return "not started"
      link(a, b)
      const heard = new Promise<string>((resolve) => {
        monitor(b, ({ reason }) => resolve(reason.reason))
      })
      await a.ask.fail().catch(() => {})
      return [await heard, (await a.exited).reason, whereis("a") === undefined]
    },
    { kill: true },
  )
  assert.deepEqual(outcomes, [
    '"not started"',
    '["failed","failed",true]',
    '["isolate-died","failed",true]',
    '["isolate-died","isolate-died",true]',
  ])
})

test("with deaths: a supervisor in a task dies with its isolate, and its actors too", async () => {
  const { outcomes, kills } = await outcomesOf(
    async () => {
      const found = channel<ActorRef<Account>>(1)
      const own = async (out: Channel<ActorRef<Account>>) => {
        const tree = await supervise({ children: [child(Account, [], { id: "a" })] })
        await out.send(tree.child("a"))
        await tree.stop()
      }
      const task = go(own, found)
      task.catch(() => {})
      const end = await task.then(
        () => "ended",
        () => "died",
      )
      const got = found.tryReceive()
      return [end, got.state === "ok" ? (await got.value.exited).reason : "not heard of"]
    },
    { kill: true, strategy: "random", schedulesMax: 400 },
  )
  assert.ok(kills > 0)
  for (const outcome of outcomes) {
    const [end, reason] = JSON.parse(outcome)
    const reasons =
      end === "ended"
        ? ["shutdown", "isolate-died"]
        : ["isolate-died", "killed", "not heard of", "shutdown"]
    assert.ok(reasons.includes(reason), outcome)
  }
})

test("timers of actors are simulated, and end with them and with the program", async () => {
  class Clock extends Actor {
    ticks = 0
    override onStart(): void {
      this.every(1_000, "tick")
    }
    tick(): number {
      return ++this.ticks
    }
  }
  const { outcomes } = await outcomesOf(async () => {
    const clock = await spawn(Clock)
    await new Promise((resolve) => setTimeout(resolve, 10_500))
    return clock.ask.tick()
  })
  assert.deepEqual(outcomes, ["11"])
})

test("shutdown ends the trees in reverse order, and kills who does not end in time", async () => {
  const ended: string[] = []
  class Leaf extends Actor {
    readonly name: string
    readonly stays: boolean
    constructor(name: string, stays = false) {
      super()
      this.name = name
      this.stays = stays
    }
    override onStop(): unknown {
      ended.push(this.name)
      return this.stays ? new Promise(() => {}) : undefined
    }
  }
  const late = await outcomesOf(async () => {
    ended.length = 0
    await supervise({ children: [child(Leaf, ["a"], { id: "a", on: "here" })] })
    await supervise({ children: [child(Leaf, ["b"], { id: "b", on: "here" })] })
    await shutdown()
    return ended.join("")
  })
  assert.deepEqual(late.outcomes, ['"ba"'])
  const failure = await failureOf(async () => {
    const spec = child(Leaf, ["c", true], { id: "c", on: "here", shutdownMs: "infinity" })
    await supervise({ name: "slow", children: [spec] })
    await shutdown({ graceMs: 50 })
  })
  assert.equal(failure.kind, "error")
  assert.match(failure.message, /child c of slow/)
})

/** Programs whose search is reduced, and must miss nothing. */
const searched: Readonly<Record<string, [program: () => unknown, options?: ExploreOptions]>> = {
  "get, then set": [
    async () => {
      const account = await spawn(Account)
      const add = async (to: ActorRef<Account>) => to.ask.set((await to.ask.get()) + 1)
      await Promise.all([go(add, account), go(add, account)])
      return account.ask.get()
    },
  ],
  "a name, and who comes first": [
    async () => {
      const take = async () => {
        try {
          await spawn(Account, [], { name: "one", on: "here" })
          return "got"
        } catch {
          return whereis("one") === undefined ? "lost" : "late"
        }
      }
      const first = await go(take).catch(() => "died")
      return [first, whereis("one") !== undefined, await go(take).catch(() => "died")]
    },
    { kill: true },
  ],
  "stop against work": [
    async () => {
      const account = await spawn(Account)
      const stop = go(async (ref: ActorRef<Account>) => ref.stop(), account)
      const asked = account.ask.deposit(1).catch((error: Error) => error.name)
      const told = account.tell.deposit(1).catch((error: Error) => error.name)
      return [await asked, (await told) ?? "taken", await stop.then(() => "stopped")]
    },
  ],
  "a restart, with deaths": [
    async () => {
      const options = { id: "a", whenDies: "redeliver" } as const
      const children = [child(Account, [], options)]
      const tree = await supervise({ children }).catch(notStarted)
      const one = await tree?.child("a").ask.deposit(1)
      return [one, await tree?.child("a").ask.get()]
    },
    { kill: true },
  ],
}

for (const [name, [program, options]] of Object.entries(searched)) {
  test(`the reduced search misses nothing: ${name}`, async (t) => {
    const wide = { ...options, schedulesMax: 40_000 }
    const full = await outcomesOf(program, { ...wide, strategy: "every" })
    const reduced = await outcomesOf(program, wide)
    assert.deepEqual(reduced.outcomes, full.outcomes)
    assert.ok(full.exhaustive && reduced.exhaustive)
    t.diagnostic(`${full.schedules} schedules, reduced to ${reduced.schedules}`)
    t.diagnostic(full.outcomes.join(" "))
  })
}
