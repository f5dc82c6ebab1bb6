/** Ending an isolate from any isolate: main does it, the others tell main. */
import { after } from "#platform/clock"
import { RETRY_MS } from "#platform/limits"
import { isMainThread } from "#platform/thread"
import { here } from "../internal/loop/here.ts"
import { onNote, sendNote } from "../internal/loop/note.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isAlive, ownerOf } from "../internal/memory/owners.ts"
import { killIsolate } from "./roster.ts"

/**
 * Ends the isolate with this token, whatever it does. Main itself cannot be ended. When no memory
 * is left to tell main, it is told a little later.
 */
export function requestKill(token: number): void {
  if (isMainThread) {
    killIsolate(token)
    return
  }
  const at = here()
  if (!isAlive(at.words, token)) return
  try {
    sendNote(at, ownerOf(at.words, 0), KIND.KILL, token)
  } catch {
    after(RETRY_MS, () => requestKill(token))
  }
}

onNote(KIND.KILL, (token) => killIsolate(token))
