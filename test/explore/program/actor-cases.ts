/**
 * Small programs with actors, each of which says what it came to. They run for real and explored:
 * what happens for real must be among what the exploration finds.
 */
import {
  type ActorRef,
  bus,
  child,
  deadLetters,
  link,
  monitor,
  pool,
  register,
  router,
  type SpawnOptions,
  spawn,
  supervise,
  whereis,
} from "../../../src/actor/index.ts"
import { channel } from "../../../src/channel/index.ts"
import { adder, beside, Clerk, choosy, hasty } from "./actor-troupe.ts"

/** Where the actors of a case live. */
export type Where = SpawnOptions["on"]

async function nameOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (value) => JSON.stringify(value) ?? "undefined",
    (error: Error) => error.name,
  )
}

async function reasonOf(ref: ActorRef<unknown>): Promise<string> {
  return (await ref.exited).reason
}

/** Each gives what it came to. */
export const cases: Readonly<Record<string, (on: Where) => Promise<unknown>>> = {
  async "two senders, in either order"(on) {
    const log = await spawn(Clerk, [], { on })
    const [a, b] = [await spawn(Clerk, [], { on }), await spawn(Clerk, [], { on })]
    await Promise.all([a.ask.pass(log, "a"), b.ask.pass(log, "b")])
    return log.ask.all()
  },

  async "what one sender tells keeps its order"(on) {
    const log = await spawn(Clerk, [], { on })
    for (const text of ["1", "2", "3"]) void log.tell.note(text)
    return log.ask.note("4")
  },

  async "a method that throws ends the actor"(on) {
    const clerk = await spawn(Clerk, [], { on })
    const heard = [await nameOf(clerk.ask.fail("no")), await reasonOf(clerk)]
    return [...heard, await nameOf(clerk.ask.all()), await nameOf(clerk.tell.note("x"))]
  },

  async "who asks itself as it starts"(on) {
    return nameOf(spawn(Clerk, ["ask myself"], { on }))
  },

  async "who tells an actor that is gone, and does not wait"(on) {
    const [clerk, gone] = [await spawn(Clerk, [], { on }), await spawn(Clerk, [], { on })]
    gone.kill()
    await gone.exited
    await clerk.ask.tellAndForget(gone)
    return clerk.ask.all()
  },

  async "what cannot be sent later is refused at once"(on) {
    const clerk = await spawn(Clerk, [], { on })
    return nameOf(clerk.ask.remind(1, new WeakMap()))
  },

  async "a function that has ended receives no more"(on) {
    const heard = channel<string>(1)
    await spawn(hasty, [heard], { on })
    return heard.receive()
  },

  async "what waits when an actor throws is rejected"(on) {
    const clerk = await spawn(Clerk, [], { on })
    return Promise.all([nameOf(clerk.ask.fail("no")), nameOf(clerk.ask.all())])
  },

  async "a constructor that throws"(on) {
    const refused = await nameOf(spawn(Clerk, ["refuse"], { on, name: "refused" }))
    return [refused, whereis("refused") === undefined]
  },

  async "what does not exist, and what cannot be sent"(on) {
    const clerk = await spawn(Clerk, [], { on })
    const asks = clerk.ask as unknown as Record<string, (value: unknown) => Promise<unknown>>
    const unknown = await nameOf(asks.unheard?.(1) as Promise<unknown>)
    const unsendable = await nameOf(asks.note?.(() => {}) as Promise<unknown>)
    return [unknown, unsendable, await clerk.ask.all()]
  },

  async "kill in the middle of a message"(on) {
    const clerk = await spawn(Clerk, [], { on })
    const held = nameOf(clerk.ask.never())
    const waiting = nameOf(clerk.ask.all())
    clerk.kill()
    return [await held, await waiting, await reasonOf(clerk)]
  },

  async "stop overtakes what waits"(on) {
    const clerk = await spawn(Clerk, [], { on })
    const waiting = nameOf(clerk.ask.note("1"))
    clerk.stop()
    return [await waiting, await reasonOf(clerk)]
  },

  async "a link takes the other along"(on) {
    const [a, b] = [await spawn(Clerk, [], { on }), await spawn(Clerk, [], { on })]
    link(a, b)
    await nameOf(a.ask.fail("no"))
    return [await reasonOf(a), await reasonOf(b)]
  },

  async "a link does not pass a normal exit on"(on) {
    const [a, b] = [await spawn(Clerk, [], { on }), await spawn(Clerk, [], { on })]
    link(a, b)
    a.stop()
    return [await reasonOf(a), await b.ask.note("lives")]
  },

  async "a link to one that is gone"(on) {
    const [a, b] = [await spawn(Clerk, [], { on }), await spawn(Clerk, [], { on })]
    b.kill()
    await b.exited
    link(a, b)
    return reasonOf(a)
  },

  async "a monitor of an actor that is started again"(on) {
    const tree = await supervise({ children: [child(Clerk, [], { id: "a", on })] })
    const [a, b] = [tree.child("a"), await spawn(Clerk, [], { on })]
    await a.ask.watch(b)
    await nameOf(a.ask.fail("no"))
    await a.ask.watch(b)
    b.kill()
    await b.exited
    const noted = await a.ask.all()
    await tree.stop()
    return noted
  },

  async "killed while it starts"(on) {
    const spawned = nameOf(spawn(Clerk, ["never start"], { on, name: "slow" }))
    const clerk = whereis("slow")
    clerk?.kill()
    return [await spawned, clerk && (await reasonOf(clerk)), whereis("slow") === undefined]
  },

  async "a linked child that is started again hears once"(on) {
    const children = [
      child(Clerk, [], { id: "a", on, restart: "temporary" }),
      child(Clerk, [], { id: "b", on }),
    ] as const
    const tree = await supervise({ children })
    const [a, b] = [tree.child("a"), tree.child("b")]
    link(a, b)
    await nameOf(a.ask.fail("no"))
    await a.exited
    const noted = await nameOf(b.ask.note("again"))
    await tree.stop()
    return [noted, b.statistics().restarts]
  },

  async "a monitor hears once, an ended one nothing"(on) {
    const clerk = await spawn(Clerk, [], { on })
    const heard: string[] = []
    monitor(clerk, ({ reason, final }) => heard.push(`${reason.reason} ${final}`))
    monitor(clerk, () => heard.push("never"))()
    clerk.stop("shutdown")
    await clerk.exited
    const late = Promise.withResolvers<void>()
    monitor(clerk, ({ reason }) => {
      heard.push(`late ${reason.reason}`)
      late.resolve()
    })
    await late.promise
    return heard
  },

  async "names are free again"(on) {
    const a = await spawn(Clerk, [], { on, name: "only" })
    const taken = await nameOf(spawn(Clerk, [], { on, name: "only" }))
    const found = whereis("only") === a
    a.kill()
    await a.exited
    const b = await spawn(Clerk, [], { on })
    register("only", b)
    const again = whereis("only") === b
    b.kill()
    await b.exited
    return [taken, found, again, whereis("only") === undefined]
  },

  async "a function chooses"(on) {
    const actor = await spawn(choosy, [], { on })
    for (const text of ["b", "c", "first", "d"]) await actor.tell(text)
    const order = await actor.ask("order")
    actor.stop()
    return [order, await reasonOf(actor)]
  },

  async "receivers side by side"(on) {
    const actor = await spawn(beside, [], { on })
    for (const text of ["c", "b", "a"]) await actor.tell(text)
    return actor.ask("all")
  },

  async "a function fails, and another is killed"(on) {
    const [one, two] = [await spawn(adder, [1], { on }), await spawn(adder, [2], { on })]
    const sums = [await one.ask(1), await two.ask(1)]
    const failed = await nameOf(one.ask(-1))
    two.kill()
    return [sums, failed, await reasonOf(one), await reasonOf(two)]
  },

  async "a full mailbox that fails, and one that drops"(on) {
    const heard: unknown[] = []
    for (const whenFull of ["fail", "drop-newest", "drop-oldest"] as const) {
      const actor = await spawn(choosy, [], { on, mailbox: { capacity: 2, whenFull } })
      const told = ["a", "b", "c"].map((text) => nameOf(actor.tell(text)))
      heard.push(await Promise.all(told), actor.statistics().depth)
      actor.kill()
      await actor.exited
    }
    return heard
  },

  async "a full mailbox that lets wait"(on) {
    const actor = await spawn(choosy, [], { on, mailbox: { capacity: 2 } })
    await actor.tell("a")
    await actor.tell("b")
    const third = nameOf(actor.tell("first"))
    actor.kill()
    return [await third, await reasonOf(actor)]
  },

  async "a question that takes too long"(on) {
    const clerk = await spawn(Clerk, [], { on })
    const late = await nameOf(clerk.ask.with({ timeoutMs: 5 }).never())
    clerk.kill()
    return [late, await reasonOf(clerk)]
  },

  async "a question to itself, and who asks"(on) {
    const [a, b] = [await spawn(Clerk, [], { on }), await spawn(Clerk, [], { on })]
    const senders = [await a.ask.askAs(b), await a.ask.noteSender()]
    return [senders, await nameOf(a.ask.askMyself())]
  },

  async "a timer"(on) {
    const clerk = await spawn(Clerk, [], { on })
    await clerk.ask.remind(1, "later")
    let noted: readonly string[] = []
    while (noted.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      noted = await clerk.ask.all()
    }
    return noted
  },

  async "onStop may tell others"(on) {
    const [tally, clerk] = [await spawn(Clerk, [], { on }), await spawn(Clerk, [], { on })]
    await clerk.ask.report(tally)
    await clerk.ask.stopMyself()
    await clerk.exited
    return tally.ask.all()
  },

  async "dead letters"(on) {
    const letters = deadLetters()
    const clerk = await spawn(Clerk, [], { on })
    const asks = clerk.tell as unknown as Record<string, (value: unknown) => Promise<unknown>>
    await asks.unheard?.(7)
    const { value } = await letters.next()
    await letters.return?.()
    return [value.method, value.args]
  },

  async "a restart keeps what waits, and forgets the state"(on) {
    await using tree = await supervise({ children: [child(Clerk, ["new"], { id: "a", on })] })
    const clerk = tree.child("a")
    await clerk.ask.note("old")
    const failed = nameOf(clerk.ask.fail("no"))
    const after = clerk.ask.note("after")
    return [await failed, await after, tree.children()[0]?.restarts]
  },

  async "one for all, and giving up"(on) {
    const tree = await supervise({
      strategy: "one-for-all",
      intensity: { restarts: 1, withinMs: 60_000 },
      children: [child(Clerk, [], { id: "a", on }), child(Clerk, [], { id: "b", on })],
    })
    const [a, b] = [tree.child("a"), tree.child("b")]
    await b.ask.note("lost")
    const taken = new Promise<void>((resolve) => {
      monitor(b, () => resolve())
    })
    await nameOf(a.ask.fail("no"))
    await taken
    const first = await b.ask.all()
    await nameOf(b.ask.fail("again"))
    const { reason, error } = await tree.exited
    return [first, reason, (error as Error).name, await nameOf(a.ask.all())]
  },

  async "what is asked before the others are restarted"(on) {
    await using tree = await supervise({
      strategy: "one-for-all",
      children: [child(Clerk, [], { id: "a", on }), child(Clerk, [], { id: "b", on })],
    })
    const [a, b] = [tree.child("a"), tree.child("b")]
    await b.ask.note("lost")
    await nameOf(a.ask.fail("no"))
    await b.ask.note("kept?")
    return await b.ask.all()
  },

  async "a bus tells an actor and a listener"(on) {
    const news = bus<{ paid: number; sent: number }>()
    const clerk = await spawn(Clerk, [], { on })
    const [heard, tally]: [string[], number[]] = [[], []]
    news.subscribe("*", clerk, "hear")
    using _listening = await news.listen("paid", (n, topic) => heard.push(`${topic} ${n}`))
    const sent = await news.events("sent")
    tally.push(await news.publish("paid", 1), await news.publish("sent", 2))
    const { value } = await sent.next()
    sent.unsubscribe()
    while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    clerk.kill()
    await clerk.exited
    tally.push(await news.publish("paid", 3))
    return [heard[0], value, tally]
  },

  async "a router and a pool"(on) {
    const members = [await spawn(Clerk, ["1"], { on }), await spawn(Clerk, ["2"], { on })]
    const turns = router(members)
    const seen = [await turns.ask.all(), await turns.ask.all()].flat().sort()
    await using clerks = await pool(Clerk, ["p"], { size: 2, ...(on === undefined ? {} : { on }) })
    await clerks.tellAll.note("x")
    return [seen, await clerks.askAll.all()]
  },
}
