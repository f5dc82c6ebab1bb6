/**
 * One life of an explored actor, as the code of its isolate goes through it: takes a message,
 * handles it, answers; one at a time, orders to end first.
 *
 * An actor that lives elsewhere has a simulated isolate of its own, which is run again as a task
 * is; one that lives `here` is part of the code that spawned it, and is run again with that.
 */
import { CallLocal } from "#platform/context"
import { type Actor, construct, hasOnStart, hasOnStop, isMessage } from "../../../actor/actor.ts"
import { type ExitReason, isAbnormal, KILLED, NORMAL, reasonFrom } from "../../../actor/exit.ts"
import type { ActorInbox } from "../../../actor/inbox.ts"
import { Refusal } from "../../../actor/refusal.ts"
import { ActorStoppedError, NotCallableError } from "../../../errors.ts"
import { isThenable } from "../../../internal/loop/thenable.ts"
import type { Callback } from "../../../task/code.ts"
import { type Deed, labelOf } from "../entry.ts"
import { isLeave } from "../leave.ts"
import type { Party } from "../party.ts"
import type { Take } from "../player.ts"
import type { Theatre } from "../theatre.ts"
import { unpack } from "../values.ts"
import type { Box, Life } from "./box.ts"
import { HomeFacility, type Ticking } from "./facility.ts"
import { StagedInbox } from "./inbox.ts"
import { Act, type Letter, type Signal, unpackReason } from "./letter.ts"
import { exit, failCurrent } from "./lifecycle.ts"

const hosted = new CallLocal<Home>()

/** The actor that the running code belongs to. */
export function running(): Home | undefined {
  const home = hosted.get()
  // Code of another task may run on top of an actor's.
  return home !== undefined && home.take === home.theatre.take ? home : undefined
}

/** One life, in one run of its isolate's code. */
export class Home implements Party {
  readonly box: Box
  readonly life: Life
  readonly theatre: Theatre
  readonly take: Take
  /** Takes what comes. */
  readonly deed: Deed
  readonly timers = new Set<Ticking>()
  instance: Actor | undefined
  inbox: StagedInbox | undefined
  /** The message in hand. */
  current: Letter | undefined
  /** It starts, handles a message or stops. */
  busy = true
  stopping: ExitReason | undefined
  #isStarting = true
  ended = false
  #over: () => void = () => {}

  constructor(box: Box, life: Life) {
    this.box = box
    this.life = life
    this.theatre = box.theatre
    this.take = box.theatre.take
    this.deed = this.#taking()
    life.home = this
    if (life.isGuest) life.party = this
  }

  get party(): Party {
    return this.life.party
  }

  get title(): string {
    return this.box.title
  }

  get ending(): unknown {
    return this.ended ? this : undefined
  }

  /** Whether it only waits for what may come. */
  get isIdle(): boolean {
    return this.ended || (this.inbox === undefined ? !this.busy : this.inbox.isWaiting)
  }

