/**
 * The event bus: publish by topic or type, to actors and to code of any isolate.
 *
 * Subscribers stand in shared memory (bus-table.ts); each isolate that publishes keeps a copy until
 * the version changes. An event goes straight into the mailbox of each subscriber: no actor stands
 * between, and what a full mailbox does is the subscriber's own choice.
 */
import { ActorStoppedError, MailboxFullError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { Holdings } from "../internal/loop/holdings.ts"
import { releaseObject } from "../internal/loop/objects.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { retain } from "../internal/memory/objects.ts"
import { registerKind, Shareable } from "../internal/wire/shareable.ts"
import { checkNames, shown } from "../internal/wire/shown.ts"
import { endOf, Pull, startListener, TAKE, type Take } from "./bus-listener.ts"
import * as table from "./bus-table.ts"
import { type EventClass, matches, shownTopic, topicOf, topicsOfInstance } from "./bus-topic.ts"
import { ownerNow } from "./link.ts"
import { nameOf, numberOf, PLAIN } from "./method.ts"
import { ActorRef, type Asked, reviveRef, type Takes } from "./ref.ts"
import type { SpawnOptions } from "./spawn.ts"
import { stage } from "./stage.ts"
import { isFunction, stateOf } from "./standing.ts"
import { watchExits } from "./watch.ts"

/** How code subscribes: its queue is a mailbox. */
export interface SubscribeOptions {
  /** As in `spawn`: 65,536 events may wait unless given, then publishers wait. */
  readonly mailbox?: SpawnOptions["mailbox"]
  /** Ends the subscription when it aborts. */
  readonly signal?: AbortSignal
}

/** A subscription of this isolate. */
export interface BusSubscription extends Disposable {
  /** What was subscribed to. */
  readonly topic: string
  /** No event that is published from here on arrives; those that wait are dropped. */
  unsubscribe(): void
}

/** A subscription whose events call a function. */
export interface BusListening extends BusSubscription {
  /** Resolves when it has ended, rejects with what the function threw: that ends it, too. */
  readonly ended: Promise<void>
}

/** A subscription whose events are pulled; it ends when the loop is left. */
export interface BusEvents<T>
  extends BusSubscription,
    AsyncIterableIterator<T, undefined, undefined> {
  [Symbol.asyncIterator](): BusEvents<T>
}

/** How a bus stands. */
export interface BusStatistics {
  /** Subscriptions whose actor is not gone for good. */
  readonly subscribers: number
  /** How many there are by topic; by the id of `sendable` for classes. */
  readonly topics: Readonly<Record<string, number>>
}

/** The topics of `E` that a subscription to `T` gets. */
type Covered<E, T extends string> = T extends `${infer Start}*`
  ? Extract<keyof E, `${Start}${string}`>
  : Extract<keyof E, T>

/** What arrives for a topic: of `E` when it names it, unknown otherwise. */
type EventOf<E, T extends string> = [Covered<E, T>] extends [never] ? unknown : E[Covered<E, T>]

interface Subscriber extends table.Entry {
  readonly ref: ActorRef<unknown>
  readonly tell: (event: unknown, topic: string) => Promise<unknown>
}

/** A bus; see `bus`. It can be sent. */
export class Bus<E extends object = Record<string, unknown>> extends Shareable {
  override readonly kindId: number = KIND.ACTOR_BUS
  /** Its number in this runtime. */
  readonly id: number
  #version: number | undefined
  #known = new Map<number, Subscriber>()
  /** Who gets events of a topic that was published under this version. */
  #byTopic = new Map<string, readonly Subscriber[]>()

  /** Made by `bus`. */
  constructor(object: number) {
    super()
    this.id = object
  }

  /**
   * Publishes an event under a topic, or an instance of a `sendable` class under its class and
   * those it derives from. Resolves with the number of subscribers whose mailboxes have taken it:
   * at once when all have room, later when a full one is one that lets senders wait. Each
   * subscriber gets its events in the order in which one isolate published them.
   *
   * A subscriber that is gone is unsubscribed, one whose mailbox refuses is passed over. An event
   * is copied once per subscriber (`share` it when it is large); a publication costs an atomic read
   * and a `tell` each.
   *
   * Rejects with `NotSendableError` when it cannot be copied and anybody wants it.
   */
  publish<T extends keyof E & string>(topic: T, event: E[T]): Promise<number>
  publish(event: object): Promise<number>
  async publish(...given: [topic: string, event: unknown] | [event: object]): Promise<number> {
    this.assertUsable()
    if (given.length === 2) {
      const topic = topicOf(given[0])
      return this.#deliver(this.#subscribersOf(topic), given[1], topic)
    }
    const [event] = given
    if (typeof event !== "object" || event === null) {
      throw new TypeError(`publish(event) needs an object, received ${shown(event)}`)
    }
    const topics = topicsOfInstance(event)
    const all = new Set(topics.flatMap((topic) => this.#subscribersOf(topic)))
    return this.#deliver([...all], event, shownTopic(topics[0] as string))
  }

  async #deliver(
    subscribers: readonly Subscriber[],
    event: unknown,
    topic: string,
  ): Promise<number> {
    const taken = await Promise.all(subscribers.map((one) => this.#give(one, event, topic)))
    return taken.filter(Boolean).length
  }

  async #give(subscriber: Subscriber, event: unknown, topic: string): Promise<boolean> {
    try {
      await subscriber.tell(event, topic)
      return true
    } catch (error) {
      if (error instanceof ActorStoppedError) table.unsubscribe(here(), this.id, subscriber.id)
      else if (!(error instanceof MailboxFullError)) throw error
      return false
    }
  }

  /**
   * Subscribes an actor: events call its method with the event and the topic; a function actor gets
   * the event as its message. They wait in the actor's own mailbox, while it is restarted as well;
   * the subscription ends when the actor is gone for good.
   *
   * A topic that ends in `*` gets all topics that begin so.
   *
   * @throws {TypeError} {RangeError} for a topic, actor or method that makes no sense
   */
  subscribe<C>(
    topic: string | EventClass,
    actor: ActorRef<C>,
    ...method: C extends Takes<infer M>
      ? unknown extends M
        ? [method: keyof Asked<C> & string]
        : []
      : [method: keyof Asked<C> & string]
  ): BusSubscription {
    this.assertUsable()
    const wanted = topicOf(topic)
    const ref: unknown = actor
    if (!(ref instanceof ActorRef))
      throw new TypeError(`subscribe needs an actor of this runtime, received ${shown(actor)}`)
    const [name] = method as [string?]
    if (isFunction(ref.id) !== (name === undefined))
      throw new TypeError(`subscribe needs the method of ${ref.name}, none for a function actor`)
    return this.#enter(ref, wanted, name)
  }

  #enter(ref: ActorRef<unknown>, topic: string, method: string | undefined): BusSubscription {
    const at = here()
    const number = method === undefined ? PLAIN : numberOf(method)
    const id = table.subscribe(at, this.id, ref.id, number, topic)
    let unwatch = (): void => {}
    const unsubscribe = (): void => {
      unwatch()
      table.unsubscribe(at, this.id, id)
    }
    unwatch = watchExits(here(), ref, (_reason, final) => final && unsubscribe())
    return { topic: shownTopic(topic), unsubscribe, [Symbol.dispose]: unsubscribe }
  }

  /**
   * Calls a function of this isolate with each event and its topic, one at a time: an async one is
   * waited for. Resolves when it is subscribed: what is published after that arrives. Events that
   * wait are bounded by `mailbox`. A function that throws ends its subscription, and `ended`
   * rejects. Called by an actor, it ends with that actor's life. Does not keep the program alive.
   *
   * @throws {TypeError} {RangeError} for a topic or an option that makes no sense
   */
  listen<T extends string>(
    topic: T,
    listener: (event: EventOf<E, T>, topic: string) => unknown,
    options?: SubscribeOptions,
  ): Promise<BusListening>
  listen<T extends object>(
    topic: EventClass<T>,
    listener: (event: T, topic: string) => unknown,
    options?: SubscribeOptions,
  ): Promise<BusListening>
  async listen(
    topic: string | EventClass,
    listener: (event: never, topic: string) => unknown,
    options: SubscribeOptions = {},
  ): Promise<BusListening> {
    this.assertUsable()
    if (typeof listener !== "function")
      throw new TypeError(`a listener is a function, received ${shown(listener)}`)
    const wanted = topicOf(topic)
    checkSubscribe(options)
    const ref = await startListener(listener as Take, options.mailbox)
    return this.#own(ref, wanted, options)
  }

  #own(ref: ActorRef<unknown>, topic: string, { signal }: SubscribeOptions): BusListening {
    const inner = this.#enter(ref, topic, TAKE)
    const ended = endOf(ref)
    const unsubscribe = (): void => {
      inner.unsubscribe()
      ref.stop()
    }
    if (signal?.aborted) unsubscribe()
    signal?.addEventListener("abort", unsubscribe, { once: true })
    // What an actor listens to is over with its life.
    const owner = ownerNow()
    const unwatch = owner === undefined ? undefined : watchExits(here(), owner, unsubscribe)
    const forget = (): void => {
      unwatch?.()
      signal?.removeEventListener("abort", unsubscribe)
    }
    ended.then(forget, forget)
    return { topic: inner.topic, ended, unsubscribe, [Symbol.dispose]: unsubscribe }
  }

  /**
   * The events of a topic or class, to be pulled with `for await`; leaving the loop ends it. One
   * event is in hand, the others wait in the mailbox. Keeps the program alive while it is pulled.
   *
   * @throws {TypeError} {RangeError} for a topic or an option that makes no sense
   */
  events<T extends string>(topic: T, options?: SubscribeOptions): Promise<BusEvents<EventOf<E, T>>>
  events<T extends object>(topic: EventClass<T>, options?: SubscribeOptions): Promise<BusEvents<T>>
  async events(
    topic: string | EventClass,
    options: SubscribeOptions = {},
  ): Promise<BusEvents<unknown>> {
    const pull = new Pull<unknown>()
    const listening = await this.listen(topic as string, (event) => pull.offer(event), options)
    const end = (): void => pull.end()
    listening.ended.then(end, end)
    const unsubscribe = (): void => {
      listening.unsubscribe()
      pull.end()
    }
    const events: BusEvents<unknown> = {
      topic: listening.topic,
      unsubscribe,
      next: () => pull.next(),
      return: () => {
        unsubscribe()
        return Promise.resolve({ value: undefined, done: true })
      },
      [Symbol.asyncIterator]: () => events,
      [Symbol.dispose]: unsubscribe,
    }
    return events
  }

  /** Who listens; costs a reading of all subscribers when they have changed. */
  override statistics(): BusStatistics {
    this.assertUsable()
    this.#refresh()
    const topics: Record<string, number> = {}
    let subscribers = 0
    for (const { topic, ref } of this.#known.values()) {
      if (stateOf(ref.id) === "gone") continue
      const shown = shownTopic(topic)
      topics[shown] = (topics[shown] ?? 0) + 1
      subscribers++
    }
    return Object.freeze({ subscribers, topics })
  }

  #subscribersOf(topic: string): readonly Subscriber[] {
    this.#refresh()
    let subscribers = this.#byTopic.get(topic)
    if (subscribers === undefined) {
      subscribers = [...this.#known.values()].filter((one) => matches(one.topic, topic))
      if (this.#byTopic.size >= TOPICS_KEPT_MAX) this.#byTopic.clear()
      this.#byTopic.set(topic, subscribers)
    }
    return subscribers
  }

  #refresh(): void {
    const at = here()
    if (table.versionOf(at, this.id) === this.#version) return
    const { version, ids, fresh } = table.readTable(at, this.id, this.#known)
    for (const entry of fresh) this.#known.set(entry.id, subscriberOf(entry))
    const present = new Set(ids)
    for (const id of this.#known.keys()) if (!present.has(id)) this.#known.delete(id)
    this.#byTopic.clear()
    this.#version = version
  }
}

/** Topics whose subscribers a publishing isolate keeps in mind at most. */
const TOPICS_KEPT_MAX = 4096

function subscriberOf(entry: table.Entry): Subscriber {
  const ref = stage()?.refOf(entry.object) ?? reviveRef(entry.object)
  const tell = ref.tell as unknown as Record<string, Subscriber["tell"]> & Subscriber["tell"]
  if (entry.method === PLAIN) return { ...entry, ref, tell: (event) => tell(event, "") }
  return { ...entry, ref, tell: tell[nameOf(entry.method)] as Subscriber["tell"] }
}

function checkSubscribe(options: SubscribeOptions): void {
  checkNames(options, "a subscription", ["mailbox", "signal"])
}

/**
 * Makes an event bus. It can be sent; whoever has it publishes and subscribes, in any isolate, and
 * it ends with the last who refers to it or has subscribed. `E` gives the events by topic to the
 * compiler.
 *
 * @throws {OutOfSharedMemoryError} when there is no room for it
 * @example
 * const shop = bus<{ "order.placed": { id: number }; "order.paid": { id: number } }>()
 * const paid = await shop.events("order.paid")
 * await shop.publish("order.placed", { id: 1 }) // => 0
 * await shop.publish("order.paid", { id: 1 }) // => 1
 * for await (const { id } of paid) {
 *   console.log(id) // prints: 1
 *   break
 * }
 */
export function bus<E extends object = Record<string, unknown>>(): Bus<E> {
  const object = table.createTable(here())
  const made = new Bus<E>(object)
  if (stage() === undefined) holdings.add(object, made as unknown as Bus, undefined)
  return made
}

const holdings = new Holdings<Bus, undefined>(() => {})

registerKind<Bus>({
  id: KIND.ACTOR_BUS,
  name: "Bus",
  handleOf: (value) => (value instanceof Bus ? value.id : 0),
  retain: (object) => retain(here().words, object),
  revive: (object) => holdings.revive(here(), object, () => [new Bus(object), undefined]),
  release: (object) => releaseObject(here(), object),
})
