/** What is worth knowing of one source file: parsed, looked through once, made small. */
import { hash } from "node:crypto"
import { type EcmaScriptModule, type ParserOptions, parseSync, Visitor } from "oxc-parser"

/** A function and its length. */
export interface LongFunction {
  readonly name: string
  readonly line: number
  readonly lines: number
}

/** One file, small enough to travel: names are one string, their counts one array. */
export interface Summary {
  readonly path: string
  readonly bytes: number
  readonly lines: number
  /** Of the content: equal files have equal hashes. */
  readonly hash: string
  /** Why the file could not be read or parsed as a whole. */
  readonly problem: string | undefined
  readonly functions: number
  /** The longest ones, longest first. */
  readonly longest: readonly LongFunction[]
  /** What it imports, as written, each once. */
  readonly imports: readonly string[]
  /** Names, joined by spaces, in the order of `counts`. */
  readonly names: string
  readonly counts: Uint32Array
}

/** As many of one file as the report can show of all. */
export const LONGEST_MAX = 10

/** Shorter names say little: `i`, `e`, `$`, and all that a minifier makes. */
const NAME_LENGTH_MIN = 3

/** Summarises the text of one file. Never throws: what is wrong is part of the summary. */
export function summarise(path: string, text: string): Summary {
  const seen = new Seen(text)
  let problem: string | undefined
  try {
    const { program, module, errors } = parseSync(path, text, optionsFor(path))
    problem = errors[0]?.message
    seen.addModule(module)
    seen.visitor.visit(program)
  } catch (error) {
    problem = String(error)
  }
  return {
    path,
    bytes: Buffer.byteLength(text),
    lines: seen.lineStarts.length,
    hash: hash("sha1", text, "base64"),
    problem,
    functions: seen.functions,
    longest: seen.longest(),
    imports: [...seen.imports],
    names: [...seen.names.keys()].join(" "),
    counts: Uint32Array.from(seen.names.values()),
  }
}

function optionsFor(path: string): ParserOptions {
  // Plain .js is a module, or a script as CommonJS wraps it: try what most files are first.
  return path.endsWith(".js") ? { sourceType: "unambiguous" } : {}
}

/** What is gathered while the tree is visited. */
class Seen {
  readonly lineStarts: number[] = [0]
  readonly names = new Map<string, number>()
  readonly imports = new Set<string>()
  readonly visitor = this.#visitor()
  functions = 0
  readonly #text: string
  readonly #called = new Map<number, string>()
  #longest: { name: string; start: number; lines: number }[] = []

  constructor(text: string) {
    this.#text = text
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      this.lineStarts.push(at + 1)
    }
  }

  /** The imports that the parser has listed already. */
  addModule(module: EcmaScriptModule): void {
    for (const { moduleRequest } of module.staticImports) this.imports.add(moduleRequest.value)
    for (const { entries } of module.staticExports) {
      for (const { moduleRequest } of entries) {
        if (moduleRequest !== null) this.imports.add(moduleRequest.value)
      }
    }
    for (const { moduleRequest } of module.dynamicImports) {
      const literal = this.#text.slice(moduleRequest.start, moduleRequest.end)
      if (/^(["'])[^"'\n]+\1$/.test(literal)) this.imports.add(literal.slice(1, -1))
    }
  }

  /** The longest functions, longest first, earlier ones before later ones of the same length. */
  longest(): LongFunction[] {
    return this.#longest.map(({ name, start, lines }) => ({ name, line: this.#line(start), lines }))
  }

  #visitor(): Visitor {
    const name = (called: string, node: { start: number } | null) => {
      if (node !== null) this.#called.set(node.start, called)
    }
    const enter = (node: Func) => this.#enter(node)
    return new Visitor({
      Identifier: (node) => this.#count(node.name),
      VariableDeclarator: (node) => {
        if (node.id.type === "Identifier") name(node.id.name, node.init)
      },
      Property: (node) => name(keyOf(node.key), node.value),
      MethodDefinition: (node) => name(keyOf(node.key), node.value),
      CallExpression: ({ callee, arguments: [first] }) => {
        if (callee.type !== "Identifier" || callee.name !== "require") return
        if (first?.type === "Literal" && typeof first.value === "string")
          this.imports.add(first.value)
      },
      FunctionDeclaration: enter,
      FunctionExpression: enter,
      ArrowFunctionExpression: enter,
    })
  }

  #count(name: string): void {
    if (name.length >= NAME_LENGTH_MIN) this.names.set(name, (this.names.get(name) ?? 0) + 1)
  }

  #enter({ id, start, end }: Func): void {
    this.functions++
    const lines = this.#line(end) - this.#line(start) + 1
    const shortest = this.#longest.at(-1)
    if (this.#longest.length === LONGEST_MAX && shortest && lines <= shortest.lines) return
    const name = id?.name ?? this.#called.get(start) ?? "(anonymous)"
    const at = this.#longest.findIndex((other) => other.lines < lines)
    this.#longest.splice(at < 0 ? this.#longest.length : at, 0, { name, start, lines })
    this.#longest.length = Math.min(this.#longest.length, LONGEST_MAX)
  }

  #line(offset: number): number {
    let low = 0
    let high = this.lineStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.lineStarts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}

interface Func {
  readonly id?: { readonly name: string } | null
  readonly start: number
  readonly end: number
}

function keyOf(key: { type: string; name?: unknown; value?: unknown }): string {
  return String(key.name ?? key.value ?? "(computed)")
}
