/**
 * Rule `power`: what only the host can do — atomics, threads, timers, clocks, chance, the process —
 * is used in one room. Rule `twin`: each file of that room has its twins, for the explorer and for
 * browsers.
 */
import { type Finding, isNode, type Node, type Source, type Tree, walk } from "./tree.ts"

/** Where powers are at home, and who may use which elsewhere. */
export interface Powers {
  readonly home: string
  /** Folders where no power may be used except in `home`. */
  readonly below: string
  /** Path prefix to its powers, with the reason. */
  readonly allowed: Readonly<
    Record<string, { readonly powers: readonly string[]; readonly reason: string }>
  >
  readonly twins: readonly Twins[]
}

/** Files that stand in for those of the home, under the same names. */
export interface Twins {
  readonly folder: string
  /** Files of the home that need none, with the reason. */
  readonly notTwinned: Readonly<Record<string, string>>
  /** Files of the folder that stand in for none, with the reason. */
  readonly besides: Readonly<Record<string, string>>
  /** Powers of Node are powers there too: it is for a host that has none of them. */
  readonly withoutNode: boolean
}

/** Globals that are powers of the host. */
const GLOBALS = new Set([
  "Atomics",
  "Worker",
  "MessageChannel",
  "BroadcastChannel",
  "process",
  "Buffer",
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
])

/** Those of `GLOBALS` that only Node has. */
const NODE = new Set(["process", "Buffer", "setImmediate", "clearImmediate"])

/** Members of harmless globals that are powers. */
const MEMBERS = new Set(["Math.random", "Date.now", "crypto.randomUUID", "crypto.getRandomValues"])

/** Checks every source below `powers.below`. */
export function powersUsed(tree: Tree, powers: Powers): Finding[] {
  const findings: Finding[] = []
  for (const source of tree.sources.values()) {
    if (!source.path.startsWith(`${powers.below}/`)) continue
    const withoutNode = powers.twins.some((twins) => twins.withoutNode && isIn(source, twins))
    if (source.path.startsWith(`${powers.home}/`) && !withoutNode) continue
    const allowed = new Set(
      Object.entries(powers.allowed).flatMap(([prefix, entry]) =>
        source.path.startsWith(prefix) ? entry.powers : [],
      ),
    )
    for (const [power, offset] of powersOf(source)) {
      const ofNode = power.startsWith("node:") || NODE.has(power)
      if (allowed.has(power) || (withoutNode && !ofNode)) continue
      const advice = withoutNode
        ? `${power} is a power of Node, which is not there`
        : `${power} is a power of the host: use it through ${powers.home}`
      findings.push({ file: source.path, line: source.lineAt(offset), rule: "power", advice })
    }
  }
  return findings
}

function isIn(source: Source, { folder }: Twins): boolean {
  return source.path.startsWith(`${folder}/`)
}

/** The powers a source uses, with their places. */
function powersOf(source: Source): [string, number][] {
  const found: [string, number][] = []
  for (const link of source.imports) {
    if (link.specifier.startsWith("node:") && !link.typeOnly)
      found.push([link.specifier, offsetOfLine(source, link.line)])
  }
  const declared = declaredNames(source)
  walk(source.program.body, { parent: undefined as Node | undefined }, (node, { parent }) => {
    const name = usedGlobal(node, parent)
    if (name !== undefined && !declared.has(name.split(".")[0])) found.push([name, node.start])
    return { parent: node }
  })
  return found
}

function usedGlobal(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === "NewExpression" && isName(node.callee, "Date")) {
    return (node.arguments as unknown[]).length === 0 ? "new Date" : undefined
  }
  if (node.type === "MemberExpression" && isNode(node.object) && isNode(node.property)) {
    const member = `${String(node.object.name)}.${String(node.property.name)}`
    if (MEMBERS.has(member)) return member
    if (isName(node.object, "globalThis") && GLOBALS.has(String(node.property.name)))
      return String(node.property.name)
  }
  if (node.type !== "Identifier" || !GLOBALS.has(String(node.name))) return undefined
  return isNameOnly(node, parent) ? undefined : String(node.name)
}

/** A name after a dot, a key, a label or a type is not a use of the global. */
function isNameOnly(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined) return false
  if (parent.type === "MemberExpression")
    return parent.property === node && parent.computed !== true
  if (parent.type.startsWith("TS")) return true
  if (parent.type.endsWith("Specifier")) return true
  return (
    "key" in parent && parent.key === node && parent.computed !== true && parent.shorthand !== true
  )
}

function isName(node: unknown, name: string): boolean {
  return isNode(node) && node.type === "Identifier" && node.name === name
}

/** Names that the file itself declares at its top or imports: they are not the globals. */
function declaredNames(source: Source): Set<string> {
  const names = new Set<string>()
  const add = (id: unknown) => {
    if (isNode(id) && typeof id.name === "string") names.add(id.name)
  }
  walk(source.program.body, undefined, (node) => {
    if (node.type.startsWith("Import") && isNode(node.local)) add(node.local)
    if (node.type === "VariableDeclarator" || node.type === "FunctionDeclaration") add(node.id)
    if (node.type === "ClassDeclaration") add(node.id)
    if (Array.isArray(node.params)) node.params.forEach(add)
    return undefined
  })
  return names
}

function offsetOfLine(source: Source, line: number): number {
  return source.lines.slice(0, line - 1).reduce((offset, text) => offset + text.length + 1, 0)
}

/** Each file of the home exports the same names as its twins. */
export function twins(tree: Tree, powers: Powers): Finding[] {
  return powers.twins.flatMap((one) => twinsIn(tree, powers, one))
}

function twinsIn(tree: Tree, powers: Powers, { folder, notTwinned, besides }: Twins): Finding[] {
  const findings: Finding[] = []
  for (const { path } of tree.sources.values()) {
    if (!path.startsWith(`${folder}/`) || besides[path] !== undefined) continue
    if (tree.sources.has(powers.home + path.slice(folder.length))) continue
    const advice = `there is nothing in ${powers.home} for which it could stand in`
    findings.push({ file: path, line: 1, rule: "twin", advice })
  }
  for (const source of tree.sources.values()) {
    if (!source.path.startsWith(`${powers.home}/`)) continue
    if (powers.twins.some((other) => isIn(source, other))) continue
    if (notTwinned[source.path] !== undefined) continue
    const path = folder + source.path.slice(powers.home.length)
    const twin = tree.sources.get(path)
    if (twin === undefined) {
      const advice = `its twin ${path} is missing: nothing can stand in for it`
      findings.push({ file: source.path, line: 1, rule: "twin", advice })
      continue
    }
    const [ours, theirs] = [names(tree, source), names(tree, twin)]
    for (const name of ours) {
      if (!theirs.has(name))
        findings.push({
          file: path,
          line: 1,
          rule: "twin",
          advice: `export ${name}, as ${source.path} does`,
        })
    }
    for (const name of theirs) {
      if (!ours.has(name))
        findings.push({
          file: path,
          line: 1,
          rule: "twin",
          advice: `${name} is not exported by ${source.path}: remove it here`,
        })
    }
  }
  return findings
}

/** Exported names, those of `export * from` included. */
function names(tree: Tree, source: Source): Set<string> {
  const own = source.exports.map((entry) => entry.name).filter((name) => name !== "*")
  const passedOn = source.imports
    .filter((link) => link.reexport && link.names.includes("*"))
    .map((link) => tree.sources.get(link.target ?? ""))
    .flatMap((target) => (target === undefined ? [] : [...names(tree, target)]))
  return new Set([...own, ...passedOn])
}
