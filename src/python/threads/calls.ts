/**
 * What builtins do with their arguments and results: seconds, keywords, threads' names for None.
 */
import { now } from "#platform/clock"
import { cString, raise, type ThreadModule } from "./module.ts"
import type { Pointer } from "./seam.ts"

/** Rounding of seconds as CPython rounds timeouts: away from zero. */
const ROUND_TIMEOUT = 3

/** The longest timeout, as `_thread.TIMEOUT_MAX` says it. */
const TIMEOUT_SECONDS_MAX = 9_223_372_036

const NANOSECONDS_PER_MS = 1e6

/** Reads arguments by CPython's own parsers, into words that belong to one interpreter. */
export class Calls {
  readonly module: ThreadModule
  readonly none: Pointer
  readonly true: Pointer
  readonly false: Pointer
  /** Words for a variable number of arguments, read by C before it does anything else. */
  readonly #variadic: Pointer
  readonly #formats = new Map<string, Pointer>()
  readonly #names = new Map<string, Pointer>()

  constructor(module: ThreadModule) {
    this.module = module
    this.none = module.__Py_NoneStruct
    this.true = module.__Py_TrueStruct
    this.false = module.__Py_FalseStruct
    this.#variadic = module._malloc(4 * VALUES)
  }

  /** Parses a tuple and a dictionary of arguments; undefined with Python's exception set. */
  parse(
    args: Pointer,
    kwargs: Pointer,
    format: string,
    names: readonly string[],
    defaults: readonly number[],
  ): number[] | undefined {
    const [at, list] = [this.format(format), this.#nameList(names)]
    return this.#parse(defaults, (into) =>
      this.module._PyArg_ParseTupleAndKeywords(args, kwargs, at, list, into),
    )
  }

  /** Parses a tuple of arguments; undefined with Python's exception set. */
  parseTuple(args: Pointer, format: string, defaults: readonly number[]): number[] | undefined {
    const at = this.format(format)
    return this.#parse(defaults, (into) => this.module._PyArg_ParseTuple(args, at, into))
  }

  /** Seconds as milliseconds; undefined with Python's exception set. */
  milliseconds(seconds: Pointer): number | undefined {
    const { module } = this
    const ms = this.#onStack(8, (at) => {
      const failed = module.__PyTime_FromSecondsObject(at, seconds, ROUND_TIMEOUT) < 0
      return failed ? undefined : Number(module.HEAP64[at >> 3]) / NANOSECONDS_PER_MS
    })
    if (ms === undefined || ms <= TIMEOUT_SECONDS_MAX * 1000) return ms
    raise(module, "_PyExc_OverflowError", "timeout value is too large")
    return undefined
  }

  /** Arguments for a C function that takes a variable number of words. */
  variadic(...values: readonly number[]): Pointer {
    for (const [at, value] of values.entries())
      this.module.HEAPU32[(this.#variadic >> 2) + at] = value
    return this.#variadic
  }

  /** A format or name, made once. */
  format(text: string): Pointer {
    return memo(this.#formats, text, () => cString(this.module, text))
  }

  /** True when Python runs the audit hooks and none raises. */
  audit(event: string, format: string, ...values: readonly number[]): boolean {
    const { module } = this
    const rest = this.variadic(...values)
    return module._PySys_Audit(this.format(event), this.format(format), rest) === 0
  }

  /** Length of a tuple; 0 for none. */
  length(tuple: Pointer): number {
    return tuple === 0 ? 0 : this.module.HEAP32[(tuple + TUPLE_LENGTH) >> 2]
  }

  /** Whether an item of a tuple of names is this one. */
  isName(names: Pointer, at: number, name: string): boolean {
    const item = this.module.HEAPU32[((names + TUPLE_ITEMS) >> 2) + at]
    return this.module._PyUnicode_CompareWithASCIIString(item, this.format(name)) === 0
  }

  /** The number as Python's int: a new reference. */
  int(value: number): Pointer {
    return this.module._PyLong_FromUnsignedLong(value)
  }

  bool(value: boolean): Pointer {
    return value ? this.true : this.false
  }

  runtimeError(text: string): 0 {
    return raise(this.module, "_PyExc_RuntimeError", text)
  }

  finalizationError(text: string): 0 {
    return raise(this.module, "_PyExc_PythonFinalizationError", text)
  }

  typeError(text: string): 0 {
    return raise(this.module, "_PyExc_TypeError", text)
  }

  /** Calls a parser with the addresses of values that begin as `defaults`; answers the values. */
  #parse(defaults: readonly number[], parser: (into: Pointer) => number): number[] | undefined {
    return this.#onStack(8 * VALUES, (at) => {
      const { module } = this
      const addresses = at + 4 * VALUES
      for (const [i, value] of defaults.entries()) {
        module.HEAP32[(at >> 2) + i] = value
        module.HEAPU32[(addresses >> 2) + i] = at + 4 * i
      }
      if (parser(addresses) === 0) return undefined
      return [...module.HEAP32.subarray(at >> 2, (at >> 2) + defaults.length)]
    })
  }

  /** Lends memory of the C stack: parsers may run Python code, which may come here again. */
  #onStack<T>(bytes: number, use: (at: Pointer) => T): T {
    const stack = this.module.___stack_pointer
    const top = stack.value
    stack.value = top - ((bytes + 15) & ~15)
    try {
      return use(stack.value)
    } finally {
      stack.value = top
    }
  }

  #nameList(names: readonly string[]): Pointer {
    return memo(this.#names, names.join(), () => {
      const list = this.module._malloc(4 * (names.length + 1))
      const texts = [...names.map((name) => cString(this.module, name)), 0]
      this.module.HEAPU32.set(texts, list >> 2)
      return list
    })
  }
}

/** Offsets in a tuple. */
const TUPLE_LENGTH = 8
const TUPLE_ITEMS = 16

/** Most values that one call parses. */
const VALUES = 4

/** The moment `ms` from now, or never. */
export function deadlineIn(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : now() + ms
}

function memo(made: Map<string, Pointer>, key: string, make: () => Pointer): Pointer {
  const at = made.get(key) ?? make()
  made.set(key, at)
  return at
}
