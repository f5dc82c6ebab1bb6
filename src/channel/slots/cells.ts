/** Slots that are cells: they hold any value. */
import { read, write } from "#platform/atomics"
import { CELL_WORDS, type Cells, cells } from "../../internal/loop/cell.ts"
import { acquire, acquireObject, type Here } from "../../internal/loop/here.ts"
import { letGoOfObject, onDestroy } from "../../internal/loop/objects.ts"
import { KIND } from "../../internal/memory/kinds.ts"
import { create, destroy, letGo } from "../../internal/memory/objects.ts"
import { withoutMoving } from "../../internal/wire/move.ts"
import { NOT_NOW, type Parked, type Slots } from "./types.ts"

/** Word of a parked value's cell. */
const PARKED = 8

/** Slots that hold any value. */
class CellSlots implements Slots {
  readonly slotBytes = CELL_WORDS * 4
  readonly #at: Here
  readonly #words: Int32Array
  readonly #cells: Cells
  /** A cell outside any channel: where a lifted value lies. */
  readonly #lifted: number
  /** Whether several may receive one value: then buffers are copied, not moved. */
  readonly #keeps: boolean
  #tag = 0
  #payload = 0
  #value: unknown

  constructor(at: Here, keeps: boolean) {
    this.#at = at
    this.#words = at.words
    this.#keeps = keeps
    this.#cells = cells()
    this.#lifted = scratch(at)
  }

  writeNow(value: unknown, slot: number): boolean {
    if (typeof value !== "number") return false
    this.#cells.putNumber(slot >> 2, value)
    return true
  }

  readNow(slot: number): unknown {
    return this.#cells.number(slot >> 2) ?? NOT_NOW
  }

  stage(value: unknown): void {
    this.#tag = this.#keeps
      ? withoutMoving(() => this.#cells.prepare(value, "value"))
      : this.#cells.prepare(value, "value")
    this.#payload = this.#cells.payload
    this.#value = value
  }

  put(slot: number): void {
    this.#cells.payload = this.#payload
    this.#cells.put(slot >> 2, this.#tag, this.#value)
    this.#value = undefined
    this.#cells.commit(this.#tag)
  }

  unstage(): void {
    this.#value = undefined
    this.#cells.payload = this.#payload
    this.#cells.unprepare(this.#tag)
  }

  lift(slot: number): void {
    this.#copy(slot >> 2, this.#lifted)
  }

  #copy(from: number, to: number): void {
    for (let i = 0; i < CELL_WORDS; i++) write(this.#words, to + i, read(this.#words, from + i))
  }

  get moves(): boolean {
    return this.#cells.moves(this.#tag)
  }

  get carries(): boolean {
    return this.#cells.carries(this.#tag)
  }

  get pending(): boolean {
    return this.#cells.pending(this.#lifted)
  }

  arrived(): Promise<void> {
    return this.#cells.arrived(this.#lifted)
  }

  park(): Parked {
    try {
      const parked = acquireObject(this.#at, (PARKED + CELL_WORDS) * 4)
      this.#copy(this.#lifted, parked + PARKED)
      create(this.#words, parked, KIND.PARKED, this.#at.me)
      return parked
    } catch (error) {
      this.#cells.drop(this.#lifted)
      throw error
    }
  }

  unpark(parked: Parked): void {
    this.#copy(parked + PARKED, this.#lifted)
  }

  endParked(parked: Parked): void {
    letGo(this.#words, parked, this.#at.me)
    destroy(this.#words, this.#at.arena, parked)
  }

  dropParked(parked: Parked): void {
    letGoOfObject(this.#at, parked)
  }

  make(): unknown {
    return this.#cells.take(this.#lifted)
  }

  look(slot: number): unknown {
    return this.#cells.copy(slot >> 2)
  }

  pendingIn(slot: number): boolean {
    return this.#cells.pending(slot >> 2)
  }

  arrivedIn(slot: number): Promise<void> {
    return this.#cells.arrived(slot >> 2)
  }

  drop(slot: number): void {
    this.#cells.drop(slot >> 2)
  }

  dispose(): void {}
}

onDestroy(KIND.PARKED, (_at, parked) => cells().drop(parked + PARKED))

let dropped: CellSlots | undefined
let kept: CellSlots | undefined

/**
 * The slots of every channel that holds any value: what they know is only between two steps of one
 * operation, in which no user code runs.
 */
export function cellSlots(at: Here, keeps: boolean): CellSlots {
  if (keeps) {
    kept ??= new CellSlots(at, true)
    return kept
  }
  dropped ??= new CellSlots(at, false)
  return dropped
}

let scratchCell = 0

function scratch(at: Here): number {
  if (scratchCell === 0) scratchCell = acquire(at, CELL_WORDS * 4)
  return scratchCell
}
