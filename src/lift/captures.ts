/**
 * What a closure takes from outside of itself: values that travel with it, and things that cannot.
 */

import type { AnyNode } from "acorn"
import { CaptureError } from "../errors.ts"
import {
  type Declarations,
  instanceProblem,
  type Needs,
  type Range,
  type Unit,
} from "./declarations.ts"
import { functionOf, type Vocabulary } from "./sites.ts"
import { type Binding, childrenOf, isInside, type Syntax } from "./syntax.ts"
import type { TypeName } from "./type-names.ts"
import { reassignmentOf } from "./uses.ts"

/** What a closure needs, sorted by how it gets there. */
export interface Captures {
  /** Names of enclosing functions, in the order of their first use. */
  readonly locals: readonly Binding[]
  /** Names of the top level that travel as values and stand in the closure's own text. */
  readonly direct: readonly Binding[]
  readonly needs: Needs
}

/** The module under analysis. */
export interface Module {
  readonly syntax: Syntax
  readonly vocabulary: Vocabulary
  readonly declarations: Declarations
  readonly file: string
  /** Where the text says `import.meta`. */
  readonly metas: readonly AnyNode[]
  /** Where types name imports. */
  readonly typeNames: readonly TypeName[]
}

/**
 * Sorts what a closure takes from outside. `self` is the name the closure is bound to.
 *
 * @throws {CaptureError} when one of it cannot cross
 */
export function readCaptures(module: Module, closure: AnyNode, self?: Binding): Captures {
  refuseContext(module, closure, closure)
  const locals = new Set<Binding>()
  const direct = new Set<Binding>()
  for (const use of module.syntax.usesIn(closure)) {
    const { binding } = use
    if (binding === undefined || binding === self || isInside(binding.scope, closure)) continue
    if (!binding.isModuleLevel) {
      const problem = localProblem(binding, module)
      if (problem !== undefined) throw refusal(module, use.start, binding.name, problem)
      locals.add(binding)
    } else if (module.declarations.treatmentOf(binding).how === "capture") direct.add(binding)
  }
  const needs = module.declarations.needsOf(closure)
  refuseNeeds(module, needs)
  return { locals: [...locals], direct: [...direct], needs }
}

/** @throws {CaptureError} when something needed of the top level cannot cross */
export function refuseNeeds(module: Module, { refused }: Needs): void {
  if (refused === undefined) return
  const { use, problem, neededBy } = refused
  const reason = neededBy === undefined ? "" : ` (${neededBy} needs it)`
  throw refusal(module, use.start, use.name, `${problem}${reason}`)
}

/** The error for a place in the module, without the transform's own stack. */
function refusal(module: Module, offset: number, variable: string, problem: string): CaptureError {
  const depth = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  const error = new CaptureError(module.syntax.placeOf(offset), variable, problem)
  Error.stackTraceLimit = depth
  return error
}

function localProblem(binding: Binding, { syntax, vocabulary }: Module): string | undefined {
  const { kind, name, node } = binding
  if (kind === "implicit") {
    return "belongs to the function around the closure: take what is needed into a const first"
  }
  if (vocabulary.isReceiver(binding)) {
    return (
      "is a scope, which stays in its isolate: " +
      "start tasks in the closure with go(), or open a scope there"
    )
  }
  if (kind === "class") {
    return "is a class declared in a function: declare it at the top level of a module"
  }
  const init = node?.type === "VariableDeclarator" ? node.init : undefined
  if (kind === "function" || (node && node.type !== "ArrowFunctionExpression" && isCode(init))) {
    return (
      "is a function, which cannot be copied: " +
      `declare ${name} at the top level of a module, or inside the closure`
    )
  }
  const method = init && node?.type === "VariableDeclarator" ? methodOf(init) : undefined
  if (method !== undefined) {
    return `holds a function (${method}), which cannot be copied: pass plain data`
  }
  return reassignmentOf(binding, syntax) ?? instanceProblem(binding, syntax, vocabulary)
}

function isCode(init: AnyNode | null | undefined): boolean {
  return !!init && /^(Arrow)?Function|^Class/.test(init.type)
}

/** The first property of an object literal that is a function. */
function methodOf(init: AnyNode): string | undefined {
  if (init.type !== "ObjectExpression") return undefined
  for (const property of init.properties) {
    if (property.type !== "Property" || !isCode(property.value)) continue
    return property.key.type === "Identifier" ? property.key.name : "computed"
  }
  return undefined
}

/** Refuses `this`, `super`, `new.target` and private names of the code around the closure. */
function refuseContext(module: Module, node: AnyNode, closure: AnyNode): void {
  const problem = contextProblem(module, node, closure)
  if (problem !== undefined) {
    throw refusal(module, node.start, module.syntax.source.slice(node.start, node.end), problem)
  }
  for (const child of childrenOf(node)) refuseContext(module, child, closure)
}

function contextProblem(module: Module, node: AnyNode, closure: AnyNode): string | undefined {
  if (node.type === "PrivateIdentifier") {
    const owner = enclosing(module, node, (around) => /^Class(Decl|Expr)/.test(around.type))
    if (owner && isInside(owner, closure)) return undefined
    return "is private to a class around the closure: read it into a const first"
  }
  const isTarget = node.type === "MetaProperty" && node.meta.name === "new"
  if (node.type !== "ThisExpression" && node.type !== "Super" && !isTarget) return undefined
  const owner = enclosing(module, node, (around) => bindsThis(around, node))
  if (owner && isInside(owner, closure)) return undefined
  return "belongs to the code around the closure: read what is needed into a const first"
}

/** A field binds it in its value; what its name is computed from belongs to the code around. */
function bindsThis(around: AnyNode, node: AnyNode): boolean {
  if (around.type !== "PropertyDefinition") return /^Function|^StaticBlock$/.test(around.type)
  return !!around.value && isInside(node, around.value)
}

function enclosing(
  module: Module,
  node: AnyNode,
  matches: (around: AnyNode) => boolean,
): AnyNode | undefined {
  let around = module.syntax.parentOf.get(node)
  while (around && !matches(around)) around = module.syntax.parentOf.get(around)
  return around
}

/**
 * Declarations that are made anew for each call cannot wait: the call is not.
 *
 * @throws {CaptureError} when one of them awaits
 */
export function refuseAwaits(module: Module, units: readonly Unit[]): void {
  for (const { node, bindings } of units) {
    const found = node.type === "VariableDeclarator" ? awaitIn(node) : undefined
    if (found === undefined) continue
    const problem =
      "is made again in other isolates, from values that travel, and cannot await there: " +
      "await it inside the closure"
    throw refusal(module, found.start, bindings[0]?.name ?? "", problem)
  }
}

function awaitIn(node: AnyNode): AnyNode | undefined {
  if (node.type === "AwaitExpression") return node
  if (/Function|^Class/.test(node.type)) return undefined
  for (const child of childrenOf(node)) {
    const found = awaitIn(child)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a range mentions names of enclosing functions. */
export function hasLocals({ syntax }: Module, range: Range): boolean {
  return syntax
    .usesIn(range)
    .some(({ binding }) => binding && !binding.isModuleLevel && !isInside(binding.scope, range))
}

/** The function that a local name was declared as, when nothing else was ever assigned to it. */
export function localFunction({ syntax }: Module, binding: Binding): AnyNode | undefined {
  if (reassignmentOf(binding, syntax) !== undefined || binding.node === undefined) return undefined
  if (binding.kind === "function") return binding.node
  const { node } = binding
  return node.type === "VariableDeclarator" ? functionOf(syntax, node.id) : undefined
}
