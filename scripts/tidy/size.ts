/** Rules `file-length`, `function-length`, `columns`: what a reader can hold. */
import { type Finding, isNode, type Node, type Source, type Tree, walk } from "./tree.ts"

/** The bounds, and what may pass them: path (and `path#name` for functions) to the reason. */
export interface Sizes {
  readonly fileLinesMax: number
  readonly functionLinesMax: number
  readonly columnsMax: number
  readonly longFiles: Readonly<Record<string, string>>
  readonly longFunctions: Readonly<Record<string, string>>
}

/** Checks every source file. */
export function sizes(tree: Tree, bounds: Sizes): Finding[] {
  const findings: Finding[] = []
  for (const source of tree.sources.values()) {
    findings.push(...fileLength(source, bounds), ...columns(source, bounds))
    findings.push(...functionLength(source, bounds))
  }
  for (const [list, names] of [
    ["LONG_FILES", Object.keys(bounds.longFiles)],
    ["LONG_FUNCTIONS", Object.keys(bounds.longFunctions).map((name) => name.split("#")[0])],
  ] as const) {
    for (const name of names) {
      if (name !== undefined && !tree.sources.has(name))
        findings.push({
          file: "scripts/tidy.ts",
          line: 1,
          rule: "stale",
          advice: `${list} names ${name}, which is gone: remove the line`,
        })
    }
  }
  return findings
}

function fileLength(source: Source, bounds: Sizes): Finding[] {
  const lines = source.text.endsWith("\n") ? source.lines.length - 1 : source.lines.length
  if (lines <= bounds.fileLinesMax || bounds.longFiles[source.path] !== undefined) return []
  const advice = `${lines} lines (at most ${bounds.fileLinesMax}): split it, or name it in LONG_FILES`
  return [{ file: source.path, line: lines, rule: "file-length", advice }]
}

function columns(source: Source, bounds: Sizes): Finding[] {
  const long = source.lines.some((line) => line.length > bounds.columnsMax)
  if (!long) return []
  const texts = linesWithText(source, bounds.columnsMax)
  return source.lines.flatMap((line, index) => {
    if (line.length <= bounds.columnsMax || texts.has(index + 1)) return []
    // A URL cannot be broken.
    if (/https?:\/\//.test(line)) return []
    const advice = `${line.length} columns (at most ${bounds.columnsMax}): break the line`
    return [{ file: source.path, line: index + 1, rule: "columns", advice }]
  })
}

/** Lines that are long because of a string: the formatter cannot break these, and nor should we. */
function linesWithText(source: Source, columnsMax: number): Set<number> {
  const lines = new Set<number>()
  walk(source.program.body, undefined, (node) => {
    if (/^(Literal|TemplateElement)$/.test(node.type) && node.end - node.start > 1) {
      const line = source.lineAt(node.start)
      const begin = source.text.lastIndexOf("\n", node.start - 1) + 1
      if (node.start - begin < columnsMax && node.end - begin > columnsMax) lines.add(line)
    }
    return undefined
  })
  return lines
}

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"])

function functionLength(source: Source, bounds: Sizes): Finding[] {
  const findings: Finding[] = []
  // Tests nest whole suites in callbacks; what is bounded there is the file.
  if (source.path.startsWith("test/")) return findings
  walk(source.program.body, "", (node, named) => {
    const name = nameOf(node) ?? named
    if (FUNCTIONS.has(node.type)) {
      const lines = source.lineAt(node.end) - source.lineAt(node.start) + 1
      if (lines > bounds.functionLinesMax && !bounds.longFunctions[`${source.path}#${name}`]) {
        const size = `${lines} lines (at most ${bounds.functionLinesMax})`
        const advice = `${name || "function"} has ${size}: take a step out of it`
        findings.push({
          file: source.path,
          line: source.lineAt(node.start),
          rule: "function-length",
          advice,
        })
      }
    }
    return name
  })
  return findings
}

function nameOf(node: Node): string | undefined {
  const named = node.id ?? node.key
  return isNode(named) && typeof named.name === "string" ? named.name : undefined
}
