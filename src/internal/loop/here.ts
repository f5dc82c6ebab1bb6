/**
 * The isolate this code runs in: its views of the shared memory, its token, its arena.
 *
 * The main isolate makes the memory when the first shared thing is asked for; the others are given
 * it before they load anything else. `here()` is the only way to either.
 */
import { read, write } from "#platform/atomics"
import { MEMORY_BYTES, MEMORY_BYTES_MAX, MEMORY_BYTES_MIN } from "#platform/limits"
import { environment, isMainThread } from "#platform/thread"
import { LayoutVersionError, OutOfSharedMemoryError } from "../../errors.ts"
import { Arena } from "../memory/arena.ts"
import { found } from "../memory/chunks.ts"
import { HEAD_VERSION, LAYOUT_VERSION } from "../memory/layout.ts"
import { type Memory, memoryOver } from "../memory/memory.ts"
import { newToken, settle } from "../memory/owners.ts"
import { shown } from "../wire/shown.ts"
import { collectSoon } from "./pressure.ts"

/** What an isolate needs to use shared memory. */
export interface Here {
  readonly memory: Memory
  readonly words: Int32Array
  readonly arena: Arena
  /** This isolate's token: see owners.ts. */
  readonly me: number
}

let attached: Here | undefined
let memoryBytes: number | undefined

/** The isolate this code runs in. The first call in main reserves the shared memory. */
export function here(): Here {
  return attached ?? begin()
}

/** Whether this isolate has touched shared memory yet. */
export function isAttached(): boolean {
  return attached !== undefined
}

const attachListeners: ((at: Here) => void)[] = []

/** Calls `listener` with the isolate once it has its part in the shared memory; at once if so. */
export function whenAttached(listener: (at: Here) => void): void {
  if (attached === undefined) attachListeners.push(listener)
  else listener(attached)
}

/** Sets how much memory is reserved, before the first use. */
export function reserve(bytes: number): void {
  if (attached !== undefined)
    throw new RangeError("memoryBytes was set after the first use of Heddle")
  checkBytes(bytes, "memoryBytes")
  memoryBytes = bytes
}

function checkBytes(bytes: number, name: string, given: unknown = bytes): void {
  if (Number.isInteger(bytes) && bytes >= MEMORY_BYTES_MIN && bytes <= MEMORY_BYTES_MAX) return
  throw new RangeError(
    `${name} must be a whole number of bytes from ${MEMORY_BYTES_MIN} to ${MEMORY_BYTES_MAX}, ` +
      `received ${shown(given)}`,
  )
}

function begin(): Here {
  if (!isMainThread)
    throw new Error(
      "this thread was not started by Heddle, which runs in the main thread and in isolates of " +
        "its own: use tasks instead of new Worker, and of a test runner's pools that of processes",
    )
  const setting = environment("HEDDLE_MEMORY")
  const bytes = memoryBytes ?? (setting === undefined ? MEMORY_BYTES : Number(setting))
  checkBytes(bytes, "HEDDLE_MEMORY", setting)
  const memory = memoryOver(reserved(Math.floor(bytes / 8) * 8))
  write(memory.words, HEAD_VERSION, LAYOUT_VERSION)
  found(memory.words)
  const token = newToken(memory.words, 0)
  settle(memory.words, token)
  return attach(memory, token)
}

function reserved(bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes)
  } catch (cause) {
    throw new OutOfSharedMemoryError(bytes, bytes, { cause })
  }
}

/** Makes this isolate the one with `token`. Called once, before anything else. */
export function attach(memory: Memory, token: number): Here {
  const version = read(memory.words, HEAD_VERSION)
  if (version !== LAYOUT_VERSION) {
    throw new LayoutVersionError(LAYOUT_VERSION, version)
  }
  attached = { memory, words: memory.words, arena: new Arena(memory.words, token), me: token }
  for (const listener of attachListeners.splice(0)) listener(attached)
  return attached
}

/** A block of at least `bytes`, or the error that names the bound. */
export function acquire(at: Here, bytes: number): number {
  const block = at.arena.acquire(bytes)
  if (block === 0) throw outOfMemory(at, bytes)
  return block
}

/**
 * A shared object of at least `bytes`, zeroed as far as told, or the error that names the bound.
 */
export function acquireObject(at: Here, bytes: number, zeroBytes = bytes): number {
  const block = at.arena.acquireObject(bytes, zeroBytes)
  if (block === 0) throw outOfMemory(at, bytes)
  return block
}

function outOfMemory(at: Here, bytes: number): OutOfSharedMemoryError {
  collectSoon()
  const { totalBytes } = at.arena.statistics()
  return new OutOfSharedMemoryError(bytes, totalBytes)
}
