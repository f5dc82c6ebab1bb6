/**
 * Writes a planned module: the file itself, with its functions named, and the parts that other
 * isolates load. All that is added stands around the functions, at the end, or, in parts, in the
 * first line; the rest keeps its place.
 */

import type { AnyNode, ImportDeclaration } from "acorn"
import type { Range, Unit } from "./declarations.ts"
import {
  type Addresses,
  environmentName,
  environmentsOf,
  hoistedOf,
  markEdits,
  namersOf,
} from "./naming.ts"
import {
  DECLARED_PART,
  type Mark,
  marksIn,
  type Plan,
  type Root,
  SHARED_PART,
  SUPPORT_PART,
  takesCaptures,
} from "./plan.ts"
import { isHeddle } from "./sites.ts"
import { type Binding, isInside } from "./syntax.ts"
import { blanked, type Edit, edited, type Piece } from "./text.ts"

/** The module itself: nothing moves but by the calls put around its functions. */
export function writeMain(plan: Plan, addresses: Addresses): string {
  const { source, program } = plan.module.syntax
  const { marks } = plan
  const start = program.body.find(({ type }) => type !== "ImportDeclaration")?.start ?? 0
  const hoisted = { start, end: start, text: hoistedOf(marks) }
  const edits = [hoisted, ...marks.flatMap(markEdits)]
  const text = edited(source, { start: 0, end: source.length }, edits)
  return `${text}\n${namersOf(marks, addresses)}${environmentsOf(marks)}`
}

/** The names of all parts: what names refer to, and what these import of one another. */
export function partNames(plan: Plan): string[] {
  const names = new Set([SHARED_PART])
  for (const root of plan.roots.values()) {
    names.add(root.part)
    if (root.environment.length > 0 && root.unit === undefined) names.add(SUPPORT_PART + root.part)
  }
  return [...names]
}

/** A part by its name. Throws RangeError for a name that the module does not have. */
export function writePart(plan: Plan, part: string, addresses: Addresses): string {
  if (part === SHARED_PART) return writeShared(plan, addresses)
  for (const root of plan.roots.values()) {
    if (root.part === part && part.startsWith(DECLARED_PART)) {
      const { exportName } = root
      const tail = `;export const ${exportName}=(...c)=>__heddle_make(...c).${exportName};`
      return writeFactory(plan, root, addresses) + tail
    }
    if (root.part === part) return writeClosure(plan, root, addresses)
    if (SUPPORT_PART + root.part === part) return writeFactory(plan, root, addresses)
  }
  throw new RangeError(`${plan.module.file} has no part ${JSON.stringify(part)}`)
}

function writeShared(plan: Plan, addresses: Addresses): string {
  const { declarations, syntax } = plan.module
  const fixed = new Set<Unit>()
  const addUnits = (range: Range) => {
    for (const unit of declarations.needsOf(range).units) {
      if (!declarations.isDynamic(unit)) fixed.add(unit)
    }
  }
  for (const root of plan.roots.values()) {
    addUnits(root.node)
    if (root.part === SHARED_PART && root.unit !== undefined) fixed.add(root.unit)
  }
  const registrations = declarations.registrations.filter(
    (statement) => declarations.needsOf(statement).captured.size === 0,
  )
  for (const statement of registrations) addUnits(statement)
  const ranges = [...[...fixed].map((unit) => unit.node), ...registrations]
  const marks = ranges.flatMap((range) => marksIn(plan, range))
  const head = importsFor(plan, ranges) + hoistedOf(marks)
  const pieces = [
    ...[...fixed].map(pieceOf),
    ...registrations.map(({ start, end }) => ({ start, end, before: "", after: ";" })),
  ]
  const text = blanked(syntax.source, head, pieces, partEdits(plan, ranges, marks, addresses))
  return `${text};export{${namesOf([...fixed]).join(",")}};${namersOf(marks, addresses)}`
}

function writeClosure(plan: Plan, root: Root, addresses: Addresses): string {
  const { node, exportName } = root
  const nested = marksIn(plan, node).filter((mark) => mark.node !== node)
  const own = root.self ? plan.marks.filter((mark) => mark.node === node) : []
  const marks = [...own, ...nested]
  const self = root.self?.name
  const begin = self === undefined ? "return(" : `const ${self}=(`
  const end = self === undefined ? ")" : `);return ${self}`
  const imports = importsFor(plan, [node]) + importShared(plan, [node], addresses)
  const edits = partEdits(plan, [node], marks, addresses)
  const write = (before: string, after: string) =>
    blanked(
      plan.module.syntax.source,
      imports + before,
      [{ ...rangeOf(node), before: "", after: after + namersOf(marks, addresses) }],
      edits,
    )
  if (!takesCaptures(root)) {
    return write(`export const ${exportName}=(()=>{${begin}`, `${end}})();`)
  }
  const environment = root.environment.map(environmentName).join(",")
  const parameters = root.values.map((binding) => binding.name)
  if (environment !== "") parameters.push(`[${environment}]`)
  const support = environment === "" ? "" : importSupport(root, addresses)
  const made = namesUsedIn(plan, root.dynamic, node)
  const making = made.length === 0 ? "" : `const{${made.join(",")}}=__heddle_make(${environment});`
  const inner = environmentsOf(marks, environmentName)
  return write(
    `${support}export const ${exportName}=(${parameters.join(",")})=>{${inner}${making}${begin}`,
    `${end}};`,
  )
}

