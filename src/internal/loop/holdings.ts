/**
 * The local objects of this isolate that stand for shared ones, and what happens when they are
 * collected.
 *
 * For each shared object there is at most one local object. While it lives the isolate holds the
 * shared one; when the garbage collector takes it, or it is disposed, `letGo` undoes the local side
 * and the isolate's reference is returned.
 *
 * Invariant   a local object that was collected does not take the reference of its successor along:
 *             the successor has told it
 */
import { isCondemned } from "../memory/guard.ts"
import { adopt } from "../memory/objects.ts"
import { type Here, here } from "./here.ts"
import { letGoOfObject } from "./objects.ts"
import { handleGone, handleMade } from "./pressure.ts"

/** A local object, weakly: one object of the heap for each, since there may be many. */
class Holding<T extends object, R> extends WeakRef<T> {
  readonly object: number
  /** What must be undone when the local object goes; must not refer to it. */
  readonly remains: R
  /** Its weight in the heap tells when to collect it: it is more than that of the shared one. */
  readonly isHeavy: boolean
  /** Whether the rest was undone before the local object was collected. */
  isOver = false
  /** Whether no other local object has come to stand for the same shared one. */
  isLast = true

  constructor(local: T, object: number, remains: R, isHeavy: boolean) {
    super(local)
    this.object = object
    this.remains = remains
    this.isHeavy = isHeavy
  }
}

/** The local objects of one kind. `R` is what remains of one when it is collected. */
export class Holdings<T extends object, R> {
  readonly #local = new Map<number, Holding<T, R>>()
  readonly #undo: (object: number, remains: R, last: boolean) => void
  /** Without a token to unregister by: that would cost half as much again for each. */
  readonly #registry = new FinalizationRegistry<Holding<T, R>>((holding) => {
    const { words, me } = here()
    if (!holding.isOver && !isCondemned(words, me)) this.#collected(holding)
  })

  /**
   * @param undo undoes what one local object leaves behind; `last` when no other stands for the
   * same
   *   shared one, so that this isolate lets go of it
   */
  constructor(undo: (object: number, remains: R, last: boolean) => void) {
    this.#undo = undo
  }

  /** The local object that stands for `object`, if there is one. */
  get(object: number): T | undefined {
    return this.#local.get(object)?.deref()
  }

  /**
   * `local` stands for `object` from here on, if it does not already; this isolate holds it.
   * `isHeavy` when it keeps more of the heap than of the shared memory.
   */
  add(object: number, local: T, remains: R, isHeavy = false): void {
    const before = this.#local.get(object)
    if (before !== undefined) {
      if (before.deref() === local) return
      before.isLast = false
    }
    if (!isHeavy) handleMade()
    const holding = new Holding(local, object, remains, isHeavy)
    this.#local.set(object, holding)
    this.#registry.register(local, holding)
  }

  /** Adopts a message's reference to `object`; `make` gives the local object and its remains. */
  revive(at: Here, object: number, make: () => [local: T, remains: R]): T {
    adopt(at.words, object, at.me)
    const known = this.get(object)
    if (known !== undefined) return known
    const [local, remains] = make()
    this.add(object, local, remains)
    return local
  }

  /** Lets go of `object` now instead of when its local object is collected. */
  dispose(object: number, local: T): void {
    const holding = this.#local.get(object)
    if (holding?.deref() !== local) return
    holding.isOver = true
    this.#collected(holding)
  }

  #collected(holding: Holding<T, R>): void {
    const { object, remains, isHeavy, isLast } = holding
    if (!isHeavy) handleGone()
    this.#undo(object, remains, isLast)
    if (!isLast) return
    this.#local.delete(object)
    letGoOfObject(here(), object)
  }
}
