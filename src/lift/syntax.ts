/**
 * Source text as a tree, its names, and where each name is used.
 *
 * The transform asks three things of a text: which uses lie in a range, what each use means, and
 * what stands around a node. The scope analysis of the library is copied into plain records here,
 * so the rest of the room knows one shape.
 */

import { type AnyNode, type Identifier, type Program, parse } from "acorn"
import { analyze, type Scope, type Variable } from "eslint-scope"
import type { SourcePlace } from "../errors.ts"
import { placesOf } from "./places.ts"

/** How a name came to be. */
export type BindingKind = "import" | "function" | "class" | "variable" | "parameter" | "implicit"

/** A declared name. */
export interface Binding {
  readonly name: string
  readonly kind: BindingKind
  /** The declarator, function, class or import specifier; for `arguments` nothing. */
  readonly node: AnyNode | undefined
  /** The node whose scope holds the name. */
  readonly scope: AnyNode
  readonly isModuleLevel: boolean
  readonly uses: Use[]
}

/** One place where a name is read or written. */
export interface Use {
  readonly name: string
  readonly start: number
  readonly end: number
  /** Undefined for a global. */
  readonly binding: Binding | undefined
  readonly isWrite: boolean
  /** The write that belongs to the declaration. */
  readonly isInitial: boolean
  readonly node: AnyNode
}

/** A parsed source text. */
export interface Syntax {
  readonly source: string
  readonly program: Program
  readonly bindings: readonly Binding[]
  readonly parentOf: ReadonlyMap<AnyNode, AnyNode>
  /** All uses whose text lies in the range, in order. */
  usesIn(range: { start: number; end: number }): readonly Use[]
  /** What an identifier stands for; undefined for a global. */
  bindingOf(identifier: Identifier): Binding | undefined
  /** Where an offset lies in the file as it was written. */
  placeOf(offset: number): SourcePlace
}

/** Parses a module. Throws the parser's SyntaxError. */
export function parseModule(source: string, file: string): Syntax {
  const program = parse(source, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowHashBang: true,
    ranges: true,
  })
  const { bindings, uses } = readScopes(program)
  const place = lineTable(source)
  const written = placesOf(source, file)
  const useAt = new Map(uses.map((use) => [use.start, use]))
  return {
    source,
    program,
    bindings,
    parentOf: readParents(program),
    usesIn: ({ start, end }) => uses.slice(lowerBound(uses, start), lowerBound(uses, end)),
    bindingOf: (identifier) => useAt.get(identifier.start)?.binding,
    placeOf: (offset) => written(place(offset)),
  }
}

/** The nodes directly below a node. */
export function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield item
    } else if (isNode(value)) yield value
  }
}

/** Whether a range lies inside another, or is the same. */
export function isInside(
  inner: { start: number; end: number },
  outer: { start: number; end: number },
): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value
}

function readParents(program: Program): Map<AnyNode, AnyNode> {
  const parents = new Map<AnyNode, AnyNode>()
  const open: AnyNode[] = [program]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const child of childrenOf(node)) {
      parents.set(child, node)
      open.push(child)
    }
  }
  return parents
}

function readScopes(program: Program): { bindings: Binding[]; uses: Use[] } {
  const manager = analyze(program as unknown as Parameters<typeof analyze>[0], {
    ecmaVersion: 2024,
    sourceType: "module",
    // One `eval` would make every name of the file unknown.
    ignoreEval: true,
  })
  const known = new Map<Variable, Binding>()
  for (const scope of manager.scopes) {
    for (const variable of scope.variables) known.set(variable, toBinding(variable))
  }
  const uses: Use[] = []
  for (const scope of manager.scopes) {
    for (const reference of scope.references) {
      const node = reference.identifier as unknown as Identifier
      const { start, end, name } = node
      const variable = reference.resolved === null ? undefined : outerClass(reference.resolved)
      const binding = variable === undefined ? undefined : known.get(variable)
      const isInitial = reference.init === true
      const use = { name, start, end, node, binding, isWrite: reference.isWrite(), isInitial }
      uses.push(use)
      binding?.uses.push(use)
    }
  }
  uses.sort((a, b) => a.start - b.start)
  return { bindings: [...known.values()], uses }
}

/** Inside a class declaration its name is a second, inner one; both mean the class. */
function outerClass(variable: Variable): Variable {
  const scope: Scope = variable.scope
  if (scope.type !== "class" || scope.block.type !== "ClassDeclaration") return variable
  return scope.upper?.set.get(variable.name) ?? variable
}

const KINDS: Record<string, BindingKind> = {
  ImportBinding: "import",
  FunctionName: "function",
  ClassName: "class",
  Variable: "variable",
  Parameter: "parameter",
  CatchClause: "parameter",
}

function toBinding(variable: Variable): Binding {
  const definition = variable.defs[0]
  return {
    name: variable.name,
    kind: KINDS[definition?.type ?? ""] ?? "implicit",
    node: definition?.node as unknown as AnyNode | undefined,
    scope: variable.scope.block as unknown as AnyNode,
    isModuleLevel: variable.scope.type === "module",
    uses: [],
  }
}

function lowerBound(uses: readonly Use[], offset: number): number {
  let low = 0
  let high = uses.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (uses[middle].start < offset) low = middle + 1
    else high = middle
  }
  return low
}

function lineTable(source: string): (offset: number) => { line: number; column: number } {
  const starts = [0]
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) {
    starts.push(at + 1)
  }
  return (offset) => {
    const line = starts.findLastIndex((start) => start <= offset)
    return { line: line + 1, column: offset - starts[line] + 1 }
  }
}
