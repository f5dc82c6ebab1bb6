/** `Atomics` for an explored program: on its shared memory every operation is a step. */
import type { Footprint } from "../operation.ts"
import { type Deed, type Label, labelOf } from "./entry.ts"
import { ATOMIC_READ, ATOMIC_WRITE, type Cell } from "./memory.ts"
import { Bed } from "./sleep.ts"
import { FRESH } from "./theatre.ts"
import { type RealArray, type View, viewBehind } from "./view.ts"

/** What an atomic operation does: reads, writes, or both. */
type AtomicKind = "load" | "store" | "update"

/** Operations of `Atomics` by what they do. */
const KINDS: Readonly<Record<string, AtomicKind>> = {
  load: "load",
  store: "store",
  add: "update",
  sub: "update",
  and: "update",
  or: "update",
  xor: "update",
  exchange: "update",
  compareExchange: "update",
}

/** One atomic operation. */
export class Atomic implements Deed {
  readonly label: Label
  looks: boolean
  readonly #cells: readonly Cell[]

  constructor(label: Label, cells: readonly Cell[], writes: boolean) {
    this.label = label
    this.#cells = cells
    this.looks = !writes
  }

  ready(): boolean {
    return true
  }

  attempt(): boolean {
    return true
  }

  touch(into: Footprint): void {
    for (const { place } of this.#cells) into.add(place, !this.looks)
  }
}

type Call = (view: unknown, index: number, a?: unknown, b?: unknown) => unknown

/** One operation of `Atomics`, on elements that belong to explored memory. */
class AtomicCall {
  readonly #name: string
  readonly #kind: AtomicKind
  readonly #real: Call
  /** Which of the operations it is. */
  readonly #nth: number

  constructor(name: string, kind: AtomicKind, real: Call) {
    this.#name = name
    this.#nth = Object.keys(KINDS).indexOf(name)
    this.#kind = kind
    this.#real = real
  }

  on(view: View, index: number, a: unknown, b: unknown): unknown {
    const { memory } = view
    const real = view.real as RealArray
    const isElement = Number.isInteger(index) && index >= 0 && index < real.length
    // The host says what is wrong with it, or finds the element it stands for.
    if (!isElement) return this.#wrong(view, index, a, b)
    const bytes = real.BYTES_PER_ELEMENT
    const from = real.byteOffset + index * bytes
    const to = from + bytes
    const deed = this.#deed(view, from, to)
    const before = memory.theatre.recall(deed.label.name)
    return before === FRESH ? this.#perform(view, index, from, deed, a, b) : before
  }

  #perform(view: View, index: number, from: number, deed: Atomic, a: unknown, b: unknown): unknown {
    const { memory } = view
    const { theatre } = memory
    const real = view.real as RealArray
    const to = from + real.BYTES_PER_ELEMENT
    return theatre.choose(deed, () => {
      const { player } = theatre
      const cells = memory.isOne(from, to) ? [memory.cellAt(from)] : memory.cells(from, to)
      const loads = this.#kind !== "store"
      const stores = this.#kind !== "load"
      for (const cell of cells) {
        memory.check(cell, from, to, stores ? ATOMIC_WRITE : ATOMIC_READ, player)
        theatre.meetAt(cell.place, loads, stores)
        if (loads) memory.note(cell, from, to, ATOMIC_READ, player)
        if (stores) memory.note(cell, from, to, ATOMIC_WRITE, player)
      }
      const before = real[index]
      const answer = this.#real(real, index, a, b)
      if (this.#name === "compareExchange" && before === real[index]) deed.looks = true
      if (theatre.traced) {
        const value = b === undefined ? a : `${a} -> ${b}`
        theatre.row(memory.element(from), `Atomics.${this.#name}`, value, answer)
      }
      return answer
    })
  }

  #wrong(view: View, index: number, a: unknown, b: unknown): unknown {
    const whole = Math.trunc(Number(index)) || 0
    const isElement = whole >= 0 && whole < (view.real as RealArray).length
    return isElement ? this.on(view, whole, a, b) : this.#real(view.real, index, a, b)
  }

  #deed(view: View, from: number, to: number): Atomic {
    const { memory } = view
    const writes = this.#kind !== "load"
    const label = (): Label => labelOf(memory.element(from), `Atomics.${this.#name}`)
    if (!memory.isOne(from, to)) return new Atomic(label(), memory.cells(from, to), writes)
    const cell = memory.cellAt(from)
    // What is done again and again is described once.
    const known = cell.deeds[this.#nth]
    // One that may come to nothing says so of itself alone.
    if (known !== undefined && this.#name !== "compareExchange") return known
    const made = new Atomic(known?.label ?? label(), [cell], writes)
    cell.deeds[this.#nth] = made
    return made
  }
}

/**
 * `Atomics` for an explored program.
 *
 * @param foreign called for shared memory that the program did not get from this package
 */
export function stagedAtomics(
  real: typeof Atomics,
  inside: () => boolean,
  foreign: (call: string) => void,
): Record<string, Call> {
  const staged: Record<string, Call> = {}
  const stand = (
    name: string,
    play: (view: View, index: number, a: unknown, b: unknown) => unknown,
  ) => {
    const call = Reflect.get(real, name) as Call
    staged[name] = (held, index, a, b) => {
      const view = viewBehind(held)
      if (view !== undefined) return play(view, index, a, b)
      if (inside() && isShared(held)) foreign(`Atomics.${name}()`)
      return call.call(real, held, index, a, b)
    }
  }
  for (const [name, kind] of Object.entries(KINDS)) {
    const call = new AtomicCall(name, kind, Reflect.get(real, name) as Call)
    stand(name, (view, index, a, b) => call.on(view, index, a, b))
  }
  const limit = (asked: unknown): number => {
    const ms = asked === undefined ? Infinity : Number(asked)
    return Number.isNaN(ms) ? Infinity : Math.max(0, ms)
  }
  const hostNotify = Reflect.get(real, "notify") as Call
  const bedOf = (view: View, index: number): Bed => new Bed(view, index, hostNotify)
  stand("notify", (view, index, count) => {
    const most = count === undefined ? Infinity : Math.max(0, Math.trunc(Number(count)) || 0)
    return bedOf(view, index).notify(most)
  })
  stand("wait", (view, index, value, ms) => bedOf(view, index).wait(value, limit(ms)))
  stand("waitAsync", (view, index, value, ms) => bedOf(view, index).waitAsync(value, limit(ms)))
  return staged
}

function isShared(view: unknown): boolean {
  return ArrayBuffer.isView(view) && view.buffer instanceof SharedArrayBuffer
}
