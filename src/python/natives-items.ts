/** Simple values on their way: items of queues and channels, requests. */
import { write } from "#platform/atomics"
import { acquire } from "../internal/loop/here.ts"
import { ITEM } from "./chain.ts"
import type { Inside } from "./inside.ts"

/** Words before the value of an item. */
const ITEM_BYTES = 4 * ITEM.VALUE

/** An item with a simple value that this interpreter sends; 0 when shared memory is used up. */
export function makeItem(
  { at, values, id }: Inside,
  value: number,
  bytes: number,
  policy: number,
  flags: number,
): number {
  const item = at.arena.acquire(ITEM_BYTES + bytes)
  if (item === 0) return 0
  const { words } = at
  write(words, item + ITEM.POLICY, policy)
  write(words, item + ITEM.OWNER, id)
  write(words, item + ITEM.FLAGS, flags)
  write(words, item + ITEM.TICKET, 0)
  write(words, item + ITEM.FREIGHT, 0)
  values.write(value, item + ITEM.VALUE)
  return item
}

/** A block with a simple value that another interpreter or main is asked with. */
export function makeRequest({ at, values }: Inside, value: number): number {
  const bytes = values.measure(value)
  if (bytes < 0) throw new TypeError("a request is made of simple values")
  const block = acquire(at, bytes)
  values.write(value, block)
  return block
}
