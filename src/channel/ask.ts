/**
 * Asking the lone owner of a side for it: a node in its inbox.
 *
 * The owner gives the side up at its next operation or its next turn, whichever comes first, and
 * wakes those who wait on that side.
 */
import { read, write } from "#platform/atomics"
import { acquire, type Here, here } from "../internal/loop/here.ts"
import { onNode } from "../internal/loop/pump.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isAlive } from "../internal/memory/owners.ts"
import { tell } from "../internal/queue/inbox.ts"

const NODE_BYTES = 64
const OBJECT = 2
const PLACE = 3

/** Gives up the side at `place` of the channel `object`, if it is this isolate's. */
export type GiveUp = (object: number, place: number) => void

let giveUp: GiveUp = () => {}

/** Says who carries out what is asked. */
export function onAsk(handler: GiveUp): void {
  giveUp = handler
}

/** Asks the isolate `owner` for the side at `place`. The caller stands in line on that side. */
export function askForSide(at: Here, object: number, place: number, owner: number): void {
  if (owner === 0 || !isAlive(at.words, owner)) return
  const node = acquire(at, NODE_BYTES)
  write(at.words, node, KIND.ASK)
  write(at.words, node + OBJECT, object)
  write(at.words, node + PLACE, place)
  tell(at.words, owner, node, node)
}

onNode(KIND.ASK, (node) => {
  const at = here()
  const object = read(at.words, node + OBJECT)
  const place = read(at.words, node + PLACE)
  at.arena.release(node)
  giveUp(object, place)
})
