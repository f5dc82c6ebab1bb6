/**
 * The actors that live in this isolate, by their objects: a table whose places the objects name.
 *
 * ```
 * PLACE   where in its home's table an actor stands; a word of the cell VALUE that is not used
 *         while the actor lives. A hint: what stands there says whether it is meant
 * ```
 */
import { peek, poke } from "#platform/atomics"
import { here } from "../internal/loop/here.ts"
import type { Living } from "./living.ts"
import { VALUE } from "./object.ts"

const PLACE = VALUE + 2

const places: (Living | undefined)[] = []
const free: number[] = []

/** The life of an actor in this isolate; undefined when it lives elsewhere, or no more. */
export function residentOf(object: number): Living | undefined {
  const actor = places[peek(here().words, object + PLACE)]
  return actor?.object === object ? actor : undefined
}

/** An actor begins to live here. */
export function settleIn(actor: Living): void {
  const place = free.pop() ?? places.length
  places[place] = actor
  poke(here().words, actor.object + PLACE, place)
}

/** It lives here no more; called before anything else is written about its end. */
export function moveOut(actor: Living): void {
  const place = peek(here().words, actor.object + PLACE)
  if (places[place] !== actor) return
  places[place] = undefined
  free.push(place)
}

/** All that live here. */
export function residents(): Living[] {
  return places.filter((actor) => actor !== undefined)
}
