/** The project as the rules see it: every source parsed once, every import resolved. */
import { globSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"
import { type Comment, type EcmaScriptModule, type Program, parseSync } from "oxc-parser"

/** One import, export-from or dynamic import of a literal. */
export interface Import {
  readonly specifier: string
  /** The file it leads to, relative to the root; undefined outside the project. */
  readonly target: string | undefined
  /** The names it takes; `*` for all of them. */
  readonly names: readonly string[]
  readonly typeOnly: boolean
  readonly dynamic: boolean
  /** `export … from`. */
  readonly reexport: boolean
  readonly line: number
}

/** One exported name and where it is declared. */
export interface Export {
  readonly name: string
  readonly isType: boolean
  readonly offset: number
  readonly line: number
  /** It is passed on from another file. */
  readonly reexport: boolean
}

/** A parsed source file. */
export interface Source {
  /** Relative to the root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  readonly program: Program
  readonly comments: readonly Comment[]
  readonly imports: readonly Import[]
  readonly exports: readonly Export[]
  lineAt(offset: number): number
}

/** What rules look at. */
export interface Tree {
  readonly sources: ReadonlyMap<string, Source>
  /** Markdown pages: path to text. */
  readonly pages: ReadonlyMap<string, string>
  /** Every file that git would see, sources and pages included. */
  readonly files: ReadonlySet<string>
  readonly manifest: Manifest
}

/** The parts of package.json that say where reading begins. */
export interface Manifest {
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly bin?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
}

/** One thing to mend. */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly rule: string
  /** What to do, as a sentence. */
  readonly advice: string
}

/** Subpaths of the package that are no rooms. */
const ENTRIES: Readonly<Record<string, string>> = {
  register: "src/lift/register.ts",
  bundler: "src/lift/bundler-plugin.ts",
}

const SOURCE_FOLDERS = ["src", "test", "scripts", "examples", "bench"]
const IGNORED = ["**/node_modules/**", "**/dist/**", "**/fixtures/**", "**/.tmp/**"]

/** Reads and parses the project below `root`. */
export function readTree(root: string): Tree {
  const glob = (pattern: string) =>
    globSync(pattern, { cwd: root, exclude: IGNORED }).map((path) => path.split("\\").join("/"))
  const files = new Set([
    ...glob("*"),
    ...SOURCE_FOLDERS.flatMap((folder) => glob(`${folder}/**/*.*`)),
    ...glob("docs/**/*.*"),
  ])
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest
  return treeOf(files, (path) => readFileSync(join(root, path), "utf8"), manifest)
}

/** A tree of `files`, whose texts `read` gives. */
export function treeOf(
  files: ReadonlySet<string>,
  read: (path: string) => string,
  manifest: Manifest,
): Tree {
  const sources = new Map<string, Source>()
  const pages = new Map<string, string>()
  for (const path of [...files].sort()) {
    if (path.endsWith(".ts") && path.includes("/"))
      sources.set(path, parse(path, read(path), files))
    if (path.endsWith(".md")) pages.set(path, read(path))
  }
  return { sources, pages, files, manifest }
}

/** Parses one source; `files` are those that imports can lead to. */
export function parse(path: string, text: string, files: ReadonlySet<string>): Source {
  const parsed = parseSync(path, text)
  if (parsed.errors.length > 0) throw new SyntaxError(`${path}: ${parsed.errors[0]?.message}`)
  const { program, comments } = parsed
  const starts = lineStarts(text)
  const lineAt = (offset: number) => lineOf(starts, offset)
  const links = [
    ...staticLinks(program),
    ...dynamicLinks(text, parsed.module),
    ...urlLinks(text),
    ...importTypeLinks(program),
  ]
  const imports = links.map(
    ({ offset, ...link }): Import => ({
      ...link,
      target: resolve(path, link.specifier, files),
      line: lineAt(offset),
    }),
  )
  const exports = parsed.module.staticExports.flatMap((statement) =>
    statement.entries.map((entry): Export => {
      const reexport = entry.moduleRequest !== null
      const name = entry.exportName.name ?? (entry.exportName.kind === "Default" ? "default" : "*")
      const { isType } = entry
      return { name, isType, offset: statement.start, line: lineAt(entry.start), reexport }
    }),
  )
  const lines = text.split("\n")
  return { path, text, lines, program, comments, imports, exports, lineAt }
}

/** An import before its target is known. */
type Link = Omit<Import, "target" | "line"> & { readonly offset: number }

function staticLinks(program: Program): Link[] {
  return program.body.flatMap((statement): Link[] => {
    if (statement.type === "ImportDeclaration") {
      const { specifiers, source, start } = statement
      const isType = (name: (typeof specifiers)[number]) =>
        name.type === "ImportSpecifier" && name.importKind === "type"
      const typeOnly =
        statement.importKind === "type" || (specifiers.length > 0 && specifiers.every(isType))
      const names = specifiers.map((name) => {
        if (name.type === "ImportNamespaceSpecifier") return "*"
        return name.type === "ImportDefaultSpecifier" ? "default" : nameOf(name.imported)
      })
      const kind = { typeOnly, dynamic: false, reexport: false }
      return [{ specifier: source.value, names, offset: start, ...kind }]
    }
    const isFrom =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportAllDeclaration"
    if (!isFrom || statement.source === null) return []
    const named = statement.type === "ExportNamedDeclaration"
    const names = named ? statement.specifiers.map(({ local }) => nameOf(local)) : ["*"]
    const kind = { typeOnly: statement.exportKind === "type", dynamic: false, reexport: true }
    return [{ specifier: statement.source.value, names, offset: statement.start, ...kind }]
  })
}

function nameOf(name: { type: string; name?: string; value?: unknown }): string {
  return name.name ?? String(name.value)
}

/** Begins a specifier that `ownUrl` resolves: from `src/`. */
const OWN = "own:"

const LOADED = { names: ["*"], typeOnly: false, dynamic: true, reexport: false } as const

function dynamicLinks(text: string, module: EcmaScriptModule): Link[] {
  return module.dynamicImports.flatMap(({ start, moduleRequest }) => {
    const literal = text.slice(moduleRequest.start, moduleRequest.end)
    if (!/^["'].*["']$/.test(literal)) return []
    return [{ specifier: literal.slice(1, -1), offset: start, ...LOADED }]
  })
}

/** A file that the package names by URL, `ownUrl("room/file")` or `new URL(…)`, is loaded too. */
function urlLinks(text: string): Link[] {
  const own = [...text.matchAll(/ownUrl\("([^"]+)"\)/g)].map((match) => {
    return { specifier: `${OWN}${match[1]}.ts`, offset: match.index, ...LOADED }
  })
  const addresses = text.matchAll(/new URL\(([^;]*?),\s*import\.meta\.url/g)
  const named = [...addresses].flatMap(({ 0: whole, index }) =>
    [...whole.matchAll(/"(\.[^"]+\.ts)"/g)].map((match) => {
      return { specifier: match[1], offset: index, ...LOADED }
    }),
  )
  return [...own, ...named]
}

/** `import("./x.ts").Name` in a type. */
function importTypeLinks(program: Program): Link[] {
  const links: Link[] = []
  walk(program.body, undefined, (node) => {
    const { source } = node
    if (node.type === "TSImportType" && isNode(source) && typeof source.value === "string") {
      links.push({ specifier: source.value, offset: node.start, ...LOADED, typeOnly: true })
    }
    return undefined
  })
  return links
}

function resolve(from: string, specifier: string, files: ReadonlySet<string>): string | undefined {
  if (specifier.startsWith("#platform/"))
    return `src/internal/platform/${specifier.slice("#platform/".length)}.ts`
  if (specifier.startsWith(OWN)) return `src/${specifier.slice(OWN.length)}`
  if (specifier === "heddle") return "src/index.ts"
  if (specifier.startsWith("heddle/")) {
    const room = specifier.slice("heddle/".length)
    const door = `src/${room}/index.ts`
    return files.has(door) ? door : ENTRIES[room]
  }
  if (!specifier.startsWith(".")) return undefined
  return posix.normalize(posix.join(posix.dirname(from), specifier))
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1)
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle] <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

/** Visits every node below `node`, parents first; what `visit` returns is given to the children. */
export function walk<C>(node: unknown, context: C, visit: (node: Node, context: C) => C): void {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, context, visit)
    return
  }
  if (!isNode(node)) return
  const inner = visit(node, context)
  for (const child of Object.values(node)) {
    if (typeof child === "object" && child !== null) walk(child, inner, visit)
  }
}

/** Any node of the syntax tree, with the few properties that rules ask for. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** Whether a value is a node of the syntax tree. */
export function isNode(value: unknown): value is Node {
  return typeof (value as Node | null)?.type === "string"
}
