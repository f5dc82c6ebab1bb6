/**
 * What all locks have in common: a shared object, this isolate's side of it, and the handle.
 *
 * A *core* is the one object of this isolate that stands for the shared one; guards and waiting
 * operations refer to it, so it lives as long as any of them. The *handle* is what the program
 * sees; when it was disposed or moved away, the core goes as soon as nothing is held and nobody
 * waits.
 */
import { peek, poke, type Words } from "#platform/atomics"
import { ownUrl } from "#platform/module"
import { simulated } from "#platform/simulation"
import { HandleClosedError } from "../errors.ts"
import { useEntry } from "../internal/loop/entries.ts"
import { acquireObject, type Here, here } from "../internal/loop/here.ts"
import { Holdings } from "../internal/loop/holdings.ts"
import { Line, wakeFirst } from "../internal/loop/line.ts"
import { onDestroy, releaseObject } from "../internal/loop/objects.ts"
import { create, retain } from "../internal/memory/objects.ts"
import { countWaiting, isWaiting } from "../internal/queue/wait-queue.ts"
import { registerKind, Shareable } from "../internal/wire/shareable.ts"
import { dropName, type Label, type LockStatistics, nameOf, writeName } from "./label.ts"

/**
 * Wakes the first who waits in the queue at `queue`. Called after what is waited for has changed.
 */
export function wakeIn(at: Here, queue: number): void {
  if (isWaiting(at.words, queue)) wakeFirst(at, queue)
}

/** One shared object as this isolate uses it. */
export abstract class Core {
  readonly at: Here
  readonly words: Words
  readonly me: number
  readonly object: number
  /** Where this isolate waits for it. */
  readonly lines: Line[] = []
  readonly #queues: number[] = []
  /** Whether no handle of it is in use any more. */
  closing = false

  constructor(at: Here, object: number) {
    this.at = at
    this.words = at.words
    this.me = at.me
    this.object = object
  }

  /** Whether this isolate holds nothing of it. */
  abstract readonly isIdle: boolean

  /** What it is, as in statistics. */
  abstract readonly kind: LockStatistics["kind"]
  abstract readonly label: Label
  /** Ids of the isolates that hold it. */
  abstract holders(): number[]

  /** Counts that it was had. Only whoever has it may call this: the word is a plain one. */
  protected acquired(): void {
    const word = this.object + this.label.count
    poke(this.words, word, peek(this.words, word) + 1)
  }

  /** How often it was had. */
  acquisitions(): number {
    return peek(this.words, this.object + this.label.count) >>> 0
  }

  /** How many calls wait for it. */
  waiting(): number {
    return this.#queues.reduce((sum, queue) => sum + countWaiting(this.words, queue, this.me), 0)
  }

  /** The name it was made with, or "". */
  name(): string {
    return nameOf(this.words, this.object, this.label)
  }

  /** The lock as it is now. */
  statistics(): LockStatistics {
    return Object.freeze({
      kind: this.kind,
      name: this.name(),
      waiting: this.waiting(),
      holders: Object.freeze(this.holders()),
      acquisitions: this.acquisitions(),
    })
  }

  /** Lets go of the shared object; set by its family. */
  letGo: () => void = () => {}

  /** To be called when something was given back or a wait ended. */
  ended(): void {
    if (this.closing && this.isIdle && this.lines.every((line) => line.length === 0)) this.letGo()
  }

  /**
   * The operations of this isolate that wait in the queue at `queue`; `more` must not refer to the
   * core.
   */
  protected line(queue: number, more: () => boolean, takes = true): Line {
    const stand = simulated()
    const line =
      stand === undefined
        ? new Line(this.at, queue, more, takes)
        : (stand.play("line", [this.object, queue]) as Line)
    this.lines.push(line)
    this.#queues.push(queue)
    return line
  }
}

/** Base of the public classes: may be sent, moved, disposed. */
export abstract class SyncHandle<C extends Core> extends Shareable implements Disposable {
  abstract override readonly kindId: number
  readonly #core: C
  #closed = false

