/** What this isolate is allowed: settings that rooms of different floors ask for. */
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
  if (isMainThread && !blockMain) throw new BlockingNotAllowedError(operation)
}
