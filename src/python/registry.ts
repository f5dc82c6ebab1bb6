/**
 * What a world has by number: queues and channels, each a list of shared objects.
 *
 * ```
 * object  ID, NEXT, HOME (the world), at LISTED
 * ```
 * Invariant     an object in the list has a number that no other ever had; taken out, its ID is 0
 * Publication   all inside the world's guard
 * Death         linking and unlinking are one store each
 */
import { load, read, store, type Words, write } from "#platform/atomics"
import type { Here } from "../internal/loop/here.ts"
import { enter, leave } from "../internal/memory/guard.ts"
import { BODY, retainLiving } from "../internal/memory/objects.ts"
import { WORLD } from "./world.ts"

const ID = BODY
const NEXT = BODY + 1
const HOME = BODY + 2

/** First word of an object behind its place in the list. */
export const LISTED = BODY + 3

/** A list of a world: the words of its head, and of the numbers given out. */
export interface Registry {
  readonly head: number
  readonly made: number
}

/** The queues of a world; their numbers begin with 1. */
export const QUEUES: Registry = { head: WORLD.QUEUES, made: WORLD.QUEUES_MADE }

/** The channels of a world; their numbers begin with 0, as CPython's do. */
export const CHANNELS: Registry = { head: WORLD.CHANNELS, made: WORLD.CHANNELS_MADE }

/** Lists an object that is alive, and numbers it; the number is kept one higher. */
export function list(at: Here, world: number, registry: Registry, object: number): void {
  const { words } = at
  write(words, object + HOME, world)
  enter(words, world + WORLD.GUARD, at.me)
  const id = read(words, world + registry.made) + 1
  write(words, world + registry.made, id)
  write(words, object + ID, id)
  write(words, object + NEXT, load(words, world + registry.head))
  store(words, world + registry.head, object)
  leave(words, world + WORLD.GUARD, at.me)
}

/** The number of an object; 0 when it is listed no more. */
export function numberOf(words: Words, object: number): number {
  return load(words, object + ID)
}

/** The object with this number and a reference to it, for the caller; 0 when there is none. */
export function find(at: Here, world: number, registry: Registry, id: number): number {
  const { words } = at
  let found = 0
  enter(words, world + WORLD.GUARD, at.me)
  for (
    let object = load(words, world + registry.head);
    object !== 0 && found === 0;
    object = read(words, object + NEXT)
  ) {
    if (read(words, object + ID) === id && retainLiving(words, object)) found = object
  }
  leave(words, world + WORLD.GUARD, at.me)
  return found
}

/** Calls `see` with each listed object, the oldest last, inside the guard. */
export function forEachListed(
  at: Here,
  world: number,
  registry: Registry,
  see: (object: number) => void,
): void {
  const { words } = at
  enter(words, world + WORLD.GUARD, at.me)
  let object = load(words, world + registry.head)
  for (; object !== 0; object = read(words, object + NEXT)) see(object)
  leave(words, world + WORLD.GUARD, at.me)
}

/** Takes an object out of its list; false when it is in it no more. */
export function unlist(at: Here, registry: Registry, object: number): boolean {
  const { words } = at
  const world = read(words, object + HOME)
  enter(words, world + WORLD.GUARD, at.me)
  let before = world + registry.head
  while (load(words, before) !== object && load(words, before) !== 0)
    before = load(words, before) + NEXT
  const listed = load(words, before) === object
  if (listed) {
    store(words, object + ID, 0)
    store(words, before, read(words, object + NEXT))
  }
  leave(words, world + WORLD.GUARD, at.me)
  return listed
}
