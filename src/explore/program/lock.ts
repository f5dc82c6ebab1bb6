/**
 * Locks of an explored program: the room's own code over words of this heap.
 *
 * Each simulated isolate has its own core over the same words, as in reality. What waits is tried,
 * and tried again when something was done with the same object.
 */
import type { Operation } from "../../internal/loop/line.ts"
import type { Hold } from "../../sync/held.ts"
import type { Core, FamilyOptions, SyncHandle } from "../../sync/shared.ts"
import type { Attempt } from "../../sync/waiting.ts"
import type { Footprint } from "../operation.ts"
import { type Deed, type Label, labelOf } from "./entry.ts"
import type { Player } from "./player.ts"
import type { Theatre } from "./theatre.ts"

/** What a family of locks is made of. */
export type LockOptions = FamilyOptions<Core, SyncHandle<Core>>

/** Methods of cores that change nothing others could see. */
const LOOKS = new Set(["look", "hadTurn", "step"])

/** What a reader of a report calls them. */
const WORDS: Readonly<Record<string, string>> = {
  giveBack: "give back",
  enterReading: "read",
  enterWriting: "write",
  enterClaimed: "write",
  "reading giveBack": "give back",
  "writing giveBack": "give back",
}

/** Methods of handles that wait. */
const WAITS = ["lock", "read", "write", "acquire", "wait", "get"]

function isImmediate(argument: unknown): boolean {
  return (
    typeof argument === "object" && argument !== null && Reflect.get(argument, "timeoutMs") === 0
  )
}

/** What came of trying to take a lock, in words. */
function said(answer: unknown): unknown {
  if (isAttempt(answer)) return "waits"
  if (typeof answer !== "number") return answer
  if (answer === 0) return "taken"
  if (answer === -2) return "claimed"
  return answer < 0 ? "busy" : "taken, its owner died"
}

/** What a core offers beside what can be done with it. */
const LOCAL = new Set(["ended", "letGo", "line", "name", "readingGuard", "outcome", "run"])

/** Of these, those that use what only the bare core has. */
const BARE = new Set(["outcome", "run"])

/** What a guard gives back, where a core has several. */
function isHold(value: unknown): value is Hold {
  return typeof value === "object" && value !== null && "giveBack" in value
}

/** One lock, for all who use it. */
export class StagedLock {
  readonly theatre: Theatre
  readonly object: number
  readonly options: LockOptions
  readonly place: number
  readonly title: string
  /** Whether what is asked of it now is tried at once. */
  isNow = false
  /** What waits for it. */
  readonly waits = new Set<LockWait>()
  /** Changes whenever something was done with it. */
  version = 0
  readonly #cores = new Map<Player, Core>()
  readonly #make: (player: Player) => Core

  constructor(
    theatre: Theatre,
    object: number,
    nth: number,
    options: LockOptions,
    make: (player: Player) => Core,
  ) {
    this.theatre = theatre
    this.object = object
    this.options = options
    this.place = theatre.newPlace()
    this.title = `${options.name.toLowerCase()} ${nth}`
    this.#make = make
  }

  /** Whether a simulated isolate has used it. */
  isUsedBy(player: Player): boolean {
    return this.#cores.has(player)
  }

  /** The simulated isolates that hold it. */
  holders(): Player[] {
    return [...this.#reals].filter(([, core]) => !core.isIdle).map(([player]) => player)
  }
  readonly #reals = new Map<Player, Core>()

  /** The local side of the simulated isolate that runs now. */
  core(): Core {
    const { player } = this.theatre
    let core = this.#cores.get(player)
    if (core === undefined) {
      const real = this.#make(player)
      this.#reals.set(player, real)
      core = this.#watched(real)
      this.#cores.set(player, core)
    }
    return core
  }

  /** A handle that belongs to whichever simulated isolate uses it. */
  handle(): SyncHandle<Core> {
    const handle = new this.options.Handle(this.core())
    Object.defineProperty(handle, "core", { get: () => this.core() })
    for (const name of WAITS) if (name in handle) this.#sooner(handle, name)
    return handle
  }

  /** A call with `timeoutMs: 0` does not wait: it is tried at once. */
  #sooner(handle: SyncHandle<Core>, name: string): void {
    const method = Reflect.get(handle, name) as (...args: unknown[]) => unknown
    const value = (...args: unknown[]): unknown => {
      this.isNow = args.some(isImmediate)
      try {
        return Reflect.apply(method, handle, args)
      } finally {
        this.isNow = false
      }
    }
    Object.defineProperty(handle, name, { value })
  }

  /** Something was done with it: those who wait try again. */
  changed(): void {
    for (const wait of this.waits) if (!wait.ready()) this.theatre.enables(wait)
    this.version++
  }

  /** What is done with it. */
  label(operation: string): Label {
    let label = this.#labels.get(operation)
    if (label === undefined) {
      label = labelOf(this.title, operation)
      this.#labels.set(operation, label)
    }
    return label
  }
  readonly #labels = new Map<string, Label>()

