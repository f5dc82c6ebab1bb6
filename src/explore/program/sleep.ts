/** `Atomics.wait`, `waitAsync` and `notify` in an explored program. */
import { type Footprint, ORDERED, RACING } from "../operation.ts"
import { type Deed, type Label, labelOf, type Missed } from "./entry.ts"
import { ATOMIC_READ, type Cell, type Memory } from "./memory.ts"
import type { Player } from "./player.ts"
import type { RealArray, View } from "./view.ts"

/** What a wait came to. */
type Outcome = "ok" | "not-equal" | "timed-out"

/** Somebody who waits in a cell. */
export class Sleeper {
  readonly player: Player
  readonly cell: Cell
  deed: Deed | undefined
  isWoken = false

  constructor(player: Player, cell: Cell) {
    this.player = player
    this.cell = cell
  }

  get isDead(): boolean {
    return this.player.ending !== undefined
  }

  /** It waits no more. */
  leave(): void {
    const at = this.cell.sleepers.indexOf(this)
    if (at >= 0) this.cell.sleepers.splice(at, 1)
  }
}

/** Looking at the word, and lying down. */
class Compare implements Deed {
  readonly label: Label
  looks = true
  readonly #cell: Cell
  readonly #waits: number

  constructor(label: Label, cell: Cell, waits: number) {
    this.label = label
    this.#cell = cell
    this.#waits = waits
  }

  ready(): boolean {
    return true
  }

  attempt(): boolean {
    return true
  }

  touch(into: Footprint): void {
    into.add(this.#cell.place, false)
    into.add(this.#waits, !this.looks)
  }
}

/** Waking up. */
class Wake implements Deed {
  readonly label: Label
  readonly due?: number
  readonly #sleeper: Sleeper
  readonly #memory: Memory
  readonly #woken: ((outcome: Outcome) => void) | undefined

  constructor(
    memory: Memory,
    sleeper: Sleeper,
    label: Label,
    due: number,
    woken?: (outcome: Outcome) => void,
  ) {
    this.#memory = memory
    this.#sleeper = sleeper
    this.label = label
    if (due !== Infinity) this.due = due
    this.#woken = woken
  }

  ready(): boolean {
    return this.#sleeper.isWoken
  }

  attempt(): boolean {
    const { theatre } = this.#memory
    const outcome = theatre.operate("wake", (): Outcome => {
      const { isWoken, cell } = this.#sleeper
      const waits = cell.waitsIn(theatre)
      if (isWoken) theatre.meetAt(waits, true, false)
      theatre.touched(waits, !isWoken, isWoken ? ORDERED : RACING)
      this.#sleeper.leave()
      theatre.changed()
      theatre.row(this.label.object, "wakes", undefined, isWoken ? "ok" : "timed-out")
      return isWoken ? "ok" : "timed-out"
    })
    this.#woken?.(outcome)
    return this.#woken !== undefined || outcome === "ok"
  }

  touch(into: Footprint): void {
    const { isWoken, cell } = this.#sleeper
    const waits = cell.waitsIn(this.#memory.theatre)
    if (isWoken) into.add(waits, false, ORDERED)
    else into.add(waits, true)
  }

  replaces(): void {
    this.#sleeper.deed = this
  }

  gone(): void {
    this.#sleeper.leave()
  }

  missed(): Missed | undefined {
    return this.#sleeper.cell.missed
  }
}

/** Sleeping and waking in one element. */
export class Bed {
  readonly #memory: Memory
  readonly #real: RealArray
  readonly #index: number
  readonly #cell: Cell
  readonly #byte: number
  readonly #object: string

  /**
   * @param check the host's `Atomics.notify`, which checks its arguments
   * @throws {TypeError} when nobody can wait in such a view
   * @throws {RangeError} when the view has no such element
   */
  constructor(view: View, index: number, check: (real: unknown, index: number, none: 0) => void) {
    const real = view.real as RealArray
    check(real, index, 0)
    this.#memory = view.memory
    this.#real = real
    this.#index = index
    this.#byte = real.byteOffset + index * real.BYTES_PER_ELEMENT
    this.#cell = view.memory.cellAt(this.#byte)
    this.#object = view.memory.element(this.#byte)
  }

  /** Wakes those who came first; gives how many. */
  notify(count: number): number {
    const { theatre } = this.#memory
    const cell = this.#cell
    const waits = cell.waitsIn(theatre)
    const deed = new Compare(labelOf(this.#object, "Atomics.notify"), cell, waits)
    return theatre.choose(deed, () => {
      theatre.meetAt(waits, false, true)
      const asleep = cell.sleepers.filter((one) => !one.isWoken && !one.isDead).slice(0, count)
      for (const sleeper of asleep) {
        sleeper.isWoken = true
        if (sleeper.deed !== undefined) theatre.enables(sleeper.deed)
      }
      deed.looks = asleep.length === 0
      cell.missed =
        asleep.length === 0 && count > 0
          ? theatre.missing(this.#object, "Atomics.notify", "woke nobody")
          : undefined
      theatre.row(this.#object, "Atomics.notify", undefined, asleep.length)
      return asleep.length
    })
  }

  /** Blocks this thread until it is woken. */
  wait(expected: unknown, timeoutMs: number): Outcome {
    const { theatre } = this.#memory
    const began = this.#lieDown("Atomics.wait", expected, timeoutMs)
    if (typeof began === "string") return began
    const label = labelOf(this.#object, "Atomics.wait")
    const wake = new Wake(this.#memory, began, label, Infinity)
    return theatre.block(wake, timeoutMs) ? "ok" : "timed-out"
  }

  /** As `Atomics.waitAsync` gives it. */
  waitAsync(expected: unknown, timeoutMs: number): { async: boolean; value: unknown } {
    const { theatre } = this.#memory
    const began = this.#lieDown("Atomics.waitAsync", expected, timeoutMs)
    if (typeof began === "string") return { async: false, value: began }
    const due = timeoutMs === Infinity ? Infinity : theatre.now() + timeoutMs
    const value = new Promise<Outcome>((resolve) => {
      const label = labelOf(this.#object, "Atomics.waitAsync")
      const deed = new Wake(this.#memory, began, label, due, resolve)
      if (theatre.enter(deed)) began.deed = deed
    })
    return { async: true, value }
  }

  #lieDown(name: string, expected: unknown, timeoutMs: number): Outcome | Sleeper {
    const { theatre } = this.#memory
    const cell = this.#cell
    const { place } = cell
    const deed = new Compare(labelOf(this.#object, name), cell, cell.waitsIn(theatre))
    return theatre.choose(deed, () => {
      const { player } = theatre
      const end = this.#byte + this.#real.BYTES_PER_ELEMENT
      this.#memory.check(cell, this.#byte, end, ATOMIC_READ, player)
      this.#memory.note(cell, this.#byte, end, ATOMIC_READ, player)
      theatre.meetAt(place, true, false)
      const value: unknown = this.#real[this.#index]
      const equal = value === (typeof value === "bigint" ? expected : Number(expected) | 0)
      const late = timeoutMs > 0 ? "waits" : "timed-out"
      const outcome = equal ? late : "not-equal"
      theatre.row(this.#object, name, expected, outcome)
      if (outcome !== "waits") return outcome
      deed.looks = false
      const sleeper = new Sleeper(player, cell)
      cell.sleepers.push(sleeper)
      return sleeper
    })
  }
}
