/** What the programs have in common: their form, a stage for their actors, chance, checks. */
import {
  type Actor,
  type ActorInbox,
  type ActorRef,
  monitor,
  type SpawnOptions,
  spawn,
  type Takes,
} from "heddle"

/** Chance that is the same in each run. */
export { Chance } from "../../src/explore/chance.ts"

/** One program of the suite. */
export interface Program<S = never> {
  readonly name: string
  /** The suite's default sizes. */
  readonly suite: S
  /** Sizes for the tests. */
  readonly small: S
  /** Runs it once; rejects when its result is wrong. */
  run(sizes: S, stage: Stage): Promise<void>
}

/** Mailboxes in the suite have no bound. */
export const UNBOUNDED: SpawnOptions = { mailbox: { capacity: Infinity } }

/** Reports that are waited for. */
export interface Gathering<T> {
  readonly report: ActorRef<Takes<T>>
  /** All reports, in the order they came. */
  readonly all: Promise<T[]>
}

/** The actors of one run: stopped at its end; when one fails, so does the run. */
export class Stage {
  readonly #refs: ActorRef<unknown>[] = []
  readonly #failure = Promise.withResolvers<never>()
  #ending = false

  constructor() {
    this.#failure.promise.catch(() => {})
  }

  /** Starts an actor for this run. */
  async spawn<C extends Actor, A extends unknown[]>(
    Class: new (...args: A) => C,
    args: NoInfer<A>,
    options: SpawnOptions = {},
  ): Promise<ActorRef<C>> {
    const start = spawn as (code: unknown, args: A, options: SpawnOptions) => Promise<ActorRef<C>>
    const ref = await start(Class, args, { ...UNBOUNDED, ...options })
    this.#refs.push(ref as ActorRef<unknown>)
    monitor(ref as ActorRef<unknown>, ({ reason }) => {
      if (!this.#ending && reason.error !== undefined) this.#failure.reject(reason.error)
    })
    return ref
  }

  /** Starts several of a class; `args` says what each gets. */
  async spawnMany<C extends Actor, A extends unknown[]>(
    count: number,
    Class: new (...args: A) => C,
    args: (index: number) => [...A],
  ): Promise<ActorRef<C>[]> {
    const refs: ActorRef<C>[] = []
    for (let i = 0; i < count; i++) refs.push(await this.spawn(Class, args(i)))
    return refs
  }

  /** Waits here for a number of reports. */
  async gather<T>(count: number): Promise<Gathering<T>> {
    const values: T[] = []
    const collect = async (inbox: ActorInbox<T>): Promise<void> => {
      while (values.length < count) values.push(await inbox.receive())
    }
    const report = await spawn(collect, [], { on: "here", ...UNBOUNDED })
    this.#refs.push(report as ActorRef<unknown>)
    return { report, all: report.exited.then(() => values) }
  }

  /** Runs a program with its sizes, to the end of its actors. */
  async run<S>(program: Program<S>, sizes: S): Promise<void> {
    try {
      await Promise.race([program.run(sizes, this), this.#failure.promise])
    } finally {
      this.#ending = true
      for (const ref of this.#refs) ref.stop()
      for (const ref of this.#refs) await ref.exited
    }
  }
}

/** The reference that an actor gives to others, with its own class. */
export function me<C extends Actor>(actor: C): ActorRef<C> {
  return actor.self as unknown as ActorRef<C>
}

/** Fails when a result is not what it has to be. */
export function expect(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what} is ${actual}, expected ${expected}`)
}

/** Fails when a number differs from what it has to be by more than a part of it. */
export function expectNear(what: string, actual: number, expected: number, part = 1e-9): void {
  if (!(Math.abs(actual - expected) <= part * Math.max(1, Math.abs(expected))))
    throw new Error(`${what} is ${actual}, expected about ${expected}`)
}

/** Keeps a processor busy as the suite does: `limit` random numbers. */
export function busyWait(limit: number): number {
  let kept = 0
  for (let i = 0; i < limit; i++) kept += Math.random() < 0.5 ? 1 : 0
  return kept
}