/** Declarations that refer to values that travel: a function of these values makes them. */
function writeFactory(plan: Plan, root: Root, addresses: Addresses): string {
  const nodes = root.dynamic.map((unit) => unit.node)
  const marks = nodes.flatMap((node) => marksIn(plan, node))
  const imports = importsFor(plan, nodes) + importShared(plan, nodes, addresses)
  const parameters = root.environment.map((binding) => binding.name).join(",")
  const inner = environmentsOf(marks) + hoistedOf(marks)
  const head = `${imports}export const __heddle_make=(${parameters})=>{${inner}`
  const edits = partEdits(plan, nodes, marks, addresses)
  const text = blanked(plan.module.syntax.source, head, root.dynamic.map(pieceOf), edits)
  return `${text};return{${namesOf(root.dynamic).join(",")}}};${namersOf(marks, addresses)}`
}

function rangeOf({ start, end }: Range): Range {
  return { start, end }
}

function namesOf(units: readonly Unit[]): string[] {
  return units.flatMap((unit) => unit.bindings.map(nameOf))
}

function nameOf({ name }: Binding): string {
  return name
}

/** A unit where it stood; a declarator gets its `const` back. */
function pieceOf({ node, declaration }: Unit): Piece {
  if (declaration === undefined) return { ...rangeOf(node), before: "", after: "" }
  const { kind } = declaration
  if (declaration.declarations[0] === node) {
    return { start: declaration.start, end: node.end, before: "", after: ";" }
  }
  return { ...rangeOf(node), before: `${kind} `, after: ";" }
}

function partEdits(
  plan: Plan,
  ranges: readonly Range[],
  marks: readonly Mark[],
  { fileUrl }: Addresses,
): Edit[] {
  const edits = marks.flatMap(markEdits)
  if (fileUrl === undefined) return edits
  for (const range of ranges) {
    for (const meta of plan.module.metas) {
      if (isInside(meta, range)) edits.push(...metaEdits(plan, meta, JSON.stringify(fileUrl)))
    }
  }
  return edits
}

/** What `import.meta` says of the file although it stands in a part: its `url`. */
function metaEdits({ module: { syntax } }: Plan, meta: AnyNode, url: string): Edit[] {
  const member = syntax.parentOf.get(meta)
  if (member?.type !== "MemberExpression" || member.computed) {
    return [{ ...rangeOf(meta), text: `({...import.meta,url:${url}})` }]
  }
  const isUrl = member.property.type === "Identifier" && member.property.name === "url"
  return isUrl ? [{ ...rangeOf(member), text: url }] : []
}

/** Names of units that a range uses: others may be hidden there by names of its own. */
function namesUsedIn(plan: Plan, units: readonly Unit[], range: Range): string[] {
  const used = new Set(plan.module.syntax.usesIn(range).map(({ binding }) => binding))
  return units.flatMap((unit) => unit.bindings.filter((binding) => used.has(binding)).map(nameOf))
}

/**
 * Imports of the file that ranges of text use themselves; those that only their types name are
 * loaded, too. Heddle's own are always among them: a captured handle is understood where its room
 * is loaded.
 */
function importsFor(plan: Plan, ranges: readonly Range[]): string {
  const wanted = new Map<ImportDeclaration, Set<AnyNode>>()
  for (const { binding } of ranges.flatMap((range) => plan.module.syntax.usesIn(range))) {
    if (binding?.kind !== "import" || binding.node === undefined) continue
    const declaration = plan.module.syntax.parentOf.get(binding.node)
    if (declaration?.type !== "ImportDeclaration") continue
    const specifiers = wanted.get(declaration) ?? new Set()
    wanted.set(declaration, specifiers.add(binding.node))
  }
  const inTypes = plan.module.typeNames.filter(({ start }) =>
    ranges.some((range) => isInside({ start, end: start }, range)),
  )
  const heddles = plan.module.syntax.program.body.filter(
    (statement) => statement.type === "ImportDeclaration" && isHeddle(statement),
  ) as ImportDeclaration[]
  for (const declaration of [...inTypes.map(({ declaration }) => declaration), ...heddles]) {
    if (!wanted.has(declaration)) wanted.set(declaration, new Set())
  }
  return [...wanted]
    .sort(([a], [b]) => a.start - b.start)
    .map(([declaration, specifiers]) => writeImport(plan, declaration, specifiers))
    .join("")
}

function writeImport(plan: Plan, declaration: ImportDeclaration, wanted: Set<AnyNode>): string {
  const text = ({ start, end }: Range) => plan.module.syntax.source.slice(start, end)
  const kept = declaration.specifiers.filter((specifier) => wanted.has(specifier))
  const named = kept.filter((specifier) => specifier.type === "ImportSpecifier").map(text)
  const whole = kept.filter((specifier) => specifier.type !== "ImportSpecifier").map(text)
  const names = named.length > 0 ? [...whole, `{${named.join(",")}}`] : whole
  const from = text({ start: declaration.source.start, end: declaration.end })
  const list = names.length > 0 ? `${names.join(",")} from ` : ""
  return `import ${list}${from.replace(/[\r\n]+/g, " ")};`
}

function importShared(plan: Plan, ranges: readonly Range[], addresses: Addresses): string {
  const { declarations, syntax } = plan.module
  const names = new Set<string>()
  for (const { binding } of ranges.flatMap((range) => syntax.usesIn(range))) {
    if (!binding?.isModuleLevel || declarations.treatmentOf(binding).how !== "copy") continue
    const unit = declarations.unitOf(binding)
    if (unit !== undefined && !declarations.isDynamic(unit)) names.add(binding.name)
  }
  if (names.size === 0 && declarations.registrations.length === 0) return ""
  return `import{${[...names].join(",")}}from${JSON.stringify(addresses.specifierOf(SHARED_PART))};`
}

function importSupport({ part }: Root, addresses: Addresses): string {
  return `import{__heddle_make}from${JSON.stringify(addresses.specifierOf(SUPPORT_PART + part))};`
}