  /** Lives; resolves when it has exited. */
  live(): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.#over = resolve
    })
    this.theatre.enter(this.deed)
    void this.#begin()
    return over
  }

  /** Calls code of the actor. */
  within<A extends unknown[], R>(fn: (...args: A) => R, args: A): R {
    return hosted.run(this, fn, args)
  }

  /** Whether it takes no message: one is in hand, or its `onStart` or `onStop` runs. */
  get isAtWork(): boolean {
    return this.current !== undefined || (this.busy && this.instance !== undefined && !this.ended)
  }

  /** Whether the code was only left where it is, to be run again. */
  isLeft(error?: unknown): boolean {
    return this.take.over || isLeave(error)
  }

  async #begin(): Promise<void> {
    try {
      const starting = this.#awake()
      if (isThenable(starting)) await starting
    } catch (error) {
      if (this.ended || this.isLeft(error)) return
      this.#isStarting = false
      this.crash(error)
      this.#started(error)
      return
    }
    if (this.isLeft()) return
    if (this.#isStarting) this.#started(undefined)
    this.#isStarting = false
    this.#rest()
  }

  /** Whoever started it hears of that. */
  #started(error: unknown): void {
    const { theatre, life } = this
    theatre.operate("started", () => {
      theatre.row(this.title, error === undefined ? "starts" : "does not start", undefined, error)
      if (error === undefined) life.start.resolve(undefined, life.player)
      else life.start.reject(error, life.player)
    })
  }

  /** It has ended before it had started, as part of a step; a function starts when it is called. */
  #overtaken(reason: ExitReason): void {
    const { start, player } = this.life
    this.#isStarting = false
    if (this.inbox === undefined) start.reject(new ActorStoppedError(this.title, reason), player)
    else start.resolve(undefined, player)
  }

  #awake(): unknown {
    const { making, code } = this.box
    const args = unpack(making.args) as unknown[]
    if (making.isFunction) {
      this.#run(code, args)
      return undefined
    }
    return this.within(() => {
      const Class = code as unknown as new (...values: unknown[]) => Actor
      const instance = construct(Class, args, new HomeFacility(this))
      this.instance = instance
      return hasOnStart(instance) ? instance.onStart() : undefined
    }, [])
  }

  #run(fn: Callback, args: readonly unknown[]): void {
    const inbox = new StagedInbox(this)
    this.inbox = inbox
    const values = [inbox as unknown as ActorInbox<unknown>, ...args]
    const result = this.within(async () => await fn(...(values as never[])), [])
    result.then(
      () => {
        inbox.done()
        if (this.ended || this.isLeft()) return
        this.answer(undefined)
        this.exit(this.stopping ?? NORMAL)
      },
      (error: unknown) => {
        inbox.done()
        if (!this.ended && !this.isLeft(error)) this.crash(error)
      },
    )
  }

  #taking(): Deed {
    const { box, theatre } = this
    return {
      label: labelOf(box.title, "receive"),
      later: true,
      rests: "always",
      ready: () => {
        if (this.ended) return false
        if (box.signals.length > 0) return true
        return !this.busy && this.inbox === undefined && box.letters.length > 0
      },
      attempt: () => {
        const taken = theatre.operate("receive", () => takeFrom(box))
        if ("kind" in taken) this.#obey(taken)
        else {
          this.busy = true
          this.current = taken
          this.soon(() => this.#handle(taken))
        }
        return this.ended
      },
      touch: (into) => {
        for (const [place, writes] of box.takes) into.add(place, writes)
      },
    }
  }

  /** Runs code when the step's own part is done. */
  soon(fn: () => unknown): void {
    this.theatre.within(() => {
      void Promise.resolve().then(async () => {
        try {
          await fn()
        } catch (error) {
          if (!this.isLeft(error)) throw error
        }
      })
    })
  }

  #obey({ kind, parcel }: Signal): void {
    if (kind === "kill") this.exit(KILLED)
    else if (kind === "stop") {
      const given = parcel === undefined ? undefined : unpack(parcel)
      this.#stop(reasonFrom(given))
    } else if (parcel !== undefined) {
      const reason = unpackReason(parcel)
      if (isAbnormal(reason)) this.exit(reason)
    }
  }

  #stop(reason: ExitReason): void {
    this.stopping ??= reason
    if (this.inbox !== undefined) this.inbox.stop(reason)
    else if (!this.busy) {
      this.busy = true
      this.soon(() => this.leave(reason))
    }
  }

  /** The message in hand is done: the next, or the end. */
  #rest(): void {
    if (this.ended) return
    this.busy = false
    if (this.stopping === undefined) return
    if (this.inbox === undefined) this.leave(this.stopping)
    else this.inbox.stop(this.stopping)
  }

  async #handle(letter: Letter): Promise<void> {
    const { instance, title } = this
    const { method } = letter
    if (instance === undefined || method === "" || !isMessage(instance, method)) {
      const what = method === "" ? "plain messages, it is a class" : `no method ${method}`
      this.refuse(new NotCallableError(method, `${title} has ${what}`))
      this.#rest()
      return
    }
    let value: unknown
    try {
      const args = unpack(letter.args) as unknown[]
      const fn = Reflect.get(instance, method) as (...args: unknown[]) => unknown
      const result = this.within(() => Reflect.apply(fn, instance, args), [])
      value = isThenable(result) ? await result : result
    } catch (error) {
      if (this.ended || this.isLeft(error)) return
      if (error instanceof Refusal) {
        this.refuse(error.error)
        this.#rest()
      } else this.crash(error)
      return
    }
    if (this.ended || this.isLeft()) return
    this.answer(value)
    this.#rest()
  }

  /** The message in hand is handled. */
  answer(value: unknown): void {
    const { box, theatre, life } = this
    const letter = this.current
    this.current = undefined
    if (letter === undefined) return
    const act = (): void => {
      box.finish()
      letter.question?.resolve(value, life.player)
    }
    // Its isolate may die when the work is done and nobody knows.
    if (theatre.mayDie && !life.isGuest) theatre.choose(new Act(box.title, "answer", []), act)
    else theatre.operate("answer", act)
  }

  /** The message in hand cannot be handled; the actor goes on. */
  refuse(error: Error): void {
    const { box, theatre } = this
    const letter = this.current
    this.current = undefined
    if (letter === undefined) return
    theatre.operate("refuse", () => {
      box.finish()
      box.discard(letter, () => error)
    })
  }

  /** Its code threw. */
  crash(error: unknown): void {
    const { box, theatre, life } = this
    this.current = undefined
    theatre.operate("crash", () => failCurrent(box, error, life.player))
    this.leave({ reason: "failed", error })
  }

  /** Exits in order: `onStop` runs first. */
  leave(reason: ExitReason): void {
    if (this.ended) return
    this.busy = true
    const { instance } = this
    if (instance === undefined || !hasOnStop(instance)) {
      this.exit(reason)
      return
    }
    this.soon(async () => {
      let final = reason
      try {
        await this.within(() => instance.onStop(reason), [])
      } catch (error) {
        if (this.isLeft(error)) return
        final = { reason: "failed", error }
      }
      if (!this.isLeft()) this.exit(final)
    })
  }

  /** Exits now. */
  exit(reason: ExitReason): void {
    if (this.ended) return
    this.ended = true
    this.stopping = reason
    const { box, theatre } = this
    for (const timer of this.timers) timer.stop()
    // The one who asked may go on before anybody hears of the exit, unless all are in one isolate.
    const act = (): void => {
      exit(box, reason)
      if (this.#isStarting) this.#overtaken(reason)
    }
    if (this.life.isGuest) theatre.operate("exit", act)
    else theatre.choose(new Act(box.title, "exit", box.all(true)), act)
    theatre.drop(this.deed)
    this.inbox?.end()
    this.#over()
  }
}

/** Takes what is first, as part of a step. */
function takeFrom(box: Box): Signal | Letter {
  const { theatre } = box
  box.touchTakes()
  const signal = box.signals.shift()
  if (signal !== undefined) {
    theatre.changed()
    theatre.meetAt(box.lane, true, false)
    theatre.row(box.title, `obey ${signal.kind}`, undefined, undefined)
    return signal
  }
  const letter = box.letters[0]
  box.take(letter)
  if (theatre.traced) {
    const [value] = unpack(letter.args) as unknown[]
    theatre.row(box.title, `handle ${letter.method}`, value, undefined)
  }
  return letter
}
