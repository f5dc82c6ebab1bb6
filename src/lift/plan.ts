/**
 * Which functions of a module get a name, what that name is, and how the text says so.
 *
 * A name has a part (the virtual module that holds the code) and an export. The parts:
 *
 *   module      what all code of the file shares: functions, classes, constants, copied once
 *   goN         one closure
 *   with-NAME   a declaration that refers to values that travel, with those it needs: a factory
 *   for-goN     the same, for the declarations that a closure needs
 */

import type { AnyNode, Expression } from "acorn"
import { CaptureError } from "../errors.ts"
import {
  type Captures,
  hasLocals,
  localFunction,
  type Module,
  readCaptures,
  refuseAwaits,
  refuseNeeds,
} from "./captures.ts"
import type { Unit } from "./declarations.ts"
import { functionOf, type Site } from "./sites.ts"
import { type Binding, isInside } from "./syntax.ts"

/** Code under a name: a closure, an expression, or a declaration of the top level. */
export interface Root {
  readonly part: string
  readonly exportName: string
  /** The text that is exported. */
  readonly node: AnyNode
  readonly line: number
  /** The declaration of the top level that this is. */
  readonly unit: Unit | undefined
  /** The name by which the code calls itself. */
  readonly self: Binding | undefined
  /** Captured names that are parameters of the factory. */
  readonly values: readonly Binding[]
  /** Declarations made anew for each call, and the captured names they need. */
  readonly dynamic: readonly Unit[]
  readonly environment: readonly Binding[]
}

/**
 * How the text names a function.
 *
 *   closure    around a function written as an argument; captures are read there
 *   constant   around the initialiser of a constant; captures are read when it is sent
 *   use        around any other argument, which may have a name already
 *   hoisted    a function declaration of the top level, named before anything runs
 *   refused    around an argument that cannot cross, at a call that is Heddle's only by guess
 */
export interface Mark {
  readonly form: "closure" | "constant" | "use" | "hoisted" | "refused"
  readonly node: AnyNode
  readonly root: Root | undefined
  readonly refusal: CaptureError | undefined
}

/** Everything that the transform writes for one module. */
export interface Plan {
  readonly module: Module
  readonly marks: readonly Mark[]
  readonly roots: ReadonlyMap<string, Root>
}

/** The part that every piece of code of the file shares. */
export const SHARED_PART = "module"

/** Begins the part of a declaration that is made anew for each call. */
export const DECLARED_PART = "with-"

/** Begins the part with the declarations that a closure needs made anew. */
export const SUPPORT_PART = "for-"

/** Decides all names of a module. Throws CaptureError for what cannot cross. */
export function planModule(module: Module): Plan {
  const planner = new Planner(module)
  for (const site of module.vocabulary.sites) planner.addSite(site)
  const marks = [...planner.marks.values()].sort((a, b) => a.node.start - b.node.start)
  return { module, marks, roots: planner.roots }
}

/** The ranges of text that may run elsewhere, known before anything is decided. */
export function rangesOf(module: Pick<Module, "syntax" | "vocabulary">): AnyNode[] {
  return module.vocabulary.sites.map(
    ({ argument }) => functionOf(module.syntax, argument) ?? argument,
  )
}

class Planner {
  readonly marks = new Map<AnyNode, Mark>()
  readonly roots = new Map<string, Root>()
  readonly #module: Module
  readonly #rootOf = new Map<AnyNode, Root>()
  readonly #taken: ReadonlySet<string>
  /** The number of the last closure named. */
  #closures = -1

  constructor(module: Module) {
    this.#module = module
    const topLevel = module.syntax.bindings.filter(({ isModuleLevel }) => isModuleLevel)
    this.#taken = new Set(topLevel.map(({ name }) => name))
  }

  addSite(site: Site): void {
    try {
      this.#name(site)
    } catch (error) {
      if (!(error instanceof CaptureError) || site.isCertain) throw error
      const mark: Mark = { form: "refused", node: site.argument, root: undefined, refusal: error }
      this.marks.set(site.argument, mark)
    }
  }

