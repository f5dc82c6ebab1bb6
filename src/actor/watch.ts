/**
 * Who learns of an actor's exits: isolates, for `monitor` and `exited`, and linked actors.
 *
 * ```
 * watcher   a block: NEXT as in the mailbox's chain, TOKEN and COOKIE of an isolate, or TARGET, an
 *           actor
 * node      KIND.ACTOR_EXIT: COOKIE, LAST, and the reason in a cell
 * ```
 * Death   who dies while telling has told some: main tells the rest for the dead, so a link may
 *         hear twice. An isolate is lost sight of when the teller dies between taking its watcher
 *         out and telling it
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
import { copyReason, dropReason, type ExitReason, putReason, takeReason } from "./exit.ts"
import { LINKED_EXIT } from "./method.ts"
import { VALUE } from "./object.ts"
import { signal } from "./post.ts"

const BYTES = 64
const TOKEN = 2
const COOKIE = 3
const TARGET = 4
const LAST = 2
const REASON = 4

/** Hears of an exit; `final` when the actor is gone for good. */
export type ExitListener = (reason: ExitReason, final: boolean) => void

interface Entry {
  readonly listener: ExitListener
  readonly block: number
}

const entries: (Entry | undefined)[] = []
const free: number[] = []

/**
 * Calls `listener` at each exit of an actor; soon, when it is gone already. Returns what ends it.
 */
export function watchExits(at: Here, object: number, listener: ExitListener): () => void {
  schedule()
  const block = acquire(at, BYTES)
  const cookie = free.pop() ?? entries.length
  entries[cookie] = { listener, block }
  write(at.words, block + TOKEN, at.me)
  write(at.words, block + COOKIE, cookie)
  write(at.words, block + TARGET, 0)
  if (!mailbox.watch(at.words, object, block, at.me)) {
    forget(at, cookie)
    const reason = copyReason(at, object + VALUE)
    queueMicrotask(() => listener(reason, true))
    return () => {}
  }
  const entry = entries[cookie]
  return () => {
    if (entries[cookie] !== entry) return
    // Told already, its last node is on its way: the cookie is free when it has arrived.
    if (mailbox.unwatch(at.words, object, block, at.me)) forget(at, cookie)
    else entries[cookie] = { listener: () => {}, block }
  }
}

function forget(at: Here, cookie: number): void {
  const entry = entries[cookie] as Entry
  at.arena.release(entry.block)
  entries[cookie] = undefined
  free.push(cookie)
}

/** `target` hears of the exits of `object`; at once, when that is gone already. */
export function linkTo(at: Here, object: number, target: number): void {
  const block = acquire(at, BYTES)
  write(at.words, block + TOKEN, 0)
  write(at.words, block + TARGET, target)
  retain(at.words, target)
  if (mailbox.watch(at.words, object, block, at.me)) return
  signal(at, target, LINKED_EXIT, [copyReason(at, object + VALUE)])
  dropWatcher(at, block)
}

/** Tells everybody that an actor has exited. The chain is empty afterwards when it was for good. */
export function fire(at: Here, object: number, reason: ExitReason, final: boolean): void {
  for (const block of mailbox.watchers(at.words, object, at.me)) {
    if (read(at.words, block + TARGET) === 0) fireIsolate(at, object, block, reason, final)
    else {
      signal(at, read(at.words, block + TARGET), LINKED_EXIT, [reason])
      if (final && mailbox.unwatch(at.words, object, block, at.me)) dropWatcher(at, block)
    }
  }
}

/**
 * Once it is told for the last time, the block is the watching isolate's: nobody here touches it
 * then.
 */
function fireIsolate(
  at: Here,
  object: number,
  block: number,
  reason: ExitReason,
  final: boolean,
): void {
  const token = read(at.words, block + TOKEN)
  const cookie = read(at.words, block + COOKIE)
  if (final && !mailbox.unwatch(at.words, object, block, at.me)) return
  if (isAlive(at.words, token)) tellIsolate(at, token, cookie, reason, final)
  else if (final) dropWatcher(at, block)
}

/** Gives back what an actor that ends with its last reference was watched by. */
export function dropWatchers(at: Here, object: number): void {
  for (const block of mailbox.watchers(at.words, object, at.me)) dropWatcher(at, block)
}

function dropWatcher(at: Here, block: number): void {
  const target = read(at.words, block + TARGET)
  at.arena.release(block)
  if (target !== 0) releaseObject(at, target)
}

function tellIsolate(
  at: Here,
  token: number,
  cookie: number,
  reason: ExitReason,
  final: boolean,
): void {
  if (!isAlive(at.words, token)) return
  let node: number
  try {
    node = acquire(at, BYTES)
  } catch {
    after(RETRY_MS, () => tellIsolate(at, token, cookie, reason, final))
    return
  }
  write(at.words, node, KIND.ACTOR_EXIT)
  write(at.words, node + LAST, final ? 1 : 0)
  write(at.words, node + COOKIE, cookie)
  putReason(at, node + REASON, reason)
  tell(at.words, token, node, node)
}

onNode(KIND.ACTOR_EXIT, (node) => {
  const at = here()
  const cookie = read(at.words, node + COOKIE)
  const final = read(at.words, node + LAST) === 1
  const entry = entries[cookie]
  if (entry === undefined) dropReason(node + REASON)
  else {
    const reason = takeReason(at, node + REASON)
    if (final) forget(at, cookie)
    entry.listener(reason, final)
  }
  at.arena.release(node)
})
