/**
 * What a message owns beside its bytes: references of handles, moved buffers, shared buffers.
 *
 * The table is written with the message, but becomes true only at commit. From then on each entry
 * is either taken, once, by decoding, or released by discarding.
 */

import type { Memory } from "../memory/memory.ts"
import { parcels, sharedBuffers } from "./carriers.ts"
import {
  FREIGHT,
  FREIGHT_HANDLE,
  FREIGHT_PARCEL,
  FREIGHT_SHARED,
  FREIGHT_WORDS,
} from "./codec-tags.ts"
import { leaveMarked, markOf, shipMarked } from "./move.ts"
import { kindById, knownKind, Shareable } from "./shareable.ts"

/** What one entry will be when it is committed. */
interface Item {
  readonly type: number
  readonly value: object
  readonly number: number
}

/** The freight of the message that is being written, or was written last. */
export class Freight {
  readonly #memory: Memory
  #items: Item[] = []
  /** Where the table lies in the message, in words from its start. */
  #offset = 0

  constructor(memory: Memory) {
    this.#memory = memory
  }

  get count(): number {
    return this.#items.length
  }

  /** Whether committing takes something from its sender: a marked buffer, a marked handle. */
  get moves(): boolean {
    return this.#items.some(({ type, value }) =>
      (type & 0xff) === FREIGHT_HANDLE
        ? markOf(value as Shareable) !== undefined
        : type === FREIGHT_PARCEL,
    )
  }

  clear(): void {
    if (this.#items.length > 0) this.#items = []
  }

  /** A handle, or a value that crosses as one. */
  addHandle(handle: object, kindId: number, number: number): void {
    this.#items.push({ type: FREIGHT_HANDLE | (kindId << 8), value: handle, number })
  }

  addParcel(buffer: ArrayBuffer): void {
    this.#items.push({ type: FREIGHT_PARCEL, value: buffer, number: 0 })
  }

  addShared(buffer: SharedArrayBuffer): void {
    const number = sharedBuffers().idOf(buffer)
    this.#items.push({ type: FREIGHT_SHARED, value: buffer, number })
  }

  /** Writes the table of the message at `start` to word `at`; gives the word after it, or -1. */
  write(start: number, at: number, limit: number): number {
    const items = this.#items
    const { words, view } = this.#memory
    const end = at + 1 + items.length * FREIGHT_WORDS
    if (end > limit) return -1
    words[at] = items.length
    this.#offset = at - start
    for (let i = 0; i < items.length; i++) {
      const word = at + 1 + i * FREIGHT_WORDS
      words[word] = items[i].type
      words[word + 1] = 0
      view.setFloat64((word + 2) * 4, items[i].number, true)
    }
    return end
  }

  /** Retains references, ships moved buffers of the message, which is at word `start` now. */
  commit(start: number): void {
    const items = this.#items
    const first = start + this.#offset + 1
    this.#items = []
    for (let i = 0; i < items.length; i++) {
      const { type, value, number } = items[i]
      const kindType = type & 0xff
      if (kindType === FREIGHT_HANDLE) commitHandle(value, type >>> 8, number)
      else if (kindType === FREIGHT_SHARED) sharedBuffers().retain(number)
      else this.#ship(value as ArrayBuffer, first + i * FREIGHT_WORDS)
    }
  }

  #ship(buffer: ArrayBuffer, word: number): void {
    const { home, id } = shipMarked(buffer)
    this.#memory.words[word + 1] = home
    this.#memory.words[word + 2] = id
  }
}

function commitHandle(handle: object, kindId: number, number: number): void {
  const kind = knownKind(kindId)
  kind.retain(number)
  if (!(handle instanceof Shareable) || markOf(handle) === undefined) return
  leaveMarked(handle)
  kind.surrender?.(handle)
}

/** Where the freight of the message at word `start` begins, or 0 when it has none. */
export function freightAt(memory: Memory, start: number): number {
  const { words } = memory
  return (words[start] & FREIGHT) === 0 ? 0 : start + words[start + 1]
}

