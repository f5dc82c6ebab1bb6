/**
 * The subscribers of a bus in shared memory: a chain of nodes under a guard, and a version that
 * says when to read it again.
 *
 * ```
 * object  GUARD, FIRST node, VERSION, SERIAL: the last id given
 * node    NEXT, ID, OBJECT: the actor, METHOD as its number, LENGTH of the topic, its UTF-8
 * ```
 * Invariant     a node holds a reference to its actor
 * Publication   nodes are plain words, written before they are linked; leaving the guard
 *               publishes. VERSION is stored after each change, so who knows of a change by any
 *               other way finds a version that is not the one it read under
 * Death         linking and unlinking are one write each. Who dies between it and the version
 *               leaves that to the next who enters; an unlinked node of the dead is lost, with its
 *               reference
 */
import { load, read, store, type Words, write } from "#platform/atomics"
import { acquire, acquireObject, type Here } from "../internal/loop/here.ts"
import { onDestroy, releaseObject } from "../internal/loop/objects.ts"
import { enter, leave } from "../internal/memory/guard.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { BODY, create, retain } from "../internal/memory/objects.ts"

const GUARD = BODY
const FIRST = BODY + 1
const VERSION = BODY + 2
const SERIAL = BODY + 3
const BYTES = 4 * (BODY + 4)

const NEXT = 0
const ID = 1
const OBJECT = 2
const METHOD = 3
const LENGTH = 4
const TOPIC = 5

/** Bytes of the longest topic. */
const TOPIC_BYTES_MAX = 200

/** A subscriber as it stands in the chain. */
export interface Entry {
  readonly id: number
  /** The actor; the reader has one more reference to it. */
  readonly object: number
  readonly method: number
  readonly topic: string
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Makes a bus without subscribers; this isolate holds it. */
export function createTable(at: Here): number {
  const object = acquireObject(at, BYTES)
  create(at.words, object, KIND.ACTOR_BUS, at.me)
  return object
}

/** Changes whenever a subscriber comes or goes. */
export function versionOf({ words }: Here, object: number): number {
  return load(words, object + VERSION)
}

/**
 * Adds a subscriber, and answers with its id.
 *
 * @throws {RangeError} when the topic is too long
 */
export function subscribe(
  at: Here,
  object: number,
  actor: number,
  method: number,
  topic: string,
): number {
  const { words, me } = at
  const bytes = encoder.encode(topic)
  if (bytes.length > TOPIC_BYTES_MAX)
    throw new RangeError(`a topic has at most ${TOPIC_BYTES_MAX} bytes, received ${bytes.length}`)
  const node = acquire(at, (TOPIC + Math.ceil(bytes.length / 4)) * 4)
  write(words, node + OBJECT, actor)
  write(words, node + METHOD, method)
  write(words, node + LENGTH, bytes.length)
  new Uint8Array(words.buffer, words.byteOffset + (node + TOPIC) * 4, bytes.length).set(bytes)
  retain(words, actor)
  enterTable(words, object, me)
  const id = read(words, object + SERIAL) + 1
  write(words, object + SERIAL, id)
  write(words, node + ID, id)
  write(words, node + NEXT, read(words, object + FIRST))
  write(words, object + FIRST, node)
  leaveChanged(words, object, me)
  return id
}

/** Takes a subscriber out; false when it is out already. */
export function unsubscribe(at: Here, object: number, id: number): boolean {
  const { words, me } = at
  enterTable(words, object, me)
  let link = object + FIRST
  while (read(words, link) !== 0 && read(words, read(words, link) + ID) !== id)
    link = read(words, link) + NEXT
  const node = read(words, link)
  if (node === 0) {
    leave(words, object + GUARD, me)
    return false
  }
  write(words, link, read(words, node + NEXT))
  leaveChanged(words, object, me)
  releaseNode(at, node)
  return true
}

/** Who died inside may have changed something without saying so. */
function enterTable(words: Words, object: number, me: number): void {
  if (enter(words, object + GUARD, me)) bump(words, object)
}

function leaveChanged(words: Words, object: number, me: number): void {
  bump(words, object)
  leave(words, object + GUARD, me)
}

function bump(words: Words, object: number): void {
  store(words, object + VERSION, (read(words, object + VERSION) + 1) | 0)
}

/**
 * The version, the ids of all subscribers, and those among them that are not `known`, for each of
 * which the caller has a reference to release.
 */
export function readTable(
  at: Here,
  object: number,
  known: ReadonlyMap<number, unknown>,
): { version: number; ids: number[]; fresh: Entry[] } {
  const { words, me } = at
  const ids: number[] = []
  const found: { id: number; object: number; method: number; topic: Uint8Array }[] = []
  enterTable(words, object, me)
  const version = read(words, object + VERSION)
  for (let node = read(words, object + FIRST); node !== 0; node = read(words, node + NEXT)) {
    const id = read(words, node + ID)
    ids.push(id)
    if (known.has(id)) continue
    const start = words.byteOffset + (node + TOPIC) * 4
    const topic = new Uint8Array(words.buffer, start, read(words, node + LENGTH)).slice()
    found.push({
      id,
      object: read(words, node + OBJECT),
      method: read(words, node + METHOD),
      topic,
    })
    retain(words, read(words, node + OBJECT))
  }
  leave(words, object + GUARD, me)
  const fresh = found.map((one) => ({ ...one, topic: decoder.decode(one.topic) }))
  return { version, ids: ids.reverse(), fresh: fresh.reverse() }
}

function releaseNode(at: Here, node: number): void {
  const actor = read(at.words, node + OBJECT)
  at.arena.release(node)
  releaseObject(at, actor)
}

onDestroy(KIND.ACTOR_BUS, (at, object) => {
  let node = read(at.words, object + FIRST)
  while (node !== 0) {
    const next = read(at.words, node + NEXT)
    releaseNode(at, node)
    node = next
  }
})
