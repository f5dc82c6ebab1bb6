/** What `put` of a queue and `send` of a channel have in common. */
import { write } from "#platform/atomics"
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
