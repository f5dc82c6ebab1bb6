/**
 * The two WebAssembly functions of our own, written as bytes.
 *
 * Stacks can be switched only where no frame of JavaScript lies between the entry of a stack and
 * the function that suspends it. So what waits must be WebAssembly: `waiter` asks JavaScript,
 * suspends, and asks again, but no JavaScript is on the stack while it suspends. `body` is the
 * first function of each thread's stack.
 *
 * Where JavaScript does lie below, the host throws instead of suspending; `waiter` catches that and
 * says so (`refused`).
 */

/** Answers of `begin` and `again` below the smallest address: what `waiter` shall do. */
export const SUSPEND = 1
/** Run Python's signal handlers, then ask again. */
export const CHECK_SIGNALS = 2

interface Jspi {
  Module: new (bytes: Uint8Array) => object
  Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, (...args: number[]) => number> }
  Suspending?: new (fn: () => Promise<void>) => object
  promising?(fn: (...args: number[]) => number): (...args: number[]) => Promise<number>
}

/** Nothing where the host was started without it: `pyodidePackage` says so. */
const engine = (Reflect.get(globalThis, "WebAssembly") ?? {}) as Jspi

/** True where WebAssembly stacks can be switched. */
export const switchesStacks =
  typeof engine.Suspending === "function" && typeof engine.promising === "function"

/** Makes a function of WebAssembly suspend its stack until the promise settles. */
export function suspending(fn: () => Promise<void>): object | (() => void) {
  if (engine.Suspending !== undefined) return new engine.Suspending(fn)
  return () => {
    throw new Error("this host cannot switch WebAssembly stacks")
  }
}

/** Gives a function of WebAssembly a stack of its own at each call. */
export function promising(
  fn: (...args: number[]) => number,
): (...args: number[]) => Promise<number> {
  if (engine.promising !== undefined) return engine.promising(fn)
  return async (...args) => fn(...args)
}

const I32 = 0x7f
const [BLOCK, LOOP, IF, ELSE, TRY, CATCH_ALL, END] = [0x02, 0x03, 0x04, 0x05, 0x06, 0x19, 0x0b]
const [BR, BR_IF, RETURN, CALL] = [0x0c, 0x0d, 0x0f, 0x10]
const [GET, SET, CONST, EQZ, EQ, NE, LT_S] = [0x20, 0x21, 0x41, 0x45, 0x46, 0x47, 0x48]
const EMPTY = 0x40

function size(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...size(value >>> 7)]
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...size(items.length), ...items.flat()]
}

function sized(bytes: readonly number[]): number[] {
  return [...size(bytes.length), ...bytes]
}

function text(value: string): number[] {
  return sized([...value].map((char) => char.charCodeAt(0)))
}

function signature(parameters: number, results: number): number[] {
  return [0x60, ...list(Array(parameters).fill([I32])), ...list(Array(results).fill([I32]))]
}

interface Text {
  /** Name, parameters, results. */
  readonly imports: readonly (readonly [string, number, number])[]
  readonly parameters: number
  readonly results: number
  readonly locals: number
  readonly code: readonly number[]
}

/** A module with one exported function, `call`, from its parts. */
function assemble({ imports, parameters, results, locals, code }: Text): Uint8Array {
  const section = (id: number, bytes: number[]) => [id, ...sized(bytes)]
  const types = [...imports.map(([, ins, outs]) => signature(ins, outs))]
  const declared = list([locals === 0 ? [] : [locals, I32]].filter((one) => one.length > 0))
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list([...types, signature(parameters, results)])),
    ...section(2, list(imports.map(([name], at) => [...text("env"), ...text(name), 0x00, at]))),
    ...section(3, list([[imports.length]])),
    ...section(7, list([[...text("call"), 0x00, imports.length]])),
    ...section(10, list([sized([...declared, ...code, END])])),
  ])
}

function waiterText(parameters: number): Text {
  const [begin, again, suspend, refused, check, abandon] = [0, 1, 2, 3, 4, 5]
  const answer = parameters
  return {
    imports: [
      ["begin", parameters, 1],
      ["again", 0, 1],
      ["suspend", 0, 0],
      ["refused", 0, 0],
      ["check", 0, 1],
      ["abandon", 0, 0],
    ],
    parameters,
    results: 1,
    locals: 1,
    code: [
      ...Array.from({ length: parameters }, (_, at) => [GET, at]).flat(),
      ...[CALL, begin, SET, answer],
      ...[BLOCK, EMPTY, LOOP, EMPTY],
      ...[GET, answer, CONST, SUSPEND, EQ, IF, EMPTY],
      ...[TRY, EMPTY, CALL, suspend, CATCH_ALL, CALL, refused, END],
      ...[ELSE, GET, answer, CONST, CHECK_SIGNALS, NE, BR_IF, 2],
      ...[CALL, check, CONST, 0, LT_S, IF, EMPTY, CALL, abandon, CONST, 0, RETURN, END],
      ...[END, CALL, again, SET, answer, BR, 0],
      ...[END, END, GET, answer],
    ],
  }
}

const BODY: Text = {
  imports: [
    ["invoke", 3, 1],
    ["settled", 1, 1],
    ["report", 2, 0],
    ["clear", 1, 0],
  ],
  parameters: 5,
  results: 1,
  locals: 1,
  code: [
    ...[GET, 0, GET, 1, GET, 2, CALL, 0, CALL, 1, SET, 5],
    ...[GET, 5, EQZ, IF, EMPTY, ELSE, GET, 4, GET, 5, CALL, 2, END],
    ...[GET, 3, EQZ, IF, EMPTY, ELSE, GET, 3, CALL, 3, END],
    ...[CONST, 0],
  ],
}

const compiled = new Map<Text | number, object>()

function compile(key: Text | number, make: () => Text): object {
  let module = compiled.get(key)
  if (module === undefined) {
    module = new engine.Module(assemble(make()))
    compiled.set(key, module)
  }
  return module
}

/** What a `waiter` calls. `suspend` comes from `suspending`, `check` is the interpreter's own. */
export interface WaiterParts {
  begin(...args: number[]): number
  again(): number
  readonly suspend: object | (() => void)
  refused(): void
  check(): number
  abandon(): void
}

/** Makes the function of WebAssembly that waits, with the parameters of a C function. */
export function waiter(parameters: number, parts: WaiterParts): (...args: number[]) => number {
  const module = compile(parameters, () => waiterText(parameters))
  return new engine.Instance(module, { env: { ...parts } }).exports.call
}

/** What a `body` calls; all but `settled` are the interpreter's own functions. */
export interface BodyParts {
  invoke(callable: number, args: number, kwargs: number): number
  /** Takes the result; answers the values of a report on an exception that nobody took, or 0. */
  settled(result: number): number
  report(format: number, values: number): void
  clear(state: number): void
}

/**
 * Makes a thread's first function: (callable, args, kwargs, state to clear or 0, format of a
 * report).
 */
export function body(parts: BodyParts): (...args: number[]) => number {
  const module = compile(BODY, () => BODY)
  return new engine.Instance(module, { env: { ...parts } }).exports.call
}