  /** What is done to a core is a step. */
  #watched(real: Core): Core {
    const methods = new Map<PropertyKey, unknown>()
    return new Proxy(real, {
      get: (target, name) => {
        // Nothing is tried at once: when it is tried is what is explored.
        if (name === "mayOvertake" || name === "mayWriteFirst") return this.isNow
        const known = methods.get(name)
        if (known !== undefined) return known
        const value = Reflect.get(target, name, target)
        if (LOCAL.has(String(name))) {
          return typeof value === "function" && BARE.has(String(name)) ? value.bind(target) : value
        }
        if (isHold(value)) return this.#hold(String(name), value, methods)
        if (typeof value === "boolean") return this.#looked(String(name), target)
        if (typeof value !== "function") return value
        const method = (...args: unknown[]) =>
          this.#done(String(name), () => value.apply(target, args))
        methods.set(name, method)
        return method
      },
      set: (target, name, value) => Reflect.set(target, name, value, target),
    })
  }

  #hold(name: string, hold: Hold, known: Map<PropertyKey, unknown>): Hold {
    const act = (dead: number) => this.#done(`${name} giveBack`, () => hold.giveBack(dead))
    const giveBack = (dead: number): void => void act(dead)
    const watched = { name: () => hold.name(), giveBack }
    known.set(name, watched)
    return watched
  }

  /** What is tried of something begun, and given up, is a step as well. */
  #attempted(value: unknown): unknown {
    if (!isAttempt(value)) return value
    const { what, core, gate, inTurn } = value
    return {
      what,
      core,
      gate,
      inTurn,
      step: (claimed: boolean) => this.#done("step", () => value.step(claimed)),
      giveUp: () => this.#done("give up", () => value.giveUp?.() ?? true),
      isOwn: () => value.isOwn(),
      end: () => value.end?.(),
    }
  }

  #looked(name: string, core: Core): unknown {
    const look = new LockNow(this, name, false)
    return this.theatre.choose(look, () => Reflect.get(core, name, core))
  }

  #done(name: string, act: () => unknown): unknown {
    const { theatre } = this
    const deed = new LockNow(this, name, !LOOKS.has(name))
    return theatre.choose(deed, () => {
      theatre.meetAt(this.place, true, true)
      const answer = this.#attempted(act())
      deed.looks ||= answer === -1 || answer === "wait"
      if (!deed.looks) this.changed()
      if (!LOOKS.has(name)) theatre.row(this.title, WORDS[name] ?? name, undefined, said(answer))
      return answer
    })
  }
}

/** Whether a core has begun something that is to be waited for. */
function isAttempt(value: unknown): value is Attempt & { end?(): unknown } {
  return typeof value === "object" && value !== null && "step" in value && "gate" in value
}

/** Something done to a lock at once. */
class LockNow implements Deed {
  readonly label: Label
  /** It has changed nothing: what was wanted could not be had. */
  looks: boolean
  readonly #lock: StagedLock

  constructor(lock: StagedLock, operation: string, writes: boolean) {
    this.#lock = lock
    this.looks = !writes
    this.label = lock.label(operation)
  }

  ready(): boolean {
    return true
  }

  attempt(): boolean {
    return true
  }

  touch(into: Footprint): void {
    into.add(this.#lock.place, !this.looks)
  }
}

/** An operation that waits for a lock. */
class LockWait implements Deed {
  readonly label: Label
  readonly covers = true
  readonly operation: Operation
  readonly #lock: StagedLock
  #tried = -1

  readonly #gone: () => void

  constructor(lock: StagedLock, operation: Operation, gone: () => void = () => {}) {
    this.#gone = gone
    this.#lock = lock
    this.operation = operation
    this.label = lock.label("wait")
  }

  ready(): boolean {
    return this.#tried !== this.#lock.version
  }

  attempt(): boolean {
    const before = this.#lock.version
    const done = this.#lock.theatre.within(() => this.operation.attempt())
    // An attempt that failed has changed nothing, whatever its core counted.
    if (!done) {
      this.#lock.version = before
      this.#tried = before
    }
    return done
  }

  touch(into: Footprint): void {
    into.add(this.#lock.place, true)
  }

  waitsFor(): readonly Player[] {
    return this.#lock.holders()
  }

  replaces(before: Deed): void {
    this.#tried = (before as LockWait).#tried
    this.#lock.waits.delete(before as LockWait)
    this.#lock.waits.add(this)
  }

  gone(): void {
    this.#gone()
    this.#lock.waits.delete(this)
  }
}

/** The operations of one simulated isolate that wait in one place of a lock. */
export class StagedLine {
  readonly #lock: StagedLock
  readonly #waiting = new Map<Operation, LockWait>()

  constructor(lock: StagedLock) {
    this.#lock = lock
  }

  /** Nothing is tried at once: when it is tried is what is explored. */
  get length(): number {
    return this.#lock.isNow ? 0 : 1
  }

  wait(operation: Operation): void {
    const deed = new LockWait(this.#lock, operation, () => this.#waiting.delete(operation))
    this.#waiting.set(operation, deed)
    if (this.#lock.theatre.enter(deed)) this.#lock.waits.add(deed)
  }

  waitInTurn(operation: Operation): void {
    this.wait(operation)
  }

  giveUp(operation: Operation): boolean {
    const deed = this.#waiting.get(operation)
    return deed !== undefined && this.#lock.theatre.withdraw(deed)
  }

  block(operation: Operation, timeoutMs: number): boolean {
    return this.#lock.theatre.block(new LockWait(this.#lock, operation), timeoutMs)
  }

  serve(): void {}

  dispose(): void {}
}
