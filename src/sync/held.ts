/** Holding a lock: the guard, and what happens after the death of the holder before. */
import { nextTurn } from "#platform/clock"
import { HandleClosedError, type HeldLock, LockOwnerDiedError } from "../errors.ts"
import { slotOf } from "../internal/memory/owners.ts"
import { staysHere } from "../internal/wire/codec-refusal.ts"
import { checkFunction } from "../internal/wire/given.ts"
import { checkNames } from "../internal/wire/shown.ts"
import { checkBlock, checkWait, type LockWaitOptions } from "./waiting.ts"

/** What is done for a lock whose holder died. */
export interface LockOptions extends LockWaitOptions {
  /**
   * Called when the holder before died: with the lock held, before the call goes on as if nothing
   * had happened. When it throws, the next holder learns of the death again. Without it the call
   * rejects with `LockOwnerDiedError`.
   */
  readonly repair?: (death: LockOwnerDiedError) => void | PromiseLike<void>
}

/** As `LockOptions`, for calls that block. */
export interface SyncLockOptions {
  /** Milliseconds to wait at most; as long as it takes unless given. */
  readonly timeoutMs?: number
  /** As in `LockOptions`, but done when it returns. */
  readonly repair?: (death: LockOwnerDiedError) => void
}

/** As `LockOptions`, for calls that do not wait. */
export type TryLockOptions = Pick<SyncLockOptions, "repair">

/**
 * Looks at the options of a call that locks; a rejected promise when its signal has aborted.
 *
 * @throws {TypeError} {RangeError} for options that it does not have, or that make no sense
 */
export function checkLock(
  options: LockOptions | undefined,
  what: string,
): Promise<never> | undefined {
  if (options === undefined) return undefined
  const refused = checkWait(options, what, "repair")
  checkRepair(options.repair)
  return refused
}

/** As `checkLock`, of a call that blocks: how many milliseconds it waits at most. */
export function checkLockSync(options: SyncLockOptions, what: string): number {
  const timeoutMs = checkBlock(options, what, "repair")
  checkRepair(options.repair)
  return timeoutMs
}

/** As `checkLock`, of a call that does not wait. */
export function checkTryLock(options: TryLockOptions | undefined, what: string): void {
  if (options === undefined) return
  checkNames(options, what, ["repair"])
  checkRepair(options.repair)
}

function checkRepair(repair: unknown): void {
  if (repair !== undefined) checkFunction(repair, "repair")
}

/** What a guard holds. */
export interface Hold {
  /** The lock's name, or "". */
  name(): string
  /** Gives it back; `dead` is the token of a holder before whose death was not repaired, else 0. */
  giveBack(dead: number): void
}

/** A lock that this task holds. */
export class LockGuard implements HeldLock {
  #hold: Hold | undefined

  constructor(hold: Hold) {
    this.#hold = hold
  }

  /**
   * Gives the lock back. Costs two atomic operations when nobody waits.
   *
   * @throws {HandleClosedError} when it was given back before
   */
  unlock(): void {
    const hold = this.#hold
    if (hold === undefined) throw new HandleClosedError("LockGuard", "was unlocked before")
    this.#hold = undefined
    hold.giveBack(0)
  }

  /** As `unlock`, but does nothing when the lock was given back before. */
  [Symbol.dispose](): void {
    if (this.#hold !== undefined) this.unlock()
  }

  /** The error for a guard whose holder before, `dead`, died. */
  static deathOf(guard: LockGuard, dead: number, claim?: () => LockGuard | undefined) {
    return new LockOwnerDiedError(slotOf(dead), guard.#hold?.name(), claim)
  }

  /** Gives the lock back as it was found: its holder before, `dead`, left something half done. */
  static putBack(guard: LockGuard, dead: number): void {
    const hold = guard.#hold
    guard.#hold = undefined
    hold?.giveBack(dead)
  }
}

staysHere(LockGuard, "it stays with who locked: send the lock, and lock it where it is needed")

/** The error for a guard whose holder before died; it carries the guard until the next turn. */
function ownerDied(guard: LockGuard, dead: number): LockOwnerDiedError {
  let state: "offered" | "claimed" | "gone" = "offered"
  nextTurn(() => {
    if (state !== "offered") return
    state = "gone"
    LockGuard.putBack(guard, dead)
  })
  return LockGuard.deathOf(guard, dead, () => {
    if (state === "gone") return undefined
    state = "claimed"
    return guard
  })
}

/**
 * Gives a lock that was taken: `dead` is 0, or the token of the holder before, who died. Then the
 * lock is given once that was repaired.
 */
export function guarded(
  guard: LockGuard,
  dead: number,
  repair: LockOptions["repair"],
): Promise<LockGuard> {
  return dead === 0 ? Promise.resolve(guard) : repaired(guard, dead, repair)
}

async function repaired(
  guard: LockGuard,
  dead: number,
  repair: LockOptions["repair"],
): Promise<LockGuard> {
  if (repair === undefined) throw ownerDied(guard, dead)
  try {
    await repair(LockGuard.deathOf(guard, dead))
  } catch (error) {
    LockGuard.putBack(guard, dead)
    throw error
  }
  return guard
}

/** As `guarded`, at once. */
export function guardedSync(
  guard: LockGuard,
  dead: number,
  repair: SyncLockOptions["repair"],
): LockGuard {
  if (dead === 0) return guard
  if (repair === undefined) throw ownerDied(guard, dead)
  try {
    repair(LockGuard.deathOf(guard, dead))
  } catch (error) {
    LockGuard.putBack(guard, dead)
    throw error
  }
  return guard
}
