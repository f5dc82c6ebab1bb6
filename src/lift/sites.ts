/**
 * The calls whose function-valued arguments are named: one row per call, whatever local names and
 * import paths the program uses for it.
 *
 * A path is what the call would be spelled like after `import * as heddle`: `parallel.map`,
 * `go.with()` for the call of what `go.with(...)` returned, `Scope.go` for the parameter of a
 * callback given to `scope`.
 */

import type {
  AnyNode,
  ArrowFunctionExpression,
  CallExpression,
  Expression,
  FunctionDeclaration,
  FunctionExpression,
  ImportDeclaration,
} from "acorn"
import { type Binding, childrenOf, type Syntax } from "./syntax.ts"

/** Which arguments of a call are functions: their positions, or every one that is one. */
export type Positions = readonly number[] | "every"

/** Calls that take code. A room that starts code elsewhere adds its row here. */
const CALLS: Readonly<Record<string, Positions>> = {
  go: [0],
  "go.with()": [0],
  "Scope.go": [0],
  "Scope.go.with()": [0],
  "parallel.map": [1],
  "parallel.forEach": [1],
  "parallel.filter": [1],
  "parallel.reduce": [1, 2],
  "parallel.join": "every",
  spawn: [0],
  child: [0],
  pool: [0],
  once: [0],
}

/** Callbacks that run here, and what their first parameter is. */
const RECEIVERS: Readonly<Record<string, string>> = { scope: "Scope" }

/** Calls that make the same thing in every isolate: code and descriptions of data. */
const REPEATABLE: ReadonlySet<string> = new Set(
  "task remote sendable struct text bytes list optional".split(" "),
)

/** Calls that tell an isolate how to receive values; they run wherever code of the file runs. */
const REGISTRATIONS: ReadonlySet<string> = new Set(["sendable"])

/** How many constants a name may pass through: enough for people, and an end for `const a = a`. */
const ALIASES_MAX = 8

/** A function-valued argument at a call that takes code. */
export interface Site {
  readonly argument: Expression
  /** False where the receiver is only guessed: `x.go(...)` with an `x` of unknown origin. */
  readonly isCertain: boolean
  /** At `parallel.join` numbers stand beside functions. */
  readonly isSurelyFunction: boolean
}

/** What the program imported from Heddle, by path. */
export interface Vocabulary {
  /** The path of an expression, or undefined when it is not Heddle's. */
  pathOf(node: AnyNode): string | undefined
  /** Whether a call of this path gives the same in every isolate. */
  isRepeatable(path: string): boolean
  /** Whether a call of this path must run wherever code of this file runs. */
  isRegistration(path: string): boolean
  /** Whether the binding is a scope, which stays in its isolate. */
  isReceiver(binding: Binding): boolean
  readonly sites: readonly Site[]
}

/** Finds everything of Heddle in a module. */
export function readVocabulary(syntax: Syntax): Vocabulary {
  const paths = importedPaths(syntax)
  const pathOf = (node: AnyNode): string | undefined => expressionPath(syntax, paths, node)
  for (const call of callsIn(syntax.program)) bindReceiver(syntax, paths, pathOf, call)
  return {
    pathOf,
    isRepeatable: (path) => REPEATABLE.has(path),
    isRegistration: (path) => REGISTRATIONS.has(path),
    isReceiver: (binding) => Object.values(RECEIVERS).includes(paths.get(binding) ?? ""),
    sites: callsIn(syntax.program).flatMap((call) => sitesOf(syntax, pathOf, call)),
  }
}

/** Whether an import is of this package or one of its rooms. */
export function isHeddle({ source }: ImportDeclaration): boolean {
  return /^heddle(\/|$)/.test(String(source.value))
}

function importedPaths(syntax: Syntax): Map<Binding, string> {
  const paths = new Map<Binding, string>()
  for (const binding of syntax.bindings) {
    const { node } = binding
    const parent = node === undefined ? undefined : syntax.parentOf.get(node)
    if (node === undefined || parent?.type !== "ImportDeclaration") continue
    if (!isHeddle(parent)) continue
    if (node.type === "ImportNamespaceSpecifier") paths.set(binding, "")
    if (node.type === "ImportSpecifier") paths.set(binding, nameOf(node.imported))
  }
  return paths
}

function nameOf(node: AnyNode): string {
  if (node.type === "Identifier") return node.name
  return node.type === "Literal" ? String(node.value) : ""
}

function expressionPath(
  syntax: Syntax,
  paths: ReadonlyMap<Binding, string>,
  node: AnyNode,
  depth = 0,
): string | undefined {
  if (node.type === "Identifier") {
    const binding = syntax.bindingOf(node)
    return binding && (paths.get(binding) ?? aliasPath(syntax, paths, binding, depth + 1))
  }
  if (node.type === "MemberExpression" && !node.computed) {
    const owner = expressionPath(syntax, paths, node.object, depth)
    if (owner === undefined) return undefined
    return owner === "" ? nameOf(node.property) : `${owner}.${nameOf(node.property)}`
  }
  if (node.type === "CallExpression") {
    const callee = expressionPath(syntax, paths, node.callee, depth)
    return callee?.endsWith(".with") ? `${callee}()` : undefined
  }
  return undefined
}