  #name(site: Site): void {
    const { argument } = site
    if (argument.type === "Identifier") this.#nameIdentifier(site, argument)
    else if (/^(Arrow)?Function/.test(argument.type)) {
      this.#mark("closure", argument, this.#closure(argument))
    } else if (argument.type === "ClassExpression" || argument.type === "MemberExpression") {
      this.#nameExpression(argument)
    }
  }

  #nameIdentifier(site: Site, argument: AnyNode & { type: "Identifier" }): void {
    const { syntax, declarations } = this.#module
    const binding = syntax.bindingOf(argument)
    if (binding === undefined || binding.kind === "import") {
      if (binding !== undefined || site.isSurelyFunction) this.#nameExpression(argument)
    } else if (binding.isModuleLevel) {
      const unit = declarations.unitOf(binding)
      if (unit !== undefined) this.#nameDeclared(site, binding, unit)
    } else this.#nameLocal(argument, binding)
  }

  #nameDeclared(site: Site, binding: Binding, unit: Unit): void {
    const { declarations, syntax, vocabulary } = this.#module
    const written = functionOf(syntax, site.argument)
    const treatment = declarations.treatmentOf(binding)
    const isCode = written !== undefined || binding.kind === "class"
    if (isCode && treatment.how === "refuse") {
      this.#refuse(site.argument)
    }
    if (treatment.how !== "copy") return
    const init = unit.node.type === "VariableDeclarator" ? unit.node.init : undefined
    if (init?.type === "CallExpression" && vocabulary.pathOf(init.callee) !== undefined) return
    if (!isCode && !(site.isSurelyFunction && declarations.originOf(binding) === "code")) return
    const root = this.#declared(binding, unit)
    if (written === unit.node) this.#mark("hoisted", unit.node, root)
    else if (written !== undefined) this.#mark("constant", written, root)
    else this.#mark("use", site.argument, root)
  }

  #refuse(range: AnyNode): void {
    refuseNeeds(this.#module, this.#module.declarations.needsOf(range))
  }

  #nameLocal(argument: AnyNode, binding: Binding): void {
    const written = localFunction(this.#module, binding)
    if (written === undefined) return
    const root = this.#closure(written, binding)
    if (written.type === "FunctionDeclaration") this.#mark("use", argument, root)
    else this.#mark("constant", written, root)
  }

  /** A global, an import, or a member of one: the other isolate evaluates the same words. */
  #nameExpression(argument: Expression): void {
    const { declarations, syntax } = this.#module
    if (hasLocals(this.#module, argument)) return
    const isWords = syntax.usesIn(argument).every(({ binding }) => {
      if (binding === undefined) return true
      return declarations.treatmentOf(binding).how !== "capture"
    })
    if (!isWords) return
    const root = this.#closure(argument)
    if (root.environment.length === 0) this.#mark("use", argument, root)
  }

  #mark(form: Mark["form"], node: AnyNode, root: Root): void {
    this.marks.set(node, { form, node, root, refusal: undefined })
  }

  #closure(node: AnyNode, self?: Binding): Root {
    const known = this.#rootOf.get(node)
    if (known !== undefined) return known
    const name = this.#nextName()
    const captures = readCaptures(this.#module, node, self)
    return this.#add({
      part: name,
      exportName: name,
      node,
      line: this.#module.syntax.placeOf(node.start).line,
      unit: undefined,
      self: node.type === "FunctionDeclaration" ? undefined : self,
      values: [...captures.locals, ...captures.direct],
      ...this.#environmentOf(captures.needs),
    })
  }

  #declared(binding: Binding, unit: Unit): Root {
    const known = this.#rootOf.get(unit.node)
    if (known !== undefined && known.exportName === binding.name) return known
    const needs = this.#module.declarations.needsOf(unit.node)
    refuseNeeds(this.#module, needs)
    needs.units.add(unit)
    const environment = this.#environmentOf(needs)
    const isDynamic = environment.dynamic.length > 0
    return this.#add({
      part: isDynamic ? `${DECLARED_PART}${binding.name}` : SHARED_PART,
      exportName: binding.name,
      node: unit.node,
      line: this.#module.syntax.placeOf(unit.node.start).line,
      unit,
      self: undefined,
      values: [],
      ...environment,
    })
  }

  #environmentOf({ units }: Captures["needs"]): Pick<Root, "dynamic" | "environment"> {
    const { declarations } = this.#module
    const dynamic = [...units].filter((unit) => declarations.isDynamic(unit))
    refuseAwaits(this.#module, dynamic)
    const environment = new Set<Binding>()
    for (const unit of dynamic) {
      for (const binding of declarations.needsOf(unit.node).captured) environment.add(binding)
    }
    dynamic.sort((a, b) => a.node.start - b.node.start)
    return { dynamic, environment: [...environment] }
  }

  #add(root: Root): Root {
    this.#rootOf.set(root.node, root)
    this.roots.set(`${root.part}#${root.exportName}`, root)
    return root
  }

  /** A name for a closure that nothing of the top level has: its part imports from there. */
  #nextName(): string {
    do this.#closures++
    while (this.#taken.has(`go${this.#closures}`))
    return `go${this.#closures}`
  }
}

/** Whether the code under a root is made by a factory. */
export function takesCaptures(root: Root): boolean {
  return root.values.length > 0 || root.environment.length > 0
}

/** Whether a mark lies in a range of text. */
export function marksIn(plan: Plan, range: { start: number; end: number }): Mark[] {
  return plan.marks.filter((mark) => isInside(mark.node, range))
}
