/**
 * Shared memory of an explored program: bytes whose every access is seen, through whatever view.
 *
 * Memory is divided into cells of the size of the elements it was made for. An access by `Atomics`
 * is a step. A plain access is none, but it must be ordered with every other access of the same
 * bytes of which one writes: what was done before a send comes before what is done after its
 * receive, and so on for locks, tasks and atomics. Otherwise it is a data race, as by ECMAScript's
 * memory model, whatever value it happens to see.
 */
import type { Atomic } from "./atomics.ts"
import type { Missed } from "./entry.ts"
import type { Player } from "./player.ts"
import type { Sleeper } from "./sleep.ts"
import type { Theatre } from "./theatre.ts"
import type { View } from "./view.ts"

/** How the bytes of a cell were used last by one task. */
interface Access {
  readonly player: Player
  /** Bytes of the memory: a view may use a part of a cell. */
  readonly from: number
  readonly to: number
  /** The task's own time then. */
  time: number
  where: string
}

/** Kinds of access, each with what it must be ordered with. */
export const READ = 0
export const WRITE = 1
export const ATOMIC_READ = 2
export const ATOMIC_WRITE = 3

const NAMES = ["read", "write", "atomic read", "atomic write"] as const

/** A kind of access. */
export type Kind = typeof READ | typeof WRITE | typeof ATOMIC_READ | typeof ATOMIC_WRITE

const AGAINST: readonly (readonly Kind[])[] = [
  [WRITE, ATOMIC_WRITE],
  [WRITE, ATOMIC_WRITE, READ, ATOMIC_READ],
  [WRITE],
  [WRITE, READ],
]

/** A few bytes that steps depend on together. */
export class Cell {
  /** What steps that use it touch. */
  readonly place: number
  /** The last accesses, by kind. */
  readonly accesses: readonly Access[][] = [[], [], [], []]
  /** Who waits here by `Atomics.wait`, first in, first out. */
  readonly sleepers: Sleeper[] = []
  /** What steps that wait here, or wake, touch. */
  #waits = -1
  /** Atomic operations here, as steps. */
  readonly deeds: Atomic[] = []
  /** The last notify that found nobody. */
  missed: Missed | undefined

  constructor(theatre: Theatre) {
    this.place = theatre.newPlace()
  }

  waitsIn(theatre: Theatre): number {
    if (this.#waits < 0) this.#waits = theatre.newPlace()
    return this.#waits
  }
}

/** Makes a value cross as a handle of what stands for it. */
export type Namer = (value: object, found: View | Memory) => void

/** Shared memory that a program has made. */
export class Memory {
  readonly theatre: Theatre
  readonly title: string
  readonly buffer: SharedArrayBuffer
  readonly name: Namer
  readonly #cellBytes: number
  readonly #cells: (Cell | undefined)[] = []
  readonly #bytes: Uint8Array
  /** The program has had its buffer in this execution. */
  isNamed = false

  constructor(theatre: Theatre, title: string, bytes: number, cellBytes: number, name: Namer) {
    this.theatre = theatre
    this.title = title
    this.buffer = new SharedArrayBuffer(bytes)
    this.#bytes = new Uint8Array(this.buffer)
    this.name = name
    this.#cellBytes = cellBytes
  }

  /** As new. */
  clear(): void {
    this.#cells.length = 0
    this.isNamed = false
    this.#bytes.fill(0)
  }

  /** The cell of a byte. */
  cellAt(byte: number): Cell {
    return this.#cell(Math.floor(byte / this.#cellBytes))
  }

  #cell(index: number): Cell {
    let cell = this.#cells[index]
    if (cell === undefined) {
      cell = new Cell(this.theatre)
      this.#cells[index] = cell
    }
    return cell
  }

  /** Whether these bytes are one cell or a part of one. */
  isOne(from: number, to: number): boolean {
    return Math.floor(from / this.#cellBytes) === Math.floor((to - 1) / this.#cellBytes)
  }

  /** The cells of some bytes. */
  cells(from: number, to: number): Cell[] {
    const cells: Cell[] = []
    for (let at = Math.floor(from / this.#cellBytes); at * this.#cellBytes < to; at++) {
      cells.push(this.#cell(at))
    }
    return cells
  }

  /** Uses some bytes: finds what that is in no order with, and notes it. */
  access(from: number, to: number, kind: Kind): void {
    const player = this.theatre.player
    for (let byte = from; byte < to; ) {
      const index = Math.floor(byte / this.#cellBytes)
      const end = Math.min(to, (index + 1) * this.#cellBytes)
      const cell = this.#cell(index)
      this.check(cell, byte, end, kind, player)
      this.note(cell, byte, end, kind, player)
      byte = end
    }
  }

  /** Finds earlier accesses that are in no order with this one. */
  check(cell: Cell, from: number, to: number, kind: Kind, player: Player): void {
    const { order } = this.theatre
    for (const other of AGAINST[kind]) {
      for (const before of cell.accesses[other] as readonly Access[]) {
        if (before.player === player || before.to <= from || before.from >= to) continue
        if (order.knows(player, before.player) < before.time) {
          this.#race(before, NAMES[other], player, from, NAMES[kind])
        }
      }
    }
  }

  /** Notes an access for those to come. */
  note(cell: Cell, from: number, to: number, kind: Kind, player: Player): void {
    const { theatre } = this
    const list = cell.accesses[kind]
    const time = theatre.order.timeOf(player)
    const where = theatre.traced ? theatre.where() : ""
    for (const access of list) {
      if (access.player !== player || access.from !== from || access.to !== to) continue
      access.time = time
      access.where = where
      return
    }
    list.push({ player, from, to, time, where })
  }

  #race(before: Access, was: string, player: Player, from: number, is: string): void {
    const { theatre } = this
    const at = (where: string): string => (where === "" ? "" : ` at ${where}`)
    const own = theatre.traced ? theatre.where() : ""
    theatre.failed(
      "data race",
      `two accesses of ${this.element(from)} are in no order\n` +
        `  ${before.player.title}: ${was}${at(before.where)}\n` +
        `  ${player.title}: ${is}${at(own)}`,
    )
  }

  /** What a reader of a report calls the place of a byte. */
  element(byte: number): string {
    return `${this.title}[${Math.floor(byte / this.#cellBytes)}]`
  }
}
