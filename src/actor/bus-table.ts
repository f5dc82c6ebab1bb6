/**
 * The subscribers of a bus in shared memory (queue/subscribers.ts).
 *
 * ```
 * object  the table
 * node    OBJECT: the actor, METHOD as its number, LENGTH of the topic, its UTF-8
 * ```
 * Invariant     a node holds a reference to its actor
 * Death         a node that the dead had unlinked and not released is lost, with its reference
 */
import { read, write } from "#platform/atomics"
import { acquire, acquireObject, type Here } from "../internal/loop/here.ts"
import { onDestroy, releaseObject } from "../internal/loop/objects.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { BODY, create, retain } from "../internal/memory/objects.ts"
import * as subscribers from "../internal/queue/subscribers.ts"
import { stage } from "./stage.ts"

const TABLE = BODY
const BYTES = 4 * (TABLE + subscribers.SUBSCRIBERS_WORDS)

const OBJECT = subscribers.NODE_REST
const METHOD = OBJECT + 1
const LENGTH = OBJECT + 2
const TOPIC = OBJECT + 3

/** Bytes of the longest topic. */
const TOPIC_BYTES_MAX = 200

/** A subscriber as it stands in the table. */
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
  const played = stage()
  if (played !== undefined) return played.makeBus()
  const object = acquireObject(at, BYTES)
  create(at.words, object, KIND.ACTOR_BUS, at.me)
  return object
}

/** Changes whenever a subscriber comes or goes. */
export function versionOf({ words }: Here, object: number): number {
  const played = stage()
  if (played !== undefined) return played.bus(object).version()
  return subscribers.versionOf(words, object + TABLE)
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
  const played = stage()
  if (played !== undefined) return played.bus(object).subscribe(actor, method, topic)
  const node = acquire(at, (TOPIC + Math.ceil(bytes.length / 4)) * 4)
  write(words, node + OBJECT, actor)
  write(words, node + METHOD, method)
  write(words, node + LENGTH, bytes.length)
  bytesAt(at, node + TOPIC, bytes.length).set(bytes)
  retain(words, actor)
  return subscribers.link(words, object + TABLE, node, me)
}

function bytesAt({ words }: Here, index: number, length: number): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset + index * 4, length)
}

/** Takes a subscriber out; false when it is out already. */
export function unsubscribe(at: Here, object: number, id: number): boolean {
  const played = stage()
  if (played !== undefined) return played.bus(object).unsubscribe(id)
  const node = subscribers.unlink(at.words, object + TABLE, id, at.me)
  if (node !== 0) releaseNode(at, node)
  return node !== 0
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
  const played = stage()
  if (played !== undefined) return played.bus(object).read(known)
  const { words, me } = at
  const ids: number[] = []
  const found: { id: number; object: number; method: number; topic: Uint8Array }[] = []
  const version = subscribers.visit(words, object + TABLE, me, (node, id) => {
    ids.push(id)
    if (known.has(id)) return
    const actor = read(words, node + OBJECT)
    const topic = bytesAt(at, node + TOPIC, read(words, node + LENGTH)).slice()
    found.push({ id, object: actor, method: read(words, node + METHOD), topic })
    retain(words, actor)
  })
  const fresh = found.map((one) => ({ ...one, topic: decoder.decode(one.topic) }))
  return { version, ids: ids.reverse(), fresh: fresh.reverse() }
}

function releaseNode(at: Here, node: number): void {
  const actor = read(at.words, node + OBJECT)
  at.arena.release(node)
  releaseObject(at, actor)
}

onDestroy(KIND.ACTOR_BUS, (at, object) => {
  subscribers.eachNode(at.words, object + TABLE, (node) => releaseNode(at, node))
})
