/**
 * The names of a module's top level: which are copied as text into the modules that other isolates
 * load, which travel as values, and which can do neither.
 *
 * Invariant     what is copied is the same in every isolate, or belongs to the copied code alone
 * Invariant     a name that travels is never assigned after its declaration
 */

import type { AnyNode, ExpressionStatement, VariableDeclaration } from "acorn"
import { type Origin, originOf } from "./initialisers.ts"
import type { Vocabulary } from "./sites.ts"
import { type Binding, childrenOf, isInside, type Syntax, type Use } from "./syntax.ts"
import { isFunctionUse, isReadOnlyUse, reassignmentOf } from "./uses.ts"

/** A range of the source text. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** A declaration of the top level that can be copied as a whole. */
export interface Unit {
  readonly node: AnyNode
  /** The statement around a declarator, which knows `const` from `let`. */
  readonly declaration: VariableDeclaration | undefined
  readonly bindings: readonly Binding[]
}

/** What becomes of a name of the top level in code that runs elsewhere. */
export type Treatment =
  | { readonly how: "import" }
  | { readonly how: "copy"; readonly unit: Unit }
  | { readonly how: "capture" }
  | { readonly how: "refuse"; readonly problem: string }

/** All that a range of text needs of the top level, directly or through what it needs. */
export interface Needs {
  readonly imports: Set<Binding>
  readonly units: Set<Unit>
  readonly captured: Set<Binding>
  /** The first use of a name that cannot cross. */
  refused: { use: Use; problem: string; neededBy: string | undefined } | undefined
}

/** The top level of one module, decided. */
export class Declarations {
  readonly #syntax: Syntax
  readonly #vocabulary: Vocabulary
  readonly #units = new Map<Binding, Unit>()
  readonly #origins = new Map<Binding, Origin>()
  /** Data that code outside of the copied text may change: it travels. */
  readonly #changing = new Set<Binding>()
  /** Statements such as `sendable(Class, ...)`, which run wherever code of the file runs. */
  readonly registrations: readonly ExpressionStatement[]

  constructor(syntax: Syntax, vocabulary: Vocabulary, roots: readonly Range[]) {
    this.#syntax = syntax
    this.#vocabulary = vocabulary
    const byNode = Map.groupBy(syntax.bindings, (binding) => binding.node)
    for (const [node, bindings] of byNode) if (node) this.#addUnit(node, bindings)
    this.registrations = syntax.program.body.filter((statement) =>
      this.#isRegistration(statement),
    ) as ExpressionStatement[]
    this.#findChanging([...roots, ...this.registrations])
  }

  /** The unit that declares a name; undefined for imports and for names of inner scopes. */
  unitOf(binding: Binding): Unit | undefined {
    return this.#units.get(binding)
  }

