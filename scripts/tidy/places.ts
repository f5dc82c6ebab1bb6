/** Rules `dead`, `mirror`, `link`, `mark`: everything is reached, in its place, and finished. */
import { posix } from "node:path"
import type { Finding, Tree } from "./tree.ts"

/** Finds sources that no export, command, script or test leads to. */
export function dead(tree: Tree, roots: readonly string[]): Finding[] {
  const reached = new Set<string>()
  const queue = [...tree.sources.keys()].filter((path) => isEntry(path, roots))
  queue.push(...manifestEntries(tree))
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const source = tree.sources.get(path)
    if (source === undefined || reached.has(path)) continue
    reached.add(path)
    for (const { target } of source.imports) if (target !== undefined) queue.push(target)
  }
  return [...tree.sources.keys()]
    .filter((path) => !reached.has(path))
    .map((file) => {
      const advice = "nothing leads here from an export, a command, a script or a test: remove it"
      return { file, line: 1, rule: "dead", advice }
    })
}

/** Finds exports of `src/` that nobody imports and no door passes on. */
export function unused(tree: Tree, exempt: readonly string[]): Finding[] {
  const taken = new Map<string, Set<string>>()
  for (const source of tree.sources.values()) {
    for (const { target, names } of source.imports) {
      if (target === undefined) continue
      const set = taken.get(target) ?? new Set()
      for (const name of names) set.add(name)
      taken.set(target, set)
    }
  }
  const entries = new Set(manifestEntries(tree))
  const findings: Finding[] = []
  for (const source of tree.sources.values()) {
    const { path } = source
    if (!path.startsWith("src/") || entries.has(path)) continue
    if (exempt.some((prefix) => path.startsWith(prefix))) continue
    const names = taken.get(path)
    if (names?.has("*")) continue
    for (const { name, isType, line } of source.exports) {
      // A type may be there for whoever reads a signature; it costs nothing.
      if (isType || names?.has(name)) continue
      const advice = `${name} is exported and nobody imports it: remove it, or keep it to itself`
      findings.push({ file: path, line, rule: "unused", advice })
    }
  }
  return findings
}

const TEST_KINDS = /\.(test|model|stress|types|bench)\.ts$/

function isEntry(path: string, roots: readonly string[]): boolean {
  return TEST_KINDS.test(path) || roots.some((root) => path.startsWith(root))
}

function manifestEntries(tree: Tree): string[] {
  const { exports = {}, bin = {}, scripts = {} } = tree.manifest
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  )
  const commands = Object.values(scripts).flatMap((script) => script.match(/\S+\.[jt]s\b/g) ?? [])
  return [...targets, ...Object.values(bin), ...commands].map((path) =>
    posix
      .normalize(path)
      .replace(/^dist\//, "src/")
      .replace(/\.js$/, ".ts"),
  )
}

/** Tests lie where their subject lies: `test/channel/x.test.ts` tells of `src/channel`. */
export function mirror(tree: Tree, besides: readonly string[]): Finding[] {
  const folders = new Set([...tree.sources.keys()].flatMap(ancestors))
  const findings: Finding[] = []
  for (const path of tree.sources.keys()) {
    if (!path.startsWith("test/") || !TEST_KINDS.test(path)) continue
    const folder = posix.dirname(path).slice("test/".length)
    if (folder === "" || folder === "test" || besides.some((name) => within(folder, name))) continue
    const subject = /^(scripts|examples|bench)(\/|$)/.test(folder) ? folder : `src/${folder}`
    if (folders.has(subject) || tree.sources.has(`${subject}.ts`)) continue
    const advice = `there is no ${subject}: a test lies where its subject lies`
    findings.push({ file: path, line: 1, rule: "mirror", advice })
  }
  return findings
}

function within(folder: string, parent: string): boolean {
  return folder === parent || folder.startsWith(`${parent}/`)
}

function ancestors(path: string): string[] {
  const folders: string[] = []
  for (let at = posix.dirname(path); at !== "."; at = posix.dirname(at)) folders.push(at)
  return folders
}

/** Links between pages lead to files, and to headings that exist. */
export function links(tree: Tree): Finding[] {
  const findings: Finding[] = []
  const folders = new Set([...tree.files].flatMap(ancestors))
  for (const [file, text] of tree.pages) {
    const lines = withoutFences(text)
    for (const [index, line] of lines.entries()) {
      for (const match of line.matchAll(/\]\(([^)\s]+)\)/g)) {
        const link = match[1]
        if (/^[a-z]+:/.test(link)) continue
        const [path = "", heading] = link.split("#")
        const target = path === "" ? file : posix.normalize(posix.join(posix.dirname(file), path))
        const place = { file, line: index + 1, rule: "link" }
        if (!tree.files.has(target) && !folders.has(target.replace(/\/$/, ""))) {
          findings.push({ ...place, advice: `${link} leads to no file` })
        } else if (heading !== undefined && !headings(tree.pages.get(target)).has(heading)) {
          findings.push({ ...place, advice: `${target} has no heading #${heading}` })
        }
      }
    }
  }
  return findings
}

/** The lines of a page, code blocks blanked. */
function withoutFences(text: string): string[] {
  let fenced = false
  return text.split("\n").map((line) => {
    const fence = /^\s*```/.test(line)
    if (fence) fenced = !fenced
    return fenced || fence ? "" : line
  })
}

function headings(page: string | undefined): Set<string> {
  const titles = (page ?? "").split("\n").filter((line) => /^#+ /.test(line))
  return new Set(titles.map((title) => anchor(title.replace(/^#+ /, ""))))
}

/** A heading as its link: lower case, spaces to dashes, punctuation gone. */
function anchor(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-")
}

/** Words that say "not finished"; put together here so that this file does not contain them. */
const MARKS: readonly [RegExp, string][] = [
  [new RegExp(`\\b(${["TO", "FIX", "XX"].join("|")})(DO|ME|X)\\b`), "finish it, or write an issue"],
  [new RegExp(`@ts-(${"ignore"}|${"nocheck"})`), "let the types be right"],
  [
    new RegExp(`\\b(test|it|describe|suite)\\.(${"skip"}|${"only"}|${"todo"})\\(`),
    "run every test",
  ],
]

/** Nothing is left half done. */
export function marks(tree: Tree): Finding[] {
  const findings: Finding[] = []
  const texts = [
    ...tree.pages,
    ...[...tree.sources].map(([path, { text }]) => [path, text] as const),
  ]
  for (const [file, text] of texts) {
    for (const [index, line] of text.split("\n").entries()) {
      for (const [mark, advice] of MARKS) {
        const found = mark.exec(line)?.[0]
        if (found !== undefined)
          findings.push({ file, line: index + 1, rule: "mark", advice: `${found}: ${advice}` })
      }
    }
  }
  return findings
}
