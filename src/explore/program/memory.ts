/**
 * Shared memory of an explored program: arrays whose every access is seen.
 *
 * An access by `Atomics` is a step. A plain access is none, but it must be ordered with every other
 * access of the same element of which one writes: what was done before a send comes before what is
 * done after its receive, and so on for locks, tasks and atomics. Otherwise it is a data race, as
 * by ECMAScript's memory model, whatever value it happens to see.
 */
import { type Footprint, RACING } from "../operation.ts"
import { type Deed, type Label, labelOf } from "./entry.ts"
import type { Player } from "./player.ts"
import type { Theatre } from "./theatre.ts"
import { whereIn } from "./where.ts"

/** The last accesses of one element: by task, its own time then and where. */
interface Element {
  readonly place: number
  readonly writes: Map<Player, Access>
  readonly reads: Map<Player, Access>
  readonly atomicWrites: Map<Player, Access>
  readonly atomicReads: Map<Player, Access>
}

interface Access {
  readonly time: number
  readonly what: string
  readonly where: string
}

const arrays = new WeakMap<object, StagedArray>()

/** The array behind what a program holds. */
function arrayBehind(value: unknown): StagedArray | undefined {
  return typeof value === "object" && value !== null ? arrays.get(value) : undefined
}

/** Methods of typed arrays that write. */
const WRITERS = new Set(["set", "fill", "copyWithin", "reverse", "sort"])

/** One array in shared memory, seen by all. */
export class StagedArray {
  readonly theatre: Theatre
  readonly title: string
  readonly real: Int32Array
  /** What the program holds. */
  readonly proxy: object
  readonly #elements = new Map<number, Element>()

  constructor(theatre: Theatre, title: string, real: Int32Array) {
    this.theatre = theatre
    this.title = title
    this.real = real
    this.proxy = new Proxy(real, {
      get: (_target, name) => this.#get(name),
      set: (_target, name, value) => this.#set(name, value),
      defineProperty: () => false,
    })
    arrays.set(this.proxy, this)
  }

  #get(name: PropertyKey): unknown {
    const index = indexOf(name)
    if (index >= 0) {
      return this.theatre.operate(`read ${this.title}`, () => {
        this.#access(index, "reads")
        const value = this.real[index]
        this.theatre.row(`${this.title}[${index}]`, "read", undefined, value)
        return value
      })
    }
    const value: unknown = Reflect.get(this.real, name, this.real)
    if (typeof value !== "function" || name === "constructor") return value
    return (...args: unknown[]) => this.#call(String(name), value, args)
  }

  #set(name: PropertyKey, value: unknown): boolean {
    const index = indexOf(name)
    if (index < 0) return Reflect.set(this.real, name, value, this.real)
    this.theatre.operate(`write ${this.title}`, () => {
      this.#access(index, "writes")
      this.theatre.row(`${this.title}[${index}]`, "write", value, undefined)
      Reflect.set(this.real, index, value)
    })
    return true
  }

  /** A method reads everything, and perhaps writes everything. */
  #call(name: string, method: unknown, args: readonly unknown[]): unknown {
    const plain = args.map((one) =>
      typeof one === "function" ? one : (arrayBehind(one)?.real ?? one),
    )
    const result = this.theatre.operate(`${name} ${this.title}`, () => {
      const kind = WRITERS.has(name) ? "writes" : "reads"
      for (let i = 0; i < this.real.length; i++) this.#access(i, kind)
      this.theatre.row(this.title, name, undefined, undefined)
      if (!WRITERS.has(name)) return this.real.slice()
      Reflect.apply(method as () => unknown, this.real, plain)
      return undefined
    })
    if (result === undefined) return this.proxy
    return Reflect.apply(method as () => unknown, result, plain)
  }

  /** A plain access. */
  #access(index: number, kind: "reads" | "writes"): void {
    const element = this.#element(index)
    this.#check(element, index, "writes", kind)
    this.#check(element, index, "atomicWrites", kind)
    if (kind === "writes") {
      this.#check(element, index, "reads", kind)
      this.#check(element, index, "atomicReads", kind)
    }
    this.#note(element, kind)
  }

  /** An atomic access, as a step. */
  atomic<A>(index: number, name: string, kind: AtomicKind, value: unknown, act: () => A): A {
    const { theatre } = this
    const element = this.#element(index)
    const title = `${this.title}[${index}]`
    const deed = new Atomic(title, name, element.place, kind !== "load")
    return theatre.choose(deed, () => {
      const before = this.real[index]
      this.#check(element, index, "writes", "atomic")
      if (kind !== "load") this.#check(element, index, "reads", "atomic")
      theatre.meetAt(element.place, kind !== "store", kind !== "load")
      if (kind !== "store") this.#note(element, "atomicReads")
      if (kind !== "load") this.#note(element, "atomicWrites")
      const answer = act()
      if (name === "compareExchange" && before === this.real[index]) deed.looks = true
      theatre.row(title, `Atomics.${name}`, value, answer)
      return answer
    })
  }

  #element(index: number): Element {
    let element = this.#elements.get(index)
    if (element === undefined) {
      element = {
        place: this.theatre.newPlace(),
        writes: new Map(),
        reads: new Map(),
        atomicWrites: new Map(),
        atomicReads: new Map(),
      }
      this.#elements.set(index, element)
    }
    return element
  }

  #note(element: Element, kind: Exclude<keyof Element, "place">): void {
    const { theatre } = this
    const { player } = theatre
    const where = theatre.traced ? whereIn(new Error().stack ?? "") : ""
    const what = NAMES[kind]
    element[kind].set(player, { time: theatre.order.timeOf(player), what, where })
  }

  #check(
    element: Element,
    index: number,
    against: Exclude<keyof Element, "place">,
    kind: "reads" | "writes" | "atomic",
  ): void {
    const { theatre } = this
    const { player } = theatre
    for (const [other, { time, what, where }] of element[against]) {
      if (other === player || theatre.order.knows(player, other) >= time) continue
      const own = theatre.traced ? whereIn(new Error().stack ?? "") : ""
      const mine = kind === "atomic" ? "atomic access" : NAMES[kind]
      theatre.failed(
        "data race",
        `two accesses of ${this.title}[${index}] are in no order\n` +
          `  ${other.title}: ${what}${where === "" ? "" : ` at ${where}`}\n` +
          `  ${player.title}: ${mine}${own === "" ? "" : ` at ${own}`}`,
      )
    }
  }
}

