/**
 * The shared object that stands for all sending ends of one channel.
 *
 * Isolates hold it, messages carry it; when the last lets go, by word, by the garbage collector or
 * by its death, the channel closes.
 *
 * Invariant   SENDER of the channel names a living object: it is cleared inside ENDS_GUARD before
 *             the object is destroyed, and whoever finds it there counts a reference before leaving
 *             the guard, unless none is left
 */
import { read, write } from "#platform/atomics"
import { simulated } from "#platform/simulation"
import { acquireObject, type Here, here } from "../internal/loop/here.ts"
import { Holdings } from "../internal/loop/holdings.ts"
import { onDestroy, releaseObject } from "../internal/loop/objects.ts"
import { enter, leave, sheltered } from "../internal/memory/guard.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { BODY, create, destroy, retain, retainLiving } from "../internal/memory/objects.ts"
import type { Flavor } from "./flavor.ts"
import * as layout from "./layout.ts"
import { reviveChannel, withChannel } from "./making.ts"

const CHANNEL = BODY
const BYTES = (BODY + 1) * 4

/** All sending ends of one channel in this isolate. */
export class SenderEnds {
  readonly object: number
  readonly channel: Flavor
  #handles = 0

  constructor(object: number, channel: Flavor) {
    this.object = object
    this.channel = channel
  }

  /** One more handle of this isolate. */
  join(): this {
    this.#handles++
    return this
  }

  /** One handle less; with the last this isolate lets go. */
  leave(): void {
    if (--this.#handles === 0) holdings.dispose(this.object, this)
  }
}

const holdings = new Holdings<SenderEnds, undefined>(() => {})

/**
 * The sending ends of a channel, with one handle more; undefined when they are gone and it is
 * closed.
 */
export function joinSenders(channel: Flavor): SenderEnds | undefined {
  const stand = simulated()
  if (stand !== undefined) return stand.play("senders", [channel]) as SenderEnds | undefined
  const at = here()
  const known = holdings.get(read(at.words, channel.object + layout.SENDER))
  if (known !== undefined) return known.join()
  // Whoever ends an object of the ends in between would end the channel.
  return sheltered(at.words, at.me, () => makeSenders(at, channel))
}

function makeSenders(at: Here, channel: Flavor): SenderEnds | undefined {
  const fresh = prepare(at, channel)
  const found = settle(at, channel.object, fresh)
  if (found !== fresh) destroy(at.words, at.arena, fresh)
  if (found === 0) return undefined
  if (found !== fresh) return holdings.revive(at, found, () => ends(found, channel)).join()
  retain(at.words, channel.object)
  const made = new SenderEnds(fresh, channel)
  holdings.add(fresh, made, undefined)
  return made.join()
}

function ends(object: number, channel: Flavor): [SenderEnds, undefined] {
  return [new SenderEnds(object, channel), undefined]
}

function prepare(at: Here, channel: Flavor): number {
  const fresh = acquireObject(at, BYTES)
  write(at.words, fresh + CHANNEL, channel.object)
  create(at.words, fresh, KIND.SENDER, at.me)
  return fresh
}

/**
 * The object that stands for the ends: `fresh` when there was none yet, 0 when there will be none.
 */
function settle(at: Here, channel: number, fresh: number): number {
  const { words, me } = at
  enter(words, channel + layout.ENDS_GUARD, me)
  let found = read(words, channel + layout.SENDER)
  if (found !== 0) {
    if (!retainLiving(words, found)) found = 0
  } else if (read(words, channel + layout.HAS_ENDS) === 0) {
    write(words, channel + layout.SENDER, fresh)
    write(words, channel + layout.HAS_ENDS, 1)
    found = fresh
  }
  leave(words, channel + layout.ENDS_GUARD, me)
  return found
}

/** The ends a message refers to, with one handle more; its reference becomes this isolate's. */
export function reviveSenders(object: number): SenderEnds {
  const at = here()
  const revived = holdings.revive(at, object, () => {
    const channel = read(at.words, object + CHANNEL)
    retain(at.words, channel)
    return ends(object, reviveChannel(channel))
  })
  return revived.join()
}

onDestroy(KIND.SENDER, (at, object) => {
  const channel = read(at.words, object + CHANNEL)
  enter(at.words, channel + layout.ENDS_GUARD, at.me)
  write(at.words, channel + layout.SENDER, 0)
  leave(at.words, channel + layout.ENDS_GUARD, at.me)
  withChannel(at, channel, (core) => core.close(undefined))
  releaseObject(at, channel)
})
