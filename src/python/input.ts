/**
 * Standard input of a program: main reads it, into a pipe that all interpreters know. So who waits
 * for a line hears of a signal, which nobody does inside a read of the host.
 */
import { load, notify, store } from "#platform/atomics"
import { waitThen } from "#platform/park"
import { type Input, listenToInput } from "#platform/stdio"
import type { Here } from "../internal/loop/here.ts"
import type { Inside } from "./inside.ts"
import { block } from "./natives-wait.ts"
import { changesOf, closeEnd, openPipe, readPipe, writePipe } from "./pipe.ts"
import { firstOf, WORLD } from "./world.ts"

/** Main's side: from the first time that somebody reads. */
export class InputFeed {
  readonly #at: Here
  readonly #world: number
  readonly #unsent: Uint8Array[] = []
  readonly #input: Input
  #fd = 0
  #ended = false
  #waits = false

  constructor(at: Here, world: number) {
    this.#at = at
    this.#world = world
    this.#fd = openPipe(at, world) + 1
    this.#input = listenToInput((bytes) => {
      if (bytes === undefined) this.#ended = true
      else this.#unsent.push(bytes)
      this.#send()
    })
    store(at.words, world + WORLD.INPUT, this.#fd - 1)
    notify(at.words, world + WORLD.INPUT)
  }

  /** Nobody reads any more: the pipe is about to be given back. */
  stop(): void {
    this.#fd = 0
    this.#input.flow(false)
  }

  #send(): void {
    if (this.#fd === 0 || this.#waits) return
    for (let bytes = this.#unsent[0]; bytes !== undefined; bytes = this.#unsent[0]) {
      const changes = changesOf(this.#at, this.#world, this.#fd)
      const moved = writePipe(this.#at, this.#world, this.#fd, bytes)
      if (moved === "wait" && changes !== undefined) {
        this.#waitForRoom(changes)
        return
      }
      if (typeof moved !== "number") return
      if (moved === bytes.length) this.#unsent.shift()
      else this.#unsent[0] = bytes.subarray(moved)
    }
    if (this.#ended) closeEnd(this.#at, this.#world, this.#fd)
    else this.#input.flow(true)
  }

  #waitForRoom([word, seen]: readonly [number, number]): void {
    this.#input.flow(false)
    this.#waits = true
    waitThen(this.#at.words, word, seen, () => {
      this.#waits = false
      this.#send()
    })
  }
}

/** What a read answers when a signal came first: C looks at it, and may read again. */
class Interrupted extends Error {
  readonly code = "EINTR"
}

/** Reads for an interpreter; 0 at the end. `ask` tells main that somebody reads. */
export function readInput(inside: Inside, buffer: Uint8Array, ask: () => void): number {
  const { at } = inside
  const { words } = at
  const world = firstOf(words, inside.world)
  const word = world + WORLD.INPUT
  if (load(words, word) === 0) ask()
  for (;;) {
    const fd = load(words, word)
    const changes = fd === 0 ? ([word, 0] as const) : changesOf(at, world, fd)
    const moved = fd === 0 ? "wait" : readPipe(at, world, fd, buffer)
    if (typeof moved === "number") return moved
    if (moved !== "wait" || changes === undefined) return 0
    if (load(words, inside.signal) !== 0) throw new Interrupted()
    const [index, expected] = changes
    block(inside, { words, index, expected }, Number.POSITIVE_INFINITY)
  }
}
