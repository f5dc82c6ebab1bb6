/** Ending an isolate from any isolate: main does it, the others tell main. */
import { read, write } from "#platform/atomics"
import { after } from "#platform/clock"
import { RETRY_MS } from "#platform/limits"
import { isMainThread } from "#platform/thread"
import { here } from "../internal/loop/here.ts"
import { onNode } from "../internal/loop/pump.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isAlive, ownerOf } from "../internal/memory/owners.ts"
import { tell } from "../internal/queue/inbox.ts"
import { killIsolate } from "./roster.ts"

const NODE_BYTES = 64
const VICTIM = 2

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
  const node = at.arena.acquire(NODE_BYTES)
  if (node === 0) {
    after(RETRY_MS, () => requestKill(token))
    return
  }
  write(at.words, node, KIND.KILL)
  write(at.words, node + VICTIM, token)
  const main = ownerOf(at.words, 0)
  tell(at.words, main, node, node)
}

onNode(KIND.KILL, (node) => {
  const at = here()
  const token = read(at.words, node + VICTIM)
  at.arena.release(node)
  killIsolate(token)
})
