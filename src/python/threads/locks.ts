/**
 * `_thread.lock`, `_thread.RLock` and the import lock, over CPython's own objects: what C does
 * without waiting is done here on the same bytes, and what would wait stands in line.
 */
import { type Calls, deadlineIn } from "./calls.ts"
import { LOCK } from "./layout.ts"
import type { CFunction } from "./module.ts"
import type { Native, Natives } from "./natives.ts"
import type { Parking } from "./parking.ts"
import type { Scheduler } from "./scheduler.ts"
import type { Pointer, Waiting } from "./seam.ts"

/** Where a tuple's first item lies. */
const FIRST_ITEM = 16

/** What all locks of an interpreter use. */
export interface LockTools {
  readonly calls: Calls
  readonly natives: Natives
  readonly parking: Parking
  readonly scheduler: Scheduler
}

/** How long to wait: milliseconds, or undefined for ever; "raised", or for C's own complaint. */
type Patience = number | undefined | "raised" | "wrong"

const SECOND_MS = 1000

/** The arguments of `acquire(blocking=True, timeout=-1)`. */
function patience(calls: Calls, args: Pointer, kwargs: Pointer): Patience {
  const count = calls.length(args)
  if (kwargs === 0 && count === 0) return undefined
  if (kwargs === 0 && count === 1) {
    const blocking = calls.module.HEAPU32[(args + FIRST_ITEM) >> 2]
    if (blocking === calls.true) return undefined
    if (blocking === calls.false) return 0
  }
  const given = calls.parse(args, kwargs, "|pO:acquire", ["blocking", "timeout"], [1, 0])
  if (given === undefined) return "raised"
  const [blocking, timeout] = given as [number, Pointer]
  const ms = timeout === 0 ? -SECOND_MS : calls.milliseconds(timeout)
  if (ms === undefined) return "raised"
  if (ms === -SECOND_MS) return blocking === 0 ? 0 : undefined
  return blocking === 0 || ms < 0 ? "wrong" : ms
}

/** One kind of lock: how it is taken and let go at an address. */
interface Kind {
  /** Takes it if it is free, or was handed over. */
  take(lock: Pointer, granted: boolean): boolean
  /** Lets it go for the next one. */
  letGo(lock: Pointer): void
}

/** `acquire` of a kind of lock, in place of C's. */
function acquire({ calls, parking }: LockTools, kind: Kind, before: CFunction): Native {
  return (lock, args = 0, kwargs = 0) => {
    const wait = patience(calls, args, kwargs)
    if (wait === "raised") return 0
    if (wait === "wrong") return before(lock, args, kwargs)
    if (kind.take(lock, false)) return calls.true
    if (wait === 0) return calls.false
    return parking.wait({
      key: lock,
      take: (granted) => (kind.take(lock, granted) ? calls.true : undefined),
      late: () => calls.false,
      giveBack: () => kind.letGo(lock),
      deadline: deadlineIn(wait),
    })
  }
}

/** Replaces the methods of `_thread.lock`. */
export function installLock(tools: LockTools): void {
  const { calls, natives, parking } = tools
  const { module } = calls
  const kind: Kind = {
    take: (lock, granted) => {
      if (module.HEAPU8[lock + LOCK.BITS] !== 0) return granted
      module.HEAPU8[lock + LOCK.BITS] = 1
      return true
    },
    letGo: (lock) => {
      if (parking.hand(lock)) return
      module.HEAPU8[lock + LOCK.BITS] = 0
      parking.wakeOne(lock)
    },
  }
  const release = (lock: Pointer): Pointer => {
    if (module.HEAPU8[lock + LOCK.BITS] === 0) return calls.runtimeError("release unlocked lock")
    kind.letGo(lock)
    return calls.none
  }
  for (const name of ["acquire", "acquire_lock", "__enter__"])
    natives.replaceWaiting("_thread", `lock.${name}`, (before) => acquire(tools, kind, before))
  for (const name of ["release", "release_lock", "__exit__"])
    natives.replace("_thread", `lock.${name}`, () => release)
}

