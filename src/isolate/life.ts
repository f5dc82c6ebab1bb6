/** How a life begins in a slot; `reap.ts` is how it ends. */
import { store, type Words, write } from "#platform/atomics"
import { PAGE, pageOf } from "../internal/memory/layout.ts"
import { newToken, settle } from "../internal/memory/owners.ts"
import { clearInbox } from "../internal/queue/inbox.ts"

/**
 * Begins a life in a free slot, whose page and inbox are then as new: its token, for the thread
 * that is to live it. `isApart`: it will run no tasks. Called in main only.
 */
export function beginLife(words: Words, slot: number, isApart: boolean): number {
  const token = newToken(words, slot)
  const page = pageOf(slot)
  write(words, page + PAGE.CONDEMNED, 0)
  write(words, page + PAGE.APART, isApart ? 1 : 0)
  write(words, page + PAGE.GUARDED, 0)
  write(words, page + PAGE.SHELTERED, 0)
  store(words, page + PAGE.SLEEPING, 0)
  clearInbox(words, token)
  settle(words, token)
  return token
}
