/**
 * Adds summaries up. The result does not depend on the order in which they come: parsers on many
 * cores finish as they like, and two surveys of the same folder must agree to the last number.
 */
import { packageOf, resolveFile } from "./resolve.ts"
import { LONGEST_MAX, type Summary } from "./summarise.ts"

/** A name and how often it occurs. */
export interface Count {
  readonly name: string
  readonly count: number
}

/** Files with the same content. */
export interface Duplicate {
  readonly paths: readonly string[]
  readonly bytes: number
}

/** What the survey found. */
export interface Result {
  readonly files: number
  readonly bytes: number
  readonly lines: number
  readonly functions: number
  readonly imports: number
  readonly distinctNames: number
  readonly problems: readonly { readonly path: string; readonly problem: string }[]
  /** Files by how many other files import them. */
  readonly wantedFiles: readonly Count[]
  /** Packages by how many files import them. */
  readonly wantedPackages: readonly Count[]
  readonly longest: readonly { path: string; name: string; line: number; lines: number }[]
  readonly names: readonly Count[]
  /** The groups that waste most, and what all groups waste. */
  readonly duplicates: readonly Duplicate[]
  readonly duplicateFiles: number
  readonly duplicateBytes: number
}

/** How many lines of each table are kept. */
const ROWS_MAX = 12

/** Gathers summaries; `result` sums up what came so far. */
export class Aggregate {
  readonly #summaries: Summary[] = []
  readonly #names = new Map<string, number>()

  /** How many files it has. */
  get size(): number {
    return this.#summaries.length
  }

  /** Takes one summary. */
  add(summary: Summary): void {
    this.#summaries.push(summary)
    if (summary.names === "") return
    let index = 0
    for (const name of summary.names.split(" ")) {
      const count = summary.counts[index++] as number
      this.#names.set(name, (this.#names.get(name) ?? 0) + count)
    }
  }

  /** Sums up. */
  result(): Result {
    const summaries = this.#summaries.sort((one, other) => (one.path < other.path ? -1 : 1))
    const sum = (of: (summary: Summary) => number) =>
      summaries.reduce((total, summary) => total + of(summary), 0)
    const problems = summaries.flatMap(({ path, problem }) =>
      problem === undefined ? [] : [{ path, problem }],
    )
    return {
      files: summaries.length,
      bytes: sum((summary) => summary.bytes),
      lines: sum((summary) => summary.lines),
      functions: sum((summary) => summary.functions),
      imports: sum((summary) => summary.imports.length),
      distinctNames: this.#names.size,
      problems,
      ...wanted(summaries),
      longest: longest(summaries),
      names: most(this.#names),
      ...duplicates(summaries),
    }
  }
}

function wanted(summaries: readonly Summary[]): Pick<Result, "wantedFiles" | "wantedPackages"> {
  const paths = new Set(summaries.map((summary) => summary.path))
  const files = new Map<string, number>()
  const packages = new Map<string, number>()
  for (const { path, imports } of summaries) {
    const targets = new Set<string>()
    const names = new Set<string>()
    for (const specifier of imports) {
      const target = specifier.startsWith(".") ? resolveFile(path, specifier, paths) : undefined
      if (target !== undefined) targets.add(target)
      const name = packageOf(specifier)
      if (name !== undefined) names.add(name)
    }
    for (const target of targets) files.set(target, (files.get(target) ?? 0) + 1)
    for (const name of names) packages.set(name, (packages.get(name) ?? 0) + 1)
  }
  return { wantedFiles: most(files), wantedPackages: most(packages) }
}

function longest(summaries: readonly Summary[]): Result["longest"] {
  return summaries
    .flatMap((summary) => summary.longest.map((entry) => ({ path: summary.path, ...entry })))
    .sort((one, other) => other.lines - one.lines)
    .slice(0, LONGEST_MAX)
}

function duplicates(
  summaries: readonly Summary[],
): Pick<Result, "duplicates" | "duplicateFiles" | "duplicateBytes"> {
  const groups = new Map<string, Summary[]>()
  for (const summary of summaries) {
    const group = groups.get(summary.hash)
    if (group === undefined) groups.set(summary.hash, [summary])
    else group.push(summary)
  }
  const wasted = (group: Duplicate) => group.bytes * (group.paths.length - 1)
  const all = [...groups.values()]
    .filter((group) => group.length > 1 && (group[0] as Summary).bytes > 0)
    .map((group): Duplicate => {
      return { paths: group.map(({ path }) => path), bytes: (group[0] as Summary).bytes }
    })
    .sort((one, other) => wasted(other) - wasted(one))
  return {
    duplicates: all.slice(0, ROWS_MAX),
    duplicateFiles: all.reduce((total, group) => total + group.paths.length - 1, 0),
    duplicateBytes: all.reduce((total, group) => total + wasted(group), 0),
  }
}

/** The largest counts, then by name. Most entries are small: they are not worth sorting. */
function most(counts: ReadonlyMap<string, number>): Count[] {
  const top: Count[] = []
  for (const [name, count] of counts) {
    const last = top.at(-1)
    if (top.length === ROWS_MAX && last !== undefined && count < last.count) continue
    top.push({ name, count })
    top.sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
    top.length = Math.min(top.length, ROWS_MAX)
  }
  return top
}
