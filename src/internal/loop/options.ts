/** What this isolate is allowed: settings that rooms of different floors ask for. */
import { simulated } from "#platform/simulation"
import { isMainThread } from "#platform/thread"
import { BlockingNotAllowedError } from "../../errors.ts"

let blockMain = false

/** Allows or forbids `…Sync` operations that wait in the main isolate; forbidden unless allowed. */
export function allowBlockingMain(allowed: boolean): void {
  blockMain = allowed
}

/**
 * Called by every operation that may block this thread, before it does.
 *
 * @throws {BlockingNotAllowedError} in the main isolate, unless it was allowed
 */
export function checkMayBlock(operation: string): void {
  const stand = simulated()
  const main = stand === undefined ? isMainThread : stand.play("mayBlock", []) === false
  if (main && !blockMain) throw new BlockingNotAllowedError(operation)
}