/** `const run = go`, `const { map } = parallel`. */
function aliasPath(
  syntax: Syntax,
  paths: ReadonlyMap<Binding, string>,
  { name, node }: Binding,
  depth: number,
): string | undefined {
  if (node?.type !== "VariableDeclarator" || !node.init || depth > ALIASES_MAX) return undefined
  if (node.id.type === "Identifier") return expressionPath(syntax, paths, node.init, depth)
  if (node.id.type !== "ObjectPattern") return undefined
  const property = node.id.properties.find(
    (item) => item.type === "Property" && nameOf(item.value) === name,
  )
  const owner = expressionPath(syntax, paths, node.init, depth)
  if (owner === undefined || property?.type !== "Property") return undefined
  return owner === "" ? nameOf(property.key) : `${owner}.${nameOf(property.key)}`
}

/** In `scope(async (s) => ...)` and `scope(main)`, the parameter is a scope. */
function bindReceiver(
  syntax: Syntax,
  paths: Map<Binding, string>,
  pathOf: (node: AnyNode) => string | undefined,
  call: CallExpression,
): void {
  const receiver = RECEIVERS[pathOf(call.callee) ?? ""]
  const callback = call.arguments[0]
  if (receiver === undefined || callback === undefined) return
  const parameter = functionOf(syntax, callback)?.params[0]
  if (parameter === undefined) return
  for (const binding of syntax.bindings) {
    if (binding.kind !== "parameter" || binding.scope !== functionOf(syntax, callback)) continue
    if (parameter.type === "Identifier" && parameter.name === binding.name) {
      paths.set(binding, receiver)
    }
    if (parameter.type !== "ObjectPattern") continue
    for (const item of parameter.properties) {
      if (item.type !== "Property" || nameOf(item.value) !== binding.name) continue
      paths.set(binding, `${receiver}.${nameOf(item.key)}`)
    }
  }
}

/** A function in the tree. */
export type FunctionNode = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression

/** The function that an expression is, or that the name it is was declared as. */
export function functionOf(syntax: Syntax, node: AnyNode): FunctionNode | undefined {
  if (node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression") return node
  if (node.type === "FunctionDeclaration") return node as FunctionDeclaration
  if (node.type !== "Identifier") return undefined
  const declared = syntax.bindingOf(node)?.node
  if (declared?.type === "FunctionDeclaration") return declared as FunctionDeclaration
  if (declared?.type !== "VariableDeclarator" || declared.id.type !== "Identifier") return undefined
  const { init } = declared
  return init?.type === "ArrowFunctionExpression" || init?.type === "FunctionExpression"
    ? init
    : undefined
}

function callsIn(root: AnyNode): CallExpression[] {
  const found: CallExpression[] = []
  const visit = (node: AnyNode): void => {
    if (node.type === "CallExpression") found.push(node)
    for (const child of childrenOf(node)) visit(child)
  }
  visit(root)
  return found.sort((a, b) => a.start - b.start || b.end - a.end)
}

function sitesOf(
  syntax: Syntax,
  pathOf: (node: AnyNode) => string | undefined,
  call: CallExpression,
): Site[] {
  const path = pathOf(call.callee) ?? guessedPath(syntax, pathOf, call.callee)
  const positions = path === undefined ? undefined : CALLS[path.replace("?", "")]
  if (path === undefined || positions === undefined) return []
  const found: Site[] = []
  for (const [index, argument] of call.arguments.entries()) {
    if (argument.type === "SpreadElement") break
    if (positions !== "every" && !positions.includes(index)) continue
    const isCertain = !path.startsWith("?")
    const isSurelyFunction = positions !== "every"
    for (const choice of choicesOf(argument)) {
      found.push({ argument: choice, isCertain, isSurelyFunction })
    }
  }
  return found
}

/** `s.go(...)` where `s` came in as a parameter: surely a scope in practice, not in proof. */
function guessedPath(
  syntax: Syntax,
  pathOf: (node: AnyNode) => string | undefined,
  callee: AnyNode,
): string | undefined {
  if (callee.type === "CallExpression") {
    const inner = guessedPath(syntax, pathOf, callee.callee)
    return inner?.endsWith(".with") ? `${inner}()` : undefined
  }
  if (callee.type !== "MemberExpression" || callee.computed) return undefined
  const name = nameOf(callee.property)
  if (name === "with") {
    const owner = guessedPath(syntax, pathOf, callee.object)
    return owner && `${owner}.with`
  }
  if (name !== "go" || callee.object.type !== "Identifier") return undefined
  return pathOf(callee) === undefined && syntax.bindingOf(callee.object) ? "?Scope.go" : undefined
}

/** The expressions that an argument may come down to. */
function choicesOf(argument: Expression): Expression[] {
  if (argument.type === "ConditionalExpression") {
    return [...choicesOf(argument.consequent), ...choicesOf(argument.alternate)]
  }
  if (argument.type === "LogicalExpression") {
    return [...choicesOf(argument.left), ...choicesOf(argument.right)]
  }
  return [argument]
}
