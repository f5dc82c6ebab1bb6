/**
 * Actors of an explored program: the room's own classes, references, supervisors, pools and routers
 * over mailboxes and lives that are played.
 */
import { type Actor, hasOnStart, isActorClass } from "../../../actor/actor.ts"
import type { DeadLetter } from "../../../actor/dead-letters.ts"
import type { ExitReason } from "../../../actor/exit.ts"
import type { ActorRef } from "../../../actor/ref.ts"
import { type Naming, wordsOf } from "../../../actor/registry.ts"
import type { Place, SpawnOptions } from "../../../actor/spawn.ts"
import type { ActorStage, Standing } from "../../../actor/stage.ts"
import type { Tree } from "../../../actor/trees.ts"
import type { ExitListener } from "../../../actor/watch.ts"
import { ActorStoppedError, ShutdownTimeoutError } from "../../../errors.ts"
import { MAILBOX_CAPACITY } from "../../../internal/platform/limits.ts"
import type { Callback } from "../../../task/code.ts"
import type { Footprint } from "../../operation.ts"
import { labelOf } from "../entry.ts"
import type { Finding } from "../finding.ts"
import { codeFor, prepare } from "../go.ts"
import type { Player, Take } from "../player.ts"
import type { Theatre } from "../theatre.ts"
import { pack } from "../values.ts"
import { awaitAnswer, NO_LIMITS } from "./ask.ts"
import { Box, type Life } from "./box.ts"
import { StagedTable } from "./bus.ts"
import { Company } from "./company.ts"
import { Home, running } from "./home.ts"
import { Question } from "./letter.ts"
import { died, mourns, retire } from "./lifecycle.ts"
import { watch } from "./watch.ts"

/** Puts something among what handles name, under a number. */
type Enter = <T extends Box | StagedTable>(make: (object: number) => T) => T

/** The actors of one execution. */
export class Room implements ActorStage {
  readonly supervisors = new Map<number, unknown>()
  readonly #theatre: Theatre
  readonly #company: Company
  readonly #enter: Enter
  /** Supervision trees, as each run of code has made them. */
  readonly #trees = new WeakMap<Take, Set<Tree>>()
  readonly #buses = new Map<number, StagedTable>()

  constructor(theatre: Theatre, enter: Enter) {
    this.#theatre = theatre
    this.#company = new Company(theatre)
    this.#enter = enter
    theatre.partyNow = () => running()?.party
  }