/** Replaces the methods of `_thread.RLock`, whose owner C knows by a number all threads share. */
export function installRLock(tools: LockTools): void {
  const { calls, natives, scheduler } = tools
  const owner = new Owners(tools)
  const release = (lock: Pointer): Pointer =>
    owner.release(lock) ? calls.none : calls.runtimeError("cannot release un-acquired lock")
  for (const name of ["acquire", "__enter__"])
    natives.replaceWaiting("_thread", `RLock.${name}`, (before) => acquire(tools, owner, before))
  for (const name of ["release", "__exit__"])
    natives.replace("_thread", `RLock.${name}`, () => release)
  natives.replace("_thread", "RLock._is_owned", () => (lock) => calls.bool(owner.isMine(lock)))
  natives.replace(
    "_thread",
    "RLock._recursion_count",
    () => (lock) => calls.int(owner.isMine(lock) ? owner.level(lock) + 1 : 0),
  )
  natives.replace("_thread", "RLock._release_save", () => (lock) => {
    if (!owner.isHeld(lock)) return calls.runtimeError("cannot release un-acquired lock")
    const saved = calls.variadic(owner.level(lock) + 1, owner.of(lock))
    const result = calls.module._Py_BuildValue(calls.format("(kk)"), saved)
    owner.set(lock, scheduler.here.ident, 0)
    owner.release(lock)
    return result
  })
  natives.replaceWaiting("_thread", "RLock._acquire_restore", () => restore(tools, owner))
}

/** `RLock._acquire_restore((count, owner))`. */
function restore({ calls, parking }: LockTools, owners: Owners): Native {
  return (lock, args): Pointer | Waiting => {
    const saved = calls.parseTuple(args, "(kk):_acquire_restore", [0, 0])
    if (saved === undefined) return 0
    const [count, owner] = saved as [number, number]
    const take = (granted: boolean) => {
      if (!owners.take(lock, granted)) return undefined
      owners.set(lock, owner, count - 1)
      return calls.none
    }
    return (
      take(false) ??
      parking.wait({
        key: lock,
        take,
        late: () => calls.none,
        giveBack: () => owners.letGo(lock),
      })
    )
  }
}

/** Locks with an owner, in the memory of CPython's objects. */
class Owners implements Kind {
  readonly #tools: LockTools

  constructor(tools: LockTools) {
    this.#tools = tools
  }

  get #module() {
    return this.#tools.calls.module
  }

  isHeld(lock: Pointer): boolean {
    return this.#module.HEAPU8[lock + LOCK.BITS] !== 0
  }

  of(lock: Pointer): number {
    return this.#module.HEAPU32[(lock + LOCK.OWNER) >> 2]
  }

  isMine(lock: Pointer): boolean {
    return this.isHeld(lock) && this.of(lock) === this.#tools.scheduler.here.ident
  }

  level(lock: Pointer): number {
    return this.#module.HEAPU32[(lock + LOCK.LEVEL) >> 2]
  }

  set(lock: Pointer, owner: number, level: number): void {
    const { HEAPU32 } = this.#module
    HEAPU32[(lock + LOCK.OWNER) >> 2] = owner
    HEAPU32[(lock + LOCK.LEVEL) >> 2] = level
  }

  take(lock: Pointer, granted: boolean): boolean {
    const { ident } = this.#tools.scheduler.here
    if (this.isMine(lock)) this.set(lock, ident, this.level(lock) + 1)
    else if (this.isHeld(lock) && !granted) return false
    else this.set(lock, ident, 0)
    this.#module.HEAPU8[lock + LOCK.BITS] = 1
    return true
  }

  /** Undoes one `take` of this thread; false when it does not hold the lock. */
  release(lock: Pointer): boolean {
    if (!this.isMine(lock)) return false
    const level = this.level(lock)
    if (level > 0) this.set(lock, this.of(lock), level - 1)
    else this.letGo(lock)
    return true
  }

  letGo(lock: Pointer): void {
    this.set(lock, 0, 0)
    if (this.#tools.parking.hand(lock)) return
    this.#module.HEAPU8[lock + LOCK.BITS] = 0
    this.#tools.parking.wakeOne(lock)
  }
}

/** Replaces `_imp`'s lock around the table of module locks; its key is no object's address. */
export function installImportLock({ calls, natives, parking, scheduler }: LockTools): void {
  const key = 1
  let owner = 0
  let level = 0
  const take = (granted = false): Pointer | undefined => {
    const { ident } = scheduler.here
    if (level > 0 && owner !== ident && !granted) return undefined
    level = owner === ident ? level + 1 : 1
    owner = ident
    return calls.none
  }
  const letGo = () => {
    owner = 0
    if (parking.hand(key)) return
    level = 0
    parking.wakeOne(key)
  }
  natives.replaceWaiting(
    "_imp",
    "acquire_lock",
    () => () => take() ?? parking.wait({ key, take, late: () => calls.none, giveBack: letGo }),
  )
  natives.replace("_imp", "release_lock", () => () => {
    if (level === 0 || owner !== scheduler.here.ident)
      return calls.runtimeError("not holding the import lock")
    if (level > 1) level--
    else letGo()
    return calls.none
  })
  natives.replace("_imp", "lock_held", () => () => calls.bool(level > 0))
}
