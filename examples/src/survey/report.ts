/** The survey as a page of text. */
import type { Count, Result } from "./aggregate.ts"

/** Renders a result. */
export function report(folder: string, result: Result): string {
  const sections = [
    totals(folder, result),
    table("Most depended-on files", result.wantedFiles, "imported by"),
    table("Most depended-on packages", result.wantedPackages, "imported by"),
    longest(result),
    table("Most frequent names", result.names, "times"),
    duplicates(result),
    problems(result),
  ]
  return sections.filter((section) => section !== "").join("\n\n")
}

function totals(folder: string, result: Result): string {
  const { files, bytes, lines, functions, imports, distinctNames } = result
  return [
    `Survey of ${folder}`,
    `  ${number(files)} files, ${size(bytes)}, ${number(lines)} lines`,
    `  ${number(functions)} functions, ${number(imports)} imports, ${number(distinctNames)} names`,
  ].join("\n")
}

function table(title: string, rows: readonly Count[], unit: string): string {
  if (rows.length === 0) return ""
  const lines = rows.map(({ name, count }) => `  ${number(count).padStart(9)}  ${name}`)
  return [`${title} (${unit})`, ...lines].join("\n")
}

function longest(result: Result): string {
  if (result.longest.length === 0) return ""
  const rows = result.longest.map(
    ({ path, name, line, lines }) => `  ${number(lines).padStart(9)}  ${name}  ${path}:${line}`,
  )
  return ["Longest functions (lines)", ...rows].join("\n")
}

function duplicates(result: Result): string {
  const { duplicates: groups, duplicateFiles, duplicateBytes } = result
  if (groups.length === 0) return ""
  const rows = groups.map(({ paths, bytes }) => {
    const shown = paths.slice(0, 2).join(", ")
    const more = paths.length > 2 ? ", ..." : ""
    return `  ${size(bytes).padStart(9)}  ${paths.length}x  ${shown}${more}`
  })
  const head = `Same content: ${number(duplicateFiles)} files could go, ${size(duplicateBytes)}`
  return [head, ...rows].join("\n")
}

const PROBLEMS_SHOWN = 5

function problems(result: Result): string {
  const count = result.problems.length
  if (count === 0) return ""
  const rows = result.problems.slice(0, PROBLEMS_SHOWN).map(({ path, problem }) => {
    return `  ${path}: ${problem.split("\n")[0]}`
  })
  return [`Not parsed as a whole: ${number(count)} files`, ...rows].join("\n")
}

/** A whole number with its thousands apart. */
export function number(value: number): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ",")
}

/** Bytes as kB or MB. */
export function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