  /** What becomes of a name of the top level. */
  treatmentOf(binding: Binding): Treatment {
    if (binding.kind === "import") return { how: "import" }
    const unit = this.#units.get(binding)
    const reassigned = reassignmentOf(binding, this.#syntax)
    if (reassigned !== undefined) return { how: "refuse", problem: reassigned }
    const problem = instanceProblem(binding, this.#syntax, this.#vocabulary)
    if (problem !== undefined) return { how: "refuse", problem }
    if (unit === undefined) return { how: "capture" }
    const origin = this.originOf(binding)
    if (origin === "mixed") return { how: "refuse", problem: MIXED }
    const isText = origin === "literal" || origin === "code" || origin === "data"
    return isText ? { how: "copy", unit } : { how: "capture" }
  }

  /** Where the value of a name comes from, as other initialisers see it. */
  originOf(binding: Binding): Origin {
    if (binding.kind === "import") return isProcess(binding, this.#syntax) ? "value" : "code"
    if (!binding.isModuleLevel) return "value"
    if (this.#changing.has(binding)) return "captured"
    const known = this.#origins.get(binding)
    if (known !== undefined) return known
    this.#origins.set(binding, "value")
    const found = this.#readOrigin(binding)
    this.#origins.set(binding, found)
    return found
  }

  /** Collects what a range needs of the top level. */
  needsOf(range: Range): Needs {
    const needs: Needs = {
      imports: new Set(),
      units: new Set(),
      captured: new Set(),
      refused: undefined,
    }
    this.#collect(range, undefined, needs)
    return needs
  }

  /** Whether a unit refers to values that travel, so that it must be made anew for each call. */
  isDynamic(unit: Unit): boolean {
    return this.needsOf(unit.node).captured.size > 0
  }

  #collect(range: Range, neededBy: string | undefined, needs: Needs): void {
    for (const use of this.#syntax.usesIn(range)) {
      const { binding } = use
      if (!binding?.isModuleLevel || isInside(binding.scope, range)) continue
      if (use.isWrite && use.isInitial) continue
      const treatment = this.treatmentOf(binding)
      if (treatment.how === "import") needs.imports.add(binding)
      else if (treatment.how === "capture") needs.captured.add(binding)
      else if (treatment.how === "refuse") {
        needs.refused ??= { use, problem: treatment.problem, neededBy }
      } else if (!needs.units.has(treatment.unit)) {
        needs.units.add(treatment.unit)
        this.#collect(treatment.unit.node, binding.name, needs)
      }
    }
  }

  #addUnit(node: AnyNode, declared: readonly Binding[]): void {
    const bindings = declared.filter(
      ({ isModuleLevel, kind }) => isModuleLevel && kind !== "import",
    )
    const parent = this.#syntax.parentOf.get(node)
    const declaration = parent?.type === "VariableDeclaration" ? parent : undefined
    const isUnit =
      node.type === "FunctionDeclaration" ||
      node.type === "ClassDeclaration" ||
      (node.type === "VariableDeclarator" && declaration !== undefined)
    if (!isUnit) return
    const unit = { node, declaration, bindings }
    for (const binding of bindings) this.#units.set(binding, unit)
  }

  #readOrigin(binding: Binding): Origin {
    const unit = this.#units.get(binding)
    if (unit === undefined) return "value"
    const { node, declaration } = unit
    if (node.type !== "VariableDeclarator") return "code"
    const isResource = declaration?.kind === "using" || declaration?.kind === "await using"
    if (isResource || isLoopHead(declaration, this.#syntax)) return "value"
    const origin = originOf(node.init, {
      syntax: this.#syntax,
      vocabulary: this.#vocabulary,
      originOf: (other) => this.#mentioned(other),
    })
    if (origin === "data" && node.id.type !== "Identifier") return "value"
    if (origin === "data" || origin === "literal") {
      return isStatementOfModule(declaration, this.#syntax) ? origin : "value"
    }
    if (origin === "captured") return "captured"
    if (origin !== "value") return origin
    const isCode = unit.bindings.some((other) =>
      other.uses.some((use) => isFunctionUse(use, this.#syntax, this.#vocabulary)),
    )
    return isCode ? "code" : "value"
  }

  /** The origin of a name inside an initialiser: what travels is there already. */
  #mentioned(binding: Binding): Origin {
    const origin = this.originOf(binding)
    const travels = origin === "value" || origin === "handle"
    return travels && binding.kind !== "import" ? "captured" : origin
  }

  #isRegistration(statement: AnyNode): boolean {
    if (statement.type !== "ExpressionStatement") return false
    if (statement.expression.type !== "CallExpression") return false
    const path = this.#vocabulary.pathOf(statement.expression.callee)
    return path !== undefined && this.#vocabulary.isRegistration(path)
  }

  /** Repeats until stable: data that changes makes other things dynamic, never the other way. */
  #findChanging(roots: readonly Range[]): void {
    for (let isStable = false; !isStable; ) {
      isStable = true
      const copied = this.#copiedRanges(roots)
      for (const binding of [...this.#units.keys()]) {
        if (this.originOf(binding) !== "data" || !this.#isChanging(binding, copied)) continue
        this.#changing.add(binding)
        this.#origins.clear()
        isStable = false
      }
    }
  }

  #copiedRanges(roots: readonly Range[]): Range[] {
    const units = new Set(roots.flatMap((root) => [...this.needsOf(root).units]))
    return [...roots, ...[...units].map((unit) => unit.node)]
  }

  #isChanging(binding: Binding, copied: readonly Range[]): boolean {
    const uses = binding.uses.filter((use) => !use.isInitial)
    if (!isExported(binding, this.#syntax)) {
      if (uses.every((use) => copied.some((range) => isInside(use, range)))) return false
    }
    const isShallow = isShallowData(binding.node)
    return !isShallow || !uses.every((use) => isReadOnlyUse(use, this.#syntax))
  }
}

const MIXED =
  "holds a function beside a value that must not be made twice: put the function into a " +
  "declaration of its own"

/** An array or object of literals, or an empty collection. */
function isShallowData(node: AnyNode | undefined): boolean {
  const init = node?.type === "VariableDeclarator" ? node.init : undefined
  if (!init) return false
  let isShallow = true
  for (const child of childrenOf(init)) {
    const value = child.type === "Property" ? child.value : child
    if (value.type === "ArrayExpression" || value.type === "ObjectExpression") {
      isShallow &&= init.type === "NewExpression" && [...childrenOf(value)].every(isLeaf)
    } else if (value.type === "SpreadElement" || value.type === "NewExpression") isShallow = false
  }
  return isShallow
}

function isLeaf(node: AnyNode): boolean {
  return [...childrenOf(node)].length === 0
}

function isLoopHead(declaration: AnyNode | undefined, syntax: Syntax): boolean {
  const parent = declaration && syntax.parentOf.get(declaration)
  return parent?.type === "ForOfStatement" || parent?.type === "ForInStatement"
}

/** A `var` in a block or a branch may have been passed over, and have no value. */
function isStatementOfModule(declaration: AnyNode | undefined, syntax: Syntax): boolean {
  const parent = declaration && syntax.parentOf.get(declaration)
  return parent?.type === "Program" || parent?.type === "ExportNamedDeclaration"
}

function isExported(binding: Binding, syntax: Syntax): boolean {
  const { node } = binding
  const declaration = node?.type === "VariableDeclarator" ? syntax.parentOf.get(node) : node
  const parent = declaration && syntax.parentOf.get(declaration)
  return parent?.type === "ExportNamedDeclaration"
}

/** The arguments and environment of the process differ between isolates. */
function isProcess(binding: Binding, syntax: Syntax): boolean {
  const declaration = binding.node && syntax.parentOf.get(binding.node)
  if (declaration?.type !== "ImportDeclaration") return false
  return /^(node:)?process$/.test(String(declaration.source.value))
}

/** Why an instance of a class of this file cannot cross: nobody has registered the class. */
export function instanceProblem(
  { node }: Binding,
  syntax: Syntax,
  vocabulary: Vocabulary,
): string | undefined {
  const init = node?.type === "VariableDeclarator" ? node.init : undefined
  if (init?.type !== "NewExpression" || init.callee.type !== "Identifier") return undefined
  const made = syntax.bindingOf(init.callee)
  if (made?.kind !== "class" || made.node === undefined || isExported(made, syntax))
    return undefined
  if (made.uses.some((use) => mayRegister(use, syntax, vocabulary))) return undefined
  return (
    `is an instance of ${made.name}, which is not registered: ` +
    `call sendable(${made.name}, { id, encode, decode }), or pass plain data`
  )
}

/** Whether a use hands the class to anyone who could register it. */
function mayRegister(use: Use, syntax: Syntax, vocabulary: Vocabulary): boolean {
  const parent = syntax.parentOf.get(use.node)
  if (parent?.type === "NewExpression") return parent.callee !== use.node
  if (parent?.type === "CallExpression") return vocabulary.pathOf(parent.callee) !== "spawn"
  if (parent?.type === "MemberExpression") return false
  return parent?.type !== "BinaryExpression" && parent?.type !== "ClassDeclaration"
}
