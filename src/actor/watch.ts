/**
 * Who learns of an actor's exits: isolates, for `monitor` and `exited`, and linked actors. The
 * protocol, and why nobody misses an exit whoever dies, is in queue/watchers.ts.
 *
 * ```
 * node   KIND.ACTOR_EXIT: COOKIE, LIFE, LAST, and the reason in a cell
 * ```
 */

import { read, write } from "#platform/atomics"
import { after } from "#platform/clock"
import { RETRY_MS } from "#platform/limits"
import { acquire, type Here, here } from "../internal/loop/here.ts"
import { releaseObject } from "../internal/loop/objects.ts"
import { onNode, schedule } from "../internal/loop/pump.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { retain } from "../internal/memory/objects.ts"
import { isAlive } from "../internal/memory/owners.ts"
import { tell } from "../internal/queue/inbox.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import * as watchers from "../internal/queue/watchers.ts"
import { onUnheard } from "../isolate/reap.ts"
import { copyReason, dropReason, type ExitReason, makeExit, putReason, takeReason } from "./exit.ts"
import { VALUE } from "./object.ts"
import { again, posted } from "./post.ts"
import type { ActorRef } from "./ref.ts"
import { stage } from "./stage.ts"

const NODE_BYTES = 64
const COOKIE = 2
const LIFE = 3
const REASON = 4
const LAST = 8

/** Hears of an exit; `final` when the actor is gone for good. */
export type ExitListener = (reason: ExitReason, final: boolean) => void

interface Entry {
  readonly listener: ExitListener
  readonly block: number
  /** Keeps the actor's object. */
  readonly ref: ActorRef<unknown>
  /** The life whose end it has heard of. */
  heard: number
}

/** By cookie; a cookie is never used again. */
const entries = new Map<number, Entry>()
let cookies = 0

/**
 * Calls `listener` at each exit of an actor; soon, when it is gone already. Returns what ends it.
 */
export function watchExits(at: Here, ref: ActorRef<unknown>, listener: ExitListener): () => void {
  const played = stage()
  if (played !== undefined) return played.watch(ref.id, listener)
  schedule()
  const block = acquire(at, watchers.WATCHER_BYTES)
  const cookie = ++cookies
  watchers.makeWatcher(at.words, block, at.me, cookie)
  const life = watchers.watch(at.words, ref.id, block, at.me)
  if (life === 0) {
    at.arena.release(block)
    const reason = copyReason(at, ref.id + VALUE)
    let isOver = false
    queueMicrotask(() => isOver || listener(reason, true))
    return () => {
      isOver = true
    }
  }
  entries.set(cookie, { listener, block, ref, heard: life - 1 })
  return () => forget(at, cookie)
}

function forget(at: Here, cookie: number): void {
  const entry = entries.get(cookie)
  if (entry === undefined) return
  entries.delete(cookie)
  if (watchers.unwatch(at.words, entry.ref.id, entry.block, at.me)) at.arena.release(entry.block)
}

/** `target` hears of the exits of `object`; at once, when that is gone already. */
export function linkTo(at: Here, object: number, target: number): void {
  const block = acquire(at, watchers.WATCHER_BYTES)
  watchers.makeLink(at.words, block, target)
  retain(at.words, target)
  const life = watchers.watch(at.words, object, block, at.me)
  if (life > 0) return
  if (life === 0) tellActor(at, target, copyReason(at, object + VALUE))
  dropBlock(at, block, target)
}

/**
 * Tells everybody of the end of a life: linked actors first, then isolates, whose supervisors may
 * start the next one at once.
 */
export function fire(
  at: Here,
  object: number,
  life: number,
  reason: ExitReason,
  final: boolean,
): void {
  const { words, me } = at
  if (!watchers.isWatched(words, object)) return
  const audience = watchers.audience(words, object, me, (block) => at.arena.release(block))
  const linked = audience.filter(({ target }) => target !== 0)
  if (linked.length > 0) fireLinked(at, linked, life, reason, final)
  // The last first, as they stand in the chain.
  for (const { block, target } of final ? linked.reverse() : [])
    if (watchers.unwatch(words, object, block, me)) dropBlock(at, block, target)
  for (const { token, cookie, target } of audience)
    if (target === 0) tellIsolate(at, token, cookie, life, reason, final)
}

/** Who is linked more than once hears once; who does not live, not at all. */
function fireLinked(
  at: Here,
  linked: readonly watchers.Watcher[],
  life: number,
  reason: ExitReason,
  final: boolean,
): void {
  const { words, me } = at
  const told = new Set<number>()
  for (const watcher of linked) {
    const { target } = watcher
    if (watchers.isUnheard(watcher, life, final)) {
      const isMissed = told.has(target) || mailbox.stateHint(words, target) !== mailbox.LIVES
      if (isMissed) watchers.tellOnce(words, watcher, 0, life, me)
      else tellOnce(at, watcher, life, reason)
    }
    told.add(target)
  }
}

/** Tells a linked actor of the end of a life of which it has not heard. */
function tellOnce(at: Here, watcher: watchers.Watcher, life: number, reason: ExitReason): void {
  const record = makeExit(at, reason)
  const answer = watchers.tellOnce(at.words, watcher, record, life, at.me)
  if (record !== 0) posted(at, watcher.target, record, answer)
  else if (answer !== mailbox.SAID)
    again(at, watcher.target, () => tellActor(at, watcher.target, reason))
}

/** Tells an actor of the exit of one that is gone. */
function tellActor(at: Here, target: number, reason: ExitReason): void {
  const record = makeExit(at, reason)
  if (record === 0) again(at, target, () => tellActor(at, target, reason))
  else posted(at, target, record, mailbox.postUrgent(at.words, target, record, at.me))
}

/** Gives back what an actor that ends with its last reference was watched by. */
export function dropWatchers(at: Here, object: number): void {
  for (const { block, target } of watchers.takeWatchers(at.words, object, at.me))
    dropBlock(at, block, target)
}

function dropBlock(at: Here, block: number, target: number): void {
  at.arena.release(block)
  if (target !== 0) releaseObject(at, target)
}

function tellIsolate(
  at: Here,
  token: number,
  cookie: number,
  life: number,
  reason: ExitReason,
  final: boolean,
): void {
  if (!isAlive(at.words, token)) return
  let node: number
  try {
    node = acquire(at, NODE_BYTES)
  } catch {
    after(RETRY_MS, () => tellIsolate(at, token, cookie, life, reason, final))
    return
  }
  write(at.words, node, KIND.ACTOR_EXIT)
  write(at.words, node + COOKIE, cookie)
  write(at.words, node + LIFE, life)
  write(at.words, node + LAST, final ? 1 : 0)
  putReason(at, node + REASON, reason)
  tell(at.words, token, node, node)
}

onNode(KIND.ACTOR_EXIT, (node) => {
  const at = here()
  const cookie = read(at.words, node + COOKIE)
  const life = read(at.words, node + LIFE)
  const final = read(at.words, node + LAST) === 1
  const entry = entries.get(cookie)
  if (entry === undefined || (!final && life <= entry.heard)) dropReason(node + REASON)
  else hear(at, cookie, entry, life, takeReason(at, node + REASON), final)
  at.arena.release(node)
})

onUnheard(KIND.ACTOR_EXIT, (at, node) => {
  dropReason(node + REASON)
  at.arena.release(node)
})

function hear(
  at: Here,
  cookie: number,
  entry: Entry,
  life: number,
  reason: ExitReason,
  final: boolean,
): void {
  entry.heard = life
  if (final) forget(at, cookie)
  entry.listener(reason, final)
}