/** Whether the message at word `start` names handles or buffers. */
export function hasFreight(memory: Memory, start: number): boolean {
  return (memory.words[start] & FREIGHT) !== 0
}

/** Takes the entry at `word`: what it named belongs to this isolate now. */
export function takeFreight(memory: Memory, word: number): object {
  const { words, view } = memory
  const type = words[word] & 0xff
  if (type === FREIGHT_PARCEL) return parcels().take(words[word + 1], words[word + 2])
  const number = view.getFloat64((word + 2) * 4, true)
  if (type === FREIGHT_SHARED) return sharedBuffers().revive(number)
  return knownKind(words[word] >>> 8).revive(number)
}

/** Releases the entries of a table from the `from`-th on, without running user code. */
export function releaseFreight(memory: Memory, table: number, from: number): void {
  const { words, view } = memory
  const count = words[table]
  for (let i = from; i < count; i++) {
    const word = table + 1 + i * FREIGHT_WORDS
    const type = words[word] & 0xff
    const number = view.getFloat64((word + 2) * 4, true)
    if (type === FREIGHT_PARCEL) parcels().drop(words[word + 1], words[word + 2])
    else if (type === FREIGHT_SHARED) sharedBuffers().release(number)
    else kindById(words[word] >>> 8)?.release(number)
  }
}

/** Whether the message holds a moved buffer, which only one receiver can take. */
export function hasParcel(memory: Memory, start: number): boolean {
  const table = freightAt(memory, start)
  const count = table === 0 ? 0 : memory.words[table]
  for (let i = 0; i < count; i++) {
    if ((memory.words[table + 1 + i * FREIGHT_WORDS] & 0xff) === FREIGHT_PARCEL) return true
  }
  return false
}

/**
 * One more reference for each entry of a message that is decoded more than once. A moved buffer has
 * none: who decodes it takes it.
 */
export function retainFreight(memory: Memory, start: number): void {
  const { words, view } = memory
  const table = freightAt(memory, start)
  const count = table === 0 ? 0 : words[table]
  for (let i = 0; i < count; i++) {
    const word = table + 1 + i * FREIGHT_WORDS
    const number = view.getFloat64((word + 2) * 4, true)
    const type = words[word] & 0xff
    if (type === FREIGHT_SHARED) sharedBuffers().retain(number)
    else if (type === FREIGHT_HANDLE) knownKind(words[word] >>> 8).retain(number)
  }
}

/** Whether an entry of this message has not reached this isolate yet. */
export function freightPending(memory: Memory, start: number): boolean {
  const table = freightAt(memory, start)
  if (table === 0) return false
  for (let i = 0; i < memory.words[table]; i++) {
    if (!isHere(memory, table + 1 + i * FREIGHT_WORDS)) return true
  }
  return false
}

/** Resolves when everything this message names is here. */
export async function freightArrived(memory: Memory, start: number): Promise<void> {
  const table = freightAt(memory, start)
  if (table === 0) return
  const { words, view } = memory
  const arrivals: Promise<void>[] = []
  for (let i = 0; i < words[table]; i++) {
    const word = table + 1 + i * FREIGHT_WORDS
    if (isHere(memory, word)) continue
    if ((words[word] & 0xff) === FREIGHT_PARCEL) {
      arrivals.push(parcels().arrive(words[word + 1], words[word + 2]))
    } else {
      arrivals.push(sharedBuffers().arrive(view.getFloat64((word + 2) * 4, true)))
    }
  }
  await Promise.all(arrivals)
}

function isHere(memory: Memory, word: number): boolean {
  const { words, view } = memory
  const type = words[word] & 0xff
  if (type === FREIGHT_PARCEL) return parcels().has(words[word + 1], words[word + 2])
  if (type === FREIGHT_HANDLE) return true
  return sharedBuffers().bufferOf(view.getFloat64((word + 2) * 4, true)) !== undefined
}