  #box(object: number): Box {
    return this.#company.boxes.get(object) as Box
  }

  prepare(
    code: Callback,
    args: readonly unknown[],
    { mailbox, whenDies }: SpawnOptions,
    supervised: boolean,
  ): ActorRef<unknown> {
    const theatre = this.#theatre
    const company = this.#company
    const loaded = codeFor(theatre, code)
    const box = theatre.operate("make actor", () => {
      const making = {
        name: code.name,
        code: loaded,
        args: pack(args, "args"),
        isFunction: !isActorClass(loaded),
        supervised,
        redelivers: whenDies === "redeliver",
        capacity: Math.min(mailbox?.capacity ?? MAILBOX_CAPACITY, 2 ** 31 - 1),
        whenFull: mailbox?.whenFull ?? "wait",
        owner: theatre.player,
      }
      const title = company.titleOf(code.name)
      return this.#enter((object) => {
        const made = new Box(company, object, title, making)
        company.boxes.set(object, made)
        return made
      })
    })
    box.codes.set(theatre.take, loaded)
    return box.ref
  }

  async start(object: number, on: Place | undefined): Promise<void> {
    const theatre = this.#theatre
    const box = this.#box(object)
    const isGuest = on === "here" || (on === "main" && theatre.player.isolate === 0)
    const life = theatre.operate("start actor", () => this.#found(box, isGuest))
    if (life === undefined) {
      if (box.state === "gone") throw box.goneError()
      throw new ActorStoppedError(box.title, "it is started already")
    }
    if (isGuest) await this.#begin(box, life)
    else await heard(box, life)
  }

  /** A life more, as part of a step; undefined where there is one, or can be none. */
  #found(box: Box, isGuest: boolean): Life | undefined {
    if (box.state !== "down") return undefined
    const theatre = this.#theatre
    const { player } = theatre
    box.touchAll()
    box.state = "lives"
    box.lives++
    const start = new Question(theatre, this.#company.mailOf(player), labelOf(box.title, "spawn"))
    const home = isGuest ? player : this.#isolateFor(box)
    const life: Life = { player: home, isGuest, party: home, home: undefined, start }
    box.life = life
    theatre.row(box.title, box.lives === 1 ? "spawn" : "restart", undefined, undefined)
    if (isGuest) {
      player.guests++
      return life
    }
    home.idle = () => life.home?.isIdle === true
    prepare(
      theatre,
      home,
      () => new Home(box, life).live(),
      () => [],
    )
    return life
  }

  /** A simulated isolate of its own. */
  #isolateFor(box: Box): Player {
    const theatre = this.#theatre
    const { player } = theatre
    const life = box.lives === 1 ? "" : ` life ${box.lives}`
    const home = theatre.admit(`${box.title}${life}`, player)
    home.isActor = true
    home.heard = true
    theatre.order.follow(home, player)
    theatre.meetAt(home.place, false, true)
    return home
  }

  async #begin(box: Box, life: Life): Promise<void> {
    const { isFunction, supervised } = box.making
    // A class that begins at once does so where it is spawned; others start by a first message.
    if (isFunction || supervised || hasOnStart(box.code.prototype as Actor)) await undefined
    void new Home(box, life).live()
    await heard(box, life)
  }

  end(object: number, reason: ExitReason): boolean {
    const home = this.#box(object).life?.home
    if (home === undefined || home.ended) return false
    home.exit(reason)
    return true
  }

  retire(object: number, reason: ExitReason): void {
    const box = this.#box(object)
    this.#theatre.operate("retire", () => retire(box, reason))
  }

  watch(object: number, listener: ExitListener): () => void {
    return watch(this.#box(object), listener)
  }

  link(object: number, target: number): void {
    const [box, other] = [this.#box(object), this.#box(target)]
    this.#theatre.operate("link", () => {
      box.touchAll()
      if (box.links.has(other)) return
      const heard = box.state === "down" ? 2 * box.lives - 1 : 2 * (box.lives - 1)
      if (box.reason === undefined) box.links.set(other, heard)
      else other.signal({ kind: "linked exit", parcel: box.reason })
    })
  }

  register(name: string, object: number): Naming {
    return this.#company.register(name, this.#box(object))
  }

  whereis(name: string): ActorRef<unknown> | undefined {
    wordsOf(name)
    return this.#company.whereis(name)?.ref
  }

  deadLetters(): AsyncIterableIterator<DeadLetter> {
    return this.#company.read()
  }

  standing(object: number): Standing {
    const box = this.#box(object)
    return this.#theatre.operate("standing", () => {
      const { state, lives, letters, current, making } = box
      for (const [place] of box.all(false)) this.#theatre.touched(place, false)
      const load = letters.length + (current === undefined ? 0 : 1)
      const { isFunction } = making
      return { state: state === "lives" ? "running" : state, lives, load, isFunction }
    })
  }

  goneError(object: number): Error {
    return this.#box(object).goneError()
  }

  refOf(object: number): ActorRef<unknown> {
    return this.#box(object).ref
  }

  self(): ActorRef<unknown> | undefined {
    return running()?.box.ref
  }

  makeBus(): number {
    const theatre = this.#theatre
    return theatre.operate("make bus", () => {
      const table = this.#enter((object) => new StagedTable(theatre, object))
      this.#buses.set(table.object, table)
      return table.object
    })
  }

  bus(object: number): StagedTable {
    return this.#buses.get(object) as StagedTable
  }

  plant(tree: Tree): () => void {
    const trees = this.#treesNow()
    trees.add(tree)
    return () => void trees.delete(tree)
  }

  #treesNow(): Set<Tree> {
    const { take } = this.#theatre
    const trees = this.#trees.get(take) ?? new Set()
    this.#trees.set(take, trees)
    return trees
  }

  /** Ends the trees of this isolate, the last first; kills what has not ended in time. */
  async shutdown(graceMs: number): Promise<void> {
    const trees = [...this.#treesNow()].reverse()
    let late: string[] = []
    const timer = this.#theatre.after(graceMs, () => {
      late = trees.flatMap((tree) => tree.names())
      for (const tree of trees) tree.kill()
    })
    for (const tree of trees) await tree.end()
    timer.stop()
    if (late.length > 0) throw new ShutdownTimeoutError(graceMs, late)
  }

  // What the theatre asks

  died(player: Player): void {
    this.#company.forget(player)
    died(this.#company.boxes.values(), player)
  }

  mourns(player: Player, into: Footprint): void {
    mourns(this.#company.boxes.values(), player, into)
    this.#company.mourns(into)
  }

  /** What is left when all has ended. */
  left(isStrict: boolean): Finding | null {
    for (const { title, life, state, letters } of this.#company.boxes.values()) {
      if (life?.isGuest === true && life.home?.isIdle === false) {
        const message = `${title} is busy for ever: nobody is left who could let it go on`
        return { kind: "partial deadlock", message }
      }
      if (isStrict && state === "lives" && letters.length > 0) {
        const message = `${title} holds ${letters.length} at the end: what was told was never handled`
        return { kind: "leak", message }
      }
    }
    return null
  }
}

/** Resolves when a life has started. */
function heard(box: Box, life: Life): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = { room: undefined, resolve: () => resolve(), reject, call: "a start" }
    awaitAnswer(box, life.start, NO_LIMITS, settle)
  })
}
