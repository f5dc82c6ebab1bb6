/**
 * A set of nodes that everybody reads often and few change: a chain under a guard, and a version
 * that says when to read it again.
 *
 * ```
 * table   GUARD, FIRST node, VERSION, SERIAL: the last id given
 * node    NEXT, ID; what follows is its room's
 * ```
 * Publication   nodes are plain words, written before they are linked; leaving the guard publishes.
 *               VERSION is stored inside the guard after each change: who learns of a change by any
 *               other way finds another version than the one it read under
 * Death         linking and unlinking are one write each, so there is nothing to repair; a change
 *               whose version the dead did not store is seen with the next one
 * Explored by   test/internal/queue/subscribers.model.ts
 */
import { load, read, store, type Words, write } from "#platform/atomics"
import { enter, leave } from "../memory/guard.ts"

const GUARD = 0
const FIRST = 1
const VERSION = 2
const SERIAL = 3

/** Words of a table; all zero, it is empty. */
export const SUBSCRIBERS_WORDS = 4

const NEXT = 0
const ID = 1
/** First word of a node that is its room's. */
export const NODE_REST = 2

/** Another number after each change. */
export function versionOf(words: Words, table: number): number {
  return load(words, table + VERSION)
}

/** Puts a node in, and answers with its id. */
export function link(words: Words, table: number, node: number, me: number): number {
  enter(words, table + GUARD, me)
  const id = read(words, table + SERIAL) + 1
  write(words, table + SERIAL, id)
  write(words, node + ID, id)
  write(words, node + NEXT, read(words, table + FIRST))
  write(words, table + FIRST, node)
  leaveChanged(words, table, me)
  return id
}

/** Takes the node with an id out, which is the caller's then; 0 when it is out already. */
export function unlink(words: Words, table: number, id: number, me: number): number {
  enter(words, table + GUARD, me)
  let link = table + FIRST
  while (read(words, link) !== 0 && read(words, read(words, link) + ID) !== id)
    link = read(words, link) + NEXT
  const node = read(words, link)
  if (node === 0) {
    leave(words, table + GUARD, me)
    return 0
  }
  write(words, link, read(words, node + NEXT))
  leaveChanged(words, table, me)
  return node
}

function leaveChanged(words: Words, table: number, me: number): void {
  store(words, table + VERSION, (read(words, table + VERSION) + 1) | 0)
  leave(words, table + GUARD, me)
}

/** Shows all nodes, the last first, inside the guard; answers with the version. */
export function visit(
  words: Words,
  table: number,
  me: number,
  look: (node: number, id: number) => void,
): number {
  enter(words, table + GUARD, me)
  const version = read(words, table + VERSION)
  eachNode(words, table, look)
  leave(words, table + GUARD, me)
  return version
}

/** Shows all nodes of a table that nobody else has any more. */
export function eachNode(
  words: Words,
  table: number,
  look: (node: number, id: number) => void,
): void {
  for (let node = read(words, table + FIRST); node !== 0; ) {
    const next = read(words, node + NEXT)
    look(node, read(words, node + ID))
    node = next
  }
}
