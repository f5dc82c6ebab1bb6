/**
 * Names of actors, the same in all isolates: chains of nodes in shared memory, under one guard.
 *
 * ```
 * table   in the head of the memory: guard, first node
 * node    NEXT, OBJECT, LENGTH in bytes, the name in UTF-8
 * ```
 * Gone        an actor that is gone has its name no more, although its node may be there for a
 *             moment: of several nodes with one name, the first counts
 * Invariant   a node's object is not destroyed while the node is in the chain: its end takes the
 *             node out
 * Death       the chain is whole at every step; a node that death kept out of it is a block lost
 * Explored by test/actor/registry.model.ts
 * Bound       a chain: names are for what is looked up by name, tens or hundreds
 */
import { read, type Words, write } from "#platform/atomics"
import { acquire, type Here } from "../internal/loop/here.ts"
import { enter, leave } from "../internal/memory/guard.ts"
import { HEAD_NAMES } from "../internal/memory/layout.ts"
import { retainLiving } from "../internal/memory/objects.ts"
import { GONE, stateHint } from "../internal/queue/mailbox.ts"
import { shown } from "../internal/wire/shown.ts"
import { nameNodeOf, setNameNode } from "./object.ts"
import { stage } from "./stage.ts"

const FIRST = HEAD_NAMES + 1
const NEXT = 0
const OBJECT = 1
const LENGTH = 2
const NAME = 3

/** Bytes of the longest name. */
const NAME_BYTES_MAX = 200

const encoder = new TextEncoder()

/**
 * The words of a name. @throws {TypeError} when it is none; {RangeError} when it is empty or too
 * long
 */
export function wordsOf(name: unknown): { bytes: number; words: Int32Array } {
  if (typeof name !== "string") throw new TypeError(`a name is a string, received ${shown(name)}`)
  const bytes = encoder.encode(name)
  if (bytes.length === 0 || bytes.length > NAME_BYTES_MAX) {
    throw new RangeError(
      `a name has 1 to ${NAME_BYTES_MAX} bytes, received ${bytes.length}: ${shown(name)}`,
    )
  }
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
  padded.set(bytes)
  return { bytes: bytes.length, words: new Int32Array(padded.buffer) }
}

function find(words: Words, name: Int32Array, bytes: number): number {
  let node = read(words, FIRST)
  while (node !== 0 && !isCalled(words, node, name, bytes)) node = read(words, node + NEXT)
  return node
}

function isCalled(words: Words, node: number, name: Int32Array, bytes: number): boolean {
  if (read(words, node + LENGTH) !== bytes) return false
  for (let i = 0; i < name.length; i++) if (read(words, node + NAME + i) !== name[i]) return false
  return true
}

/** What came of giving a name: it is given, or what hinders it. */
export type Naming = "ok" | "taken" | "named" | "gone"

/** Gives an actor a name. */
export function enterName(at: Here, name: unknown, object: number): Naming {
  const { words, me } = at
  const wanted = wordsOf(name)
  const played = stage()
  if (played !== undefined) return played.register(name as string, object)
  const node = acquire(at, (NAME + wanted.words.length) * 4)
  write(words, node + OBJECT, object)
  write(words, node + LENGTH, wanted.bytes)
  for (let i = 0; i < wanted.words.length; i++)
    write(words, node + NAME + i, wanted.words[i] as number)
  enter(words, HEAD_NAMES, me)
  let answer: Naming = "ok"
  const taken = find(words, wanted.words, wanted.bytes)
  const holder = taken === 0 ? 0 : read(words, taken + OBJECT)
  if (holder !== 0 && stateHint(words, holder) !== GONE)
    answer = holder === object ? "named" : "taken"
  else if (nameNodeOf(at, object) !== 0) answer = "named"
  else {
    write(words, node + NEXT, read(words, FIRST))
    setNameNode(at, object, node)
    write(words, FIRST, node)
  }
  leave(words, HEAD_NAMES, me)
  if (answer !== "ok") at.arena.release(node)
  return answer
}

/** The actor with a name, with one more reference; 0 when nobody has it. */
export function findName(at: Here, name: unknown): number {
  const { words, me } = at
  const wanted = wordsOf(name)
  enter(words, HEAD_NAMES, me)
  const node = find(words, wanted.words, wanted.bytes)
  let object = node === 0 ? 0 : read(words, node + OBJECT)
  if (object !== 0 && (stateHint(words, object) === GONE || !retainLiving(words, object)))
    object = 0
  leave(words, HEAD_NAMES, me)
  return object
}

/** An actor that is gone has no name any more. */
export function unregister(at: Here, object: number): void {
  if (nameNodeOf(at, object) === 0) return
  const { words, me } = at
  enter(words, HEAD_NAMES, me)
  const node = nameNodeOf(at, object)
  let before = 0
  let here = read(words, FIRST)
  while (here !== 0 && here !== node) {
    before = here
    here = read(words, here + NEXT)
  }
  if (here !== 0 && before === 0) write(words, FIRST, read(words, here + NEXT))
  else if (here !== 0) write(words, before + NEXT, read(words, here + NEXT))
  setNameNode(at, object, 0)
  leave(words, HEAD_NAMES, me)
  if (here !== 0) at.arena.release(here)
}
