/**
 * A schema: a fixed layout in bytes, and how values are written to and read from it.
 *
 * Each part of a schema exists twice: as text for the compiler, where code may be made at run time,
 * and as closures, where it may not. Both check the same things and write the same bytes.
 */

import type { Memory } from "../memory/memory.ts"
import { Strings } from "./codec-strings.ts"
import { compile } from "./codegen.ts"
import { shown } from "./shown.ts"

/** Names of the scalars whose values a typed array of the same name can hold. */
export type ScalarName = "f64" | "f32" | "i32" | "u32" | "i16" | "u16" | "i8" | "u8" | "i64" | "u64"

/** Plain data from which `schemaFrom` makes the same schema in another isolate. */
export type SchemaDescription = string | readonly [string, ...unknown[]]

/**
 * Writes a value at a byte; a method's type, so that a schema of numbers is a schema of unknowns.
 */
type Writer<T> = { write(value: T, byte: number): void }["write"]

/** A fixed layout for values of type T. */
export interface Schema<T> {
  readonly byteLength: number
  /** 1, 2, 4 or 8: a value begins at a multiple of this. */
  readonly alignment: number
  /** The layout in words, such as `{ x: f64, label: text(32) }`. */
  readonly name: string
  /** Present when a typed array can hold the values densely. */
  readonly scalar?: ScalarName
  /** The same schema as data: it crosses isolates. */
  readonly description: SchemaDescription
  /**
   * Writes a value at a byte offset, which is a multiple of `alignment`. What the layout cannot
   * hold is refused before anything is published, with a `TypeError` or `RangeError` that names
   * the field; bytes of the value may have been written by then.
   */
  writer(memory: Memory): Writer<T>
  /** Reads the value at a byte offset. */
  reader(memory: Memory): (byte: number) => T
}

/** The type of the values of a schema: `type Point = Infer<typeof Point>`. */
export type Infer<S> = S extends Schema<infer T> ? T : never

/** What the parts of a schema work with, in one memory. */
export interface Tools extends Memory {
  readonly strings: Strings
  /** Throws; out of line, so that the code which checks stays small. */
  fail(expected: string, path: string, value: unknown, isRange?: boolean): never
}

/**
 * A schema as its parts see each other. `at` is an expression for the byte, `path` for the place.
 */
export interface Part<T> extends Schema<T> {
  emitWrite(code: Code, value: string, at: string, path: string): void
  emitRead(code: Code, at: string): string
  interpretWrite(tools: Tools, path: () => string): Writer<T>
  interpretRead(tools: Tools): (byte: number) => T
}

/** Text of a function that grows statement by statement. */
export class Code {
  readonly #lines: string[] = []
  #names = 0

  line(text: string): void {
    this.#lines.push(text)
  }

  /** A name that nothing else in this function has. */
  name(): string {
    return `n${this.#names++}`
  }

  get text(): string {
    return this.#lines.join("\n")
  }
}

/** What a part says of itself; the rest of `Schema` follows from it. */
type PartOptions<T> = Omit<Part<T>, "writer" | "reader">

/** Completes a part to a schema. */
export function newPart<T>(options: PartOptions<T>): Part<T> {
  const part: Part<T> = {
    ...options,
    writer: (memory) => {
      const code = new Code()
      options.emitWrite(code, "value", "byte", '"value"')
      const tools = toolsFor(memory)
      const made = build(tools, `(value, byte) => { ${code.text} }`)
      return (made ?? options.interpretWrite(tools, () => "value")) as Writer<T>
    },
    reader: (memory) => {
      const code = new Code()
      const result = options.emitRead(code, "byte")
      const tools = toolsFor(memory)
      const made = build(tools, `(byte) => { ${code.text}\nreturn ${result} }`)
      return (made ?? options.interpretRead(tools)) as (byte: number) => T
    },
  }
  return Object.freeze(part)
}

/**
 * Makes the function with the views of one memory as constants; undefined where code is forbidden.
 */
function build(tools: Tools, text: string): unknown {
  const names = ["words", "bytes", "doubles", "view", "strings", "fail"] as const
  const make = compile(names, `return ${text}`) as ((...args: unknown[]) => unknown) | undefined
  return make?.(...names.map((name) => tools[name]))
}

const toolsOf = new WeakMap<Memory, Tools>()

function toolsFor(memory: Memory): Tools {
  let tools = toolsOf.get(memory)
  if (tools === undefined) {
    tools = { ...memory, strings: new Strings(memory), fail }
    toolsOf.set(memory, tools)
  }
  return tools
}

function fail(expected: string, path: string, value: unknown, isRange = false): never {
  const message = `${path} must be ${expected}, received ${shown(value)}`
  throw isRange ? new RangeError(message) : new TypeError(message)
}

/** `byte` plus a constant, as an expression. */
export function plus(at: string, offset: number): string {
  return offset === 0 ? at : `${at} + ${offset}`
}

/** The next multiple of `alignment`, a power of two. */
export function align(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment
}