const NAMES = {
  writes: "write",
  reads: "read",
  atomicWrites: "atomic write",
  atomicReads: "atomic read",
} as const

/** What an atomic operation does: reads, writes, or both. */
export type AtomicKind = "load" | "store" | "update"

/** One atomic operation. */
class Atomic implements Deed {
  readonly label: Label
  looks: boolean
  readonly #place: number

  constructor(object: string, operation: string, place: number, writes: boolean) {
    this.label = labelOf(object, `Atomics.${operation}`)
    this.#place = place
    this.looks = !writes
  }

  ready(): boolean {
    return true
  }

  attempt(): boolean {
    return true
  }

  touch(into: Footprint): void {
    into.add(this.#place, !this.looks, RACING)
  }
}

function indexOf(name: PropertyKey): number {
  if (typeof name !== "string") return -1
  const first = name.charCodeAt(0)
  return first >= 48 && first <= 57 ? Number(name) : -1
}

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

type AnyCall = (...args: never[]) => unknown

/**
 * `Atomics` for an explored program: on its shared arrays every operation is a step.
 *
 * @param foreign called for shared memory that the program did not get from this package
 */
export function stagedAtomics(
  real: typeof Atomics,
  inside: () => boolean,
  foreign: (call: string) => void,
): Record<string, AnyCall> {
  const staged: Record<string, AnyCall> = {}
  for (const [name, kind] of Object.entries(KINDS)) {
    const call = Reflect.get(real, name) as AnyCall
    staged[name] = ((view: unknown, index: number, ...rest: unknown[]) => {
      const array = arrayBehind(view)
      if (array === undefined) {
        if (inside() && isShared(view)) foreign(`Atomics.${name}()`)
        return Reflect.apply(call, real, [view, index, ...rest])
      }
      const value = rest.length > 1 ? rest.join(" -> ") : rest[0]
      const act = (): unknown => Reflect.apply(call, real, [array.real, index, ...rest])
      return array.atomic(index, name, kind, value, act)
    }) as AnyCall
  }
  return staged
}

function isShared(view: unknown): boolean {
  return ArrayBuffer.isView(view) && view.buffer instanceof SharedArrayBuffer
}
