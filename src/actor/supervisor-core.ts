/**
 * One supervisor at work: it hears of exits, asks the policy, and walks the plan.
 *
 * Everything happens in jobs, one after the other: an exit that is heard while a plan is walked
 * waits until that plan is done. A child that goes down while its exit waits still counts as
 * running, as in Erlang; if a plan takes it along in the meantime, its exit says nothing new and is
 * passed over.
 *
 * A restart that waits for its back-off is no job: others are done meanwhile, and may take it back.
 */

import { after, now, type Timer } from "#platform/clock"
import { below } from "#platform/random"
import { ChildStartError, ChildStateError, RestartIntensityError } from "../errors.ts"
import { Member } from "./child-member.ts"
import type { ExitReason } from "./exit.ts"
import {
  type Escalate,
  type Leave,
  type Plan,
  planExit,
  planRestart,
  planShutdown,
  type RestartPlan,
  type Situation,
} from "./restart.ts"
import { type CheckedOptions, type ChildSpec, checkMember } from "./spec.ts"

/** The end of a supervisor that was asked to end. */
const SHUTDOWN: ExitReason = Object.freeze({ reason: "shutdown" })

/** A group of children that starts when its back-off is over. */
interface Waiting {
  readonly ids: readonly string[]
  readonly timer: Timer
}

/** A supervisor's children and what it does with them. It can end and begin again. */
export class SupervisorCore {
  readonly options: CheckedOptions
  /** In the order they were started. */
  members: Member[] = []
  #jobs: Promise<void> = Promise.resolve()
  #history: readonly number[] = []
  #waiting: Waiting[] = []
  #alive = false
  /** It was asked to end. */
  #ending = false
  #serial = 0
  readonly #onEnd: (reason: ExitReason) => void

  /** `onEnd` is called whenever it has ended after it had begun. */
  constructor(options: CheckedOptions, onEnd: (reason: ExitReason) => void) {
    this.options = options
    this.#onEnd = onEnd
    this.#fill()
  }

  /** Whether its children are all made after one template. */
  get isDynamic(): boolean {
    return this.options.strategy === "simple-one-for-one"
  }

  /** Whether it has begun and not ended. */
  get isAlive(): boolean {
    return this.#alive
  }

