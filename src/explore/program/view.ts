/** Views of the shared memory of an explored program: what the program holds of it. */
import { Memory, type Namer, READ, WRITE } from "./memory.ts"
import type { Theatre } from "./theatre.ts"

/** Classes of views, as constructors. */
export interface ViewClass {
  readonly name: string
  readonly prototype: object
  new (buffer: SharedArrayBuffer, byteOffset?: number, length?: number): RealView
}

/** A class of typed arrays. */
export interface ArrayClass extends ViewClass {
  readonly BYTES_PER_ELEMENT: number
}

/** A view of the host; the program never has it in its hands. */
export interface RealView {
  readonly buffer: ArrayBufferLike
  readonly byteOffset: number
  readonly byteLength: number
}

/** A typed array of the host, of any class. */
export type RealArray = Int32Array<SharedArrayBuffer>

/** Asked for this, what a program holds gives the view behind it. */
const BEHIND = Symbol("view")

const memories = new WeakMap<object, Memory>()

/** The view behind what a program holds. */
export function viewBehind(value: unknown): View | undefined {
  if (typeof value !== "object" || value === null) return undefined
  return (value as { readonly [BEHIND]?: View })[BEHIND]
}

/** The memory of a buffer that a program holds. */
export function memoryOf(buffer: unknown): Memory | undefined {
  return typeof buffer === "object" && buffer !== null ? memories.get(buffer) : undefined
}

/** Methods of typed arrays that write. */
const WRITERS = new Set(["set", "fill", "copyWithin", "reverse", "sort"])

/** One view of shared memory. */
export class View {
  readonly memory: Memory
  readonly real: RealView
  /** What the program holds. */
  readonly proxy: object

  constructor(memory: Memory, real: RealView, handler: (view: View) => ProxyHandler<RealView>) {
    this.memory = memory
    this.real = real
    this.proxy = new Proxy(real, handler(this))
  }

  /** The buffer, for the program: from here on views that it makes of it are seen too. */
  get buffer(): SharedArrayBuffer {
    const { memory } = this
    const { buffer } = memory
    return memory.theatre.operate("buffer", () => {
      if (!memory.isNamed) memory.name(buffer, memory)
      memory.isNamed = true
      memories.set(buffer, memory)
      return buffer
    })
  }
}

/** A view of a class of the host over shared memory. */
export function viewOf(memory: Memory, real: RealView): View {
  const handler = real instanceof DataView ? handleDataView : handleArray
  return memory.theatre.operate(`view ${memory.title}`, () => {
    const view = new View(memory, real, handler)
    memory.name(view.proxy, view)
    return view
  })
}

/** Memory as the program makes it, with the view of all of it. */
export class Whole {
  readonly #memory: Memory
  readonly #view: View
  readonly #Class: unknown
  readonly #length: number

  constructor(theatre: Theatre, title: string, Class: ArrayClass, length: number, name: Namer) {
    const bytes = Class.BYTES_PER_ELEMENT
    this.#memory = new Memory(theatre, title, length * bytes, bytes, name)
    this.#view = new View(this.#memory, new Class(this.#memory.buffer), handleArray)
    this.#Class = Class
    this.#length = length
  }

  /** Whether this is what another execution made here. */
  fits(Class: unknown, length: number): boolean {
    return this.#Class === Class && this.#length === length
  }

  /** As new, for another execution. */
  again(): object {
    this.#memory.clear()
    this.#memory.name(this.#view.proxy, this.#view)
    return this.#view.proxy
  }
}

function handleArray(view: View): ProxyHandler<RealView> {
  const { memory } = view
  const { theatre, title } = memory
  const real = view.real as RealArray
  const bytes = real.BYTES_PER_ELEMENT
  const read = (index: number): unknown => {
    if (index >= real.length) return undefined
    return theatre.operate(`read ${title}`, () => {
      const from = real.byteOffset + index * bytes
      memory.access(from, from + bytes, READ)
      const value = real[index]
      if (theatre.traced) theatre.row(memory.element(from), "read", undefined, value)
      return value
    })
  }
  const write = (index: number, value: unknown): void => {
    if (index >= real.length) return
    theatre.operate(`write ${title}`, () => {
      const from = real.byteOffset + index * bytes
      memory.access(from, from + bytes, WRITE)
      if (theatre.traced) theatre.row(memory.element(from), "write", value, undefined)
      Reflect.set(real, index, value)
    })
  }
  return {
    get(_target, name) {
      const index = indexOf(name)
      if (index >= 0) return read(index)
      if (name === BEHIND) return view
      if (name === "buffer") return view.buffer
      const value: unknown = Reflect.get(real, name, real)
      if (typeof value !== "function" || name === "constructor") return value
      return (...args: unknown[]) => call(view, String(name), value, args)
    },
    set(_target, name, value) {
      const index = indexOf(name)
      if (index < 0) return Reflect.set(real, name, value, real)
      write(index, value)
      return true
    },
    defineProperty: () => false,
  }
}

/** A method reads everything, and perhaps writes everything. */
function call(view: View, name: string, method: unknown, args: readonly unknown[]): unknown {
  const { memory, proxy } = view
  const real = view.real as RealArray
  const { theatre, title } = memory
  const apply = (target: object, own: readonly unknown[]): unknown =>
    Reflect.apply(method as () => unknown, target, own)
  if (name === "subarray") return viewOf(memory, apply(real, args) as RealView).proxy
  const plain = args.map((one) => copyOf(one))
  const result = theatre.operate(`${name} ${title}`, () => {
    const writes = WRITERS.has(name)
    const { byteOffset, byteLength } = real
    memory.access(byteOffset, byteOffset + byteLength, writes ? WRITE : READ)
    theatre.row(title, name, undefined, undefined)
    if (!writes) return real.slice()
    apply(real, plain)
    return undefined
  })
  if (result !== undefined) return apply(result, plain)
  return name === "set" ? undefined : proxy
}

/** What a method is given of another view: its elements now. */
function copyOf(value: unknown): unknown {
  return viewBehind(value) === undefined ? value : Array.from(value as ArrayLike<number>)
}

function handleDataView(view: View): ProxyHandler<RealView> {
  const { memory, real } = view
  const { theatre, title } = memory
  const access = (name: string, method: unknown, args: readonly unknown[]): unknown => {
    const bits = /^(get|set)\D+(\d+)$/.exec(name)
    if (bits === null) return Reflect.apply(method as () => unknown, real, args)
    const writes = bits[1] === "set"
    return theatre.operate(`${name} ${title}`, () => {
      const from = real.byteOffset + Number(args[0] ?? 0)
      const answer: unknown = Reflect.apply(method as () => unknown, real, args)
      memory.access(from, from + Number(bits[2]) / 8, writes ? WRITE : READ)
      const at = memory.element(from)
      if (theatre.traced) theatre.row(at, name, writes ? args[1] : undefined, answer)
      return answer
    })
  }
  return {
    get(_target, name) {
      if (name === BEHIND) return view
      if (name === "buffer") return view.buffer
      const value: unknown = Reflect.get(real, name, real)
      if (typeof value !== "function" || name === "constructor") return value
      return (...args: unknown[]) => access(String(name), value, args)
    },
  }
}

function indexOf(name: PropertyKey): number {
  if (typeof name !== "string") return -1
  const first = name.charCodeAt(0)
  return first >= 48 && first <= 57 ? Number(name) : -1
}