  constructor(core: C) {
    super()
    this.#core = core
  }

  /** The local side, checked for use. */
  protected get core(): C {
    this.assertUsable()
    if (this.#closed) throw new HandleClosedError(this.constructor.name)
    return this.#core
  }

  /** Who holds it, how many wait, how often it was had. Costs some microseconds. */
  override statistics(): LockStatistics {
    return this.core.statistics()
  }

  /**
   * Says that this isolate is done with it. What is held stays held until it is given back. Without
   * this call the garbage collector says so.
   */
  [Symbol.dispose](): void {
    if (this.#closed) return
    this.#closed = true
    this.#core.closing = true
    this.#core.ended()
  }

  /** The local side of any handle, in use or not. */
  static coreOf<C extends Core>(handle: SyncHandle<C>): C {
    return handle.#core
  }

  /** Whether the handle may be used here. */
  static isOpen(handle: SyncHandle<Core>): boolean {
    return !handle.#closed && Shareable.movedAt(handle) === ""
  }
}

/** What makes one kind of lock. */
export interface FamilyOptions<C extends Core, H extends SyncHandle<C>> {
  readonly id: number
  readonly name: string
  readonly bytes: number
  readonly label: Label
  readonly Core: new (at: Here, object: number) => C
  readonly Handle: new (core: C) => H
  /** Gives back what this isolate held but nothing of this isolate refers to any more. */
  leave(at: Here, object: number): void
  /** Undoes what the object holds beside its words. */
  destroy?(at: Here, object: number): void
}

/** One kind of lock in this isolate. */
export class Family<C extends Core, H extends SyncHandle<C>> {
  readonly #options: FamilyOptions<C, H>
  readonly #handles = new WeakMap<C, H>()
  readonly #holdings = new Holdings<C, readonly Line[]>((object, lines, last) => {
    if (last) this.#options.leave(here(), object)
    for (const line of lines) line.dispose()
  })

  constructor(options: FamilyOptions<C, H>) {
    this.#options = options
    const { id, name, Handle, label } = options
    onDestroy(id, (at, object) => {
      dropName(object, label)
      options.destroy?.(at, object)
    })
    registerKind<H>({
      id,
      name,
      handleOf: (value) => (value instanceof Handle ? SyncHandle.coreOf(value).object : 0),
      retain: (object) => retain(here().words, object),
      revive: (object) => this.#revive(object),
      release: (object) => releaseObject(here(), object),
      surrender: (handle) => handle[Symbol.dispose](),
    })
  }

  /** Makes a shared object, whose words `found` fills. */
  create(name: string, found: (words: Words, object: number) => void): H {
    const stand = simulated()
    if (stand !== undefined) return stand.play("lock", [this.#options, found]) as H
    const at = here()
    const object = acquireObject(at, this.#options.bytes)
    try {
      writeName(object, this.#options.label, name)
      found(at.words, object)
    } catch (error) {
      dropName(object, this.#options.label)
      at.arena.release(object)
      throw error
    }
    create(at.words, object, this.#options.id, at.me)
    const core = this.#core(at, object)
    this.#holdings.add(object, core, core.lines)
    return this.#handleOf(core)
  }

  #core(at: Here, object: number): C {
    const core = new this.#options.Core(at, object)
    core.letGo = () => this.#holdings.dispose(object, core)
    return core
  }

  #revive(object: number): H {
    const at = here()
    const core = this.#holdings.revive(at, object, () => {
      const made = this.#core(at, object)
      return [made, made.lines]
    })
    return this.#handleOf(core)
  }

  #handleOf(core: C): H {
    const known = this.#handles.get(core)
    if (known !== undefined && SyncHandle.isOpen(known)) return known
    const handle = new this.#options.Handle(core)
    core.closing = false
    this.#handles.set(core, handle)
    return handle
  }
}

// Whoever receives a lock can use it, whatever its own code imports.
useEntry(ownUrl("sync/index"))