  /** Starts all children in order; if one does not start, stops those that did, and rejects. */
  begin(): Promise<void> {
    this.#ending = false
    return this.#job(async () => {
      this.#history = []
      this.#alive = true
      this.#fill()
      const failed = await this.#start(this.members, true)
      if (failed === undefined) return
      await this.#halt()
      throw new ChildStartError(this.options.name, failed.member.id, { cause: failed.error })
    })
  }

  /**
   * Stops all children in reverse order, and ends. Nothing is started again any more, and a start
   * is not waited for any longer than an end.
   */
  end(reason: ExitReason = SHUTDOWN): Promise<void> {
    this.#ending = true
    this.#cancel(() => true)
    for (const member of this.members) member.hasten()
    return this.#job(async () => {
      if (this.#alive) await this.#endNow(reason)
    })
  }

  /** Ends at once; nobody is asked. */
  kill(reason: ExitReason): Promise<void> {
    const ended = this.end(reason)
    for (const member of this.members) member.kill()
    return ended
  }

  /** It will not begin again. */
  retire(reason: ExitReason): void {
    for (const member of this.members) member.life.retire(reason)
  }

  /** Starts one more child, as the last. */
  async add(spec: ChildSpec, more: readonly unknown[] = []): Promise<Member> {
    return this.#job(async () => {
      this.#mustLive()
      const present = this.isDynamic ? undefined : this.find(spec.id)
      if (present !== undefined) {
        throw new ChildStateError(spec.id, present.isUp ? "already started" : "already present")
      }
      checkMember(spec, new Set(), this.options.autoShutdown)
      const member = this.#member(spec, more)
      this.members.push(member)
      await this.#startAlone(member).catch((error: unknown) => {
        this.#forget(member, { reason: "failed", error })
        throw error
      })
      return member
    })
  }

  /** Stops one child. It stays known, unless it is temporary or dynamic. */
  stopChild(id: string): Promise<void> {
    return this.#job(async () => {
      const member = this.#present(id)
      await member.stop()
      member.state = "stopped"
      if (this.isDynamic || member.spec.restart === "temporary") this.#forget(member, SHUTDOWN)
    })
  }

  /** Starts one child that is stopped. */
  restartChild(id: string): Promise<void> {
    return this.#job(async () => {
      this.#mustLive()
      await this.#startAlone(this.#stopped(id))
    })
  }

  /** Forgets one child that is stopped. */
  removeChild(id: string): Promise<void> {
    return this.#job(async () => this.#forget(this.#stopped(id), SHUTDOWN))
  }

  /** The child with that id. */
  find(id: string): Member | undefined {
    return this.members.find((member) => member.id === id)
  }

  /** Names of the children that are up, as errors say them. */
  upNames(): string[] {
    return this.members
      .filter(({ isUp }) => isUp)
      .map(({ id }) => `child ${id} of ${this.options.name}`)
  }

  // ---- jobs ----

  #job<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#jobs.then(work)
    this.#jobs = done.then(nothing, nothing)
    return done
  }

  #exited(member: Member, incarnation: number, reason: ExitReason): void {
    void this.#job(async () => {
      if (!this.#alive || member.incarnation !== incarnation || member.state !== "running") return
      await this.#walk(this.#planExit(member, reason), reason, member)
    })
  }

  #planExit(member: Member, reason: ExitReason): Plan {
    const ending =
      reason.reason === "normal" || reason.reason === "shutdown" ? reason.reason : "failure"
    const plan = planExit(this.#situation(), member.id, ending)
    member.state = plan.act === "restart" ? "restarting" : "stopped"
    return plan
  }

  async #walk(first: Plan, reason: ExitReason, member: Member): Promise<void> {
    let plan: Plan | undefined = first
    let cause = reason
    let { id } = member
    while (plan !== undefined) {
      if (plan.act === "escalate") return this.#escalate(plan, cause, id)
      if (plan.act === "leave") return this.#leave(plan, cause)
      if (this.#ending) return
      const failed = await this.#restart(plan)
      if (failed === undefined) return
      cause = { reason: "failed", error: failed.error }
      id = failed.member.id
      plan = planRestart(this.#situation(), id)
    }
  }

  #leave({ forget }: Leave, cause: ExitReason): void {
    for (const id of forget) this.#forget(this.#present(id), cause)
  }

  async #escalate(plan: Escalate, { reason, error: cause }: ExitReason, id: string): Promise<void> {
    if (plan.because === "significant") return this.#endNow(SHUTDOWN)
    const { name, intensity } = this.options
    const { restarts, withinMs } = intensity
    const options = { child: id, reason, ...(cause === undefined ? {} : { cause }) }
    const error = new RestartIntensityError(name, restarts, withinMs, options)
    await this.#endNow({ reason: "shutdown", error })
  }

  async #restart(plan: RestartPlan): Promise<Failed | undefined> {
    this.#history = plan.history
    this.#cancel((ids) => ids.some((id) => plan.start.includes(id)))
    for (const id of plan.stop) await this.#present(id).stop()
    for (const id of plan.forget) this.#forget(this.#present(id), SHUTDOWN)
    const group = plan.start.map((id) => this.#present(id))
    for (const member of group) member.state = "restarting"
    if (plan.delayMs === 0) return this.#start(group)
    const waiting: Waiting = {
      ids: plan.start,
      timer: after(plan.delayMs, () => void this.#job(() => this.#resume(waiting))),
    }
    this.#waiting.push(waiting)
    return undefined
  }

  /** The back-off is over. */
  async #resume(waiting: Waiting): Promise<void> {
    if (!this.#waiting.includes(waiting)) return
    this.#waiting = this.#waiting.filter((other) => other !== waiting)
    const group = this.members.filter(({ id, state }) => {
      return state === "restarting" && waiting.ids.includes(id)
    })
    const failed = await this.#start(group)
    if (failed === undefined) return
    const cause: ExitReason = { reason: "failed", error: failed.error }
    await this.#walk(planRestart(this.#situation(), failed.member.id), cause, failed.member)
  }

  #cancel(which: (ids: readonly string[]) => boolean): void {
    this.#waiting = this.#waiting.filter((waiting) => {
      if (!which(waiting.ids)) return true
      waiting.timer.stop()
      return false
    })
  }

  // ---- children ----

  async #start(group: readonly Member[], isFirst = false): Promise<Failed | undefined> {
    for (const member of group) {
      if (this.#ending && !isFirst) return undefined
      try {
        const started = member.start()
        if (this.#ending) member.hasten()
        await started
      } catch (error) {
        member.state = "restarting"
        return { member, error }
      }
    }
    return undefined
  }

  /** A start that somebody asked for: if it fails, that one is told, and it is not tried again. */
  async #startAlone(member: Member): Promise<void> {
    try {
      await member.start()
    } catch (cause) {
      member.state = "stopped"
      throw new ChildStartError(this.options.name, member.id, { cause })
    }
  }

  async #endNow(reason: ExitReason): Promise<void> {
    await this.#halt()
    this.#onEnd(reason)
  }

  async #halt(): Promise<void> {
    this.#alive = false
    this.#cancel(() => true)
    const order = planShutdown(this.members).map((id) => this.#present(id))
    if (this.isDynamic) await Promise.all(order.reverse().map((member) => member.stop()))
    else for (const member of order) await member.stop()
    for (const member of this.members) member.state = "stopped"
    for (const member of this.#added()) this.#forget(member, SHUTDOWN)
  }

  /** All children it was made with are there, those that were forgotten in an earlier life, too. */
  #fill(): void {
    if (this.isDynamic) return
    const made: Member[] = []
    try {
      this.members = this.options.children.map((spec) => {
        const present = this.find(spec.id)
        if (present !== undefined) return present
        const member = this.#member(spec)
        made.push(member)
        return member
      })
    } catch (error) {
      for (const { life } of made) life.retire({ reason: "failed", error })
      throw error
    }
  }

  /** Children that were added while it ran: they do not come back with it. */
  #added(): Member[] {
    const { children } = this.options
    return this.members.filter(({ spec }) => this.isDynamic || !children.includes(spec))
  }

  #member(spec: ChildSpec, more: readonly unknown[] = []): Member {
    const id = this.isDynamic ? `${spec.id}#${++this.#serial}` : spec.id
    return new Member(id, spec, more, (...exit) => this.#exited(...exit))
  }

  #forget(member: Member, reason: ExitReason): void {
    this.members = this.members.filter((other) => other !== member)
    member.life.retire(reason)
  }

  #present(id: string): Member {
    const member = this.find(id)
    if (member === undefined) throw new ChildStateError(id, "not found")
    return member
  }

  #stopped(id: string): Member {
    const member = this.#present(id)
    if (member.state !== "stopped") throw new ChildStateError(id, member.state)
    return member
  }

  #mustLive(): void {
    if (!this.#alive) throw new ChildStateError(this.options.name, "stopped")
  }

  #situation(): Situation {
    const { strategy, autoShutdown, intensity, backoff } = this.options
    const children = this.members.map(({ id, spec, state }) => {
      return { id, restart: spec.restart, significant: spec.significant, state }
    })
    const chance = { now: now(), random: below(RESOLUTION) / RESOLUTION }
    return {
      strategy,
      autoShutdown,
      intensity,
      backoff,
      children,
      history: this.#history,
      ...chance,
    }
  }
}

/** A start that did not succeed. */
interface Failed {
  readonly member: Member
  readonly error: unknown
}

/** Steps of the jitter. */
const RESOLUTION = 1 << 20

function nothing(): void {}
