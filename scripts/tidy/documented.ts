/** Rule `documented`: an exported symbol says what it is. Rule `door`: an index only re-exports. */
import type { Finding, Source, Tree } from "./tree.ts"

/** A door's code may have this many lines; its documentation is free. */
export const DOOR_LINES_MAX = 20

/** Checks the exports of every source below `src/`, except `twins`, documented at home. */
export function documented(tree: Tree, twins: string): Finding[] {
  const findings: Finding[] = []
  for (const source of tree.sources.values()) {
    if (!source.path.startsWith("src/") || source.path.startsWith(`${twins}/`)) continue
    if (isDoor(source)) continue
    const told = new Set<string>()
    for (const entry of source.exports) {
      const { name, line, offset, reexport } = entry
      if (reexport || isTold(source, declarationOf(source, name, offset))) told.add(name)
      // Overloads and declaration merging: one comment serves the name.
      else if (!told.has(name)) {
        told.add(name)
        const advice = `${name} is exported without a doc comment: say what it is for`
        findings.push({ file: source.path, line, rule: "documented", advice })
      }
    }
    if (source.exports.length > 0 && !hasHead(source)) {
      const advice = "the first line says what the file is: begin with a doc comment"
      findings.push({ file: source.path, line: 1, rule: "documented", advice })
    }
  }
  return findings
}

/** Checks that doors only pass names on. */
export function doors(tree: Tree): Finding[] {
  const findings: Finding[] = []
  for (const source of tree.sources.values()) {
    if (!isDoor(source)) continue
    const code = source.program.body.reduce(
      (lines, node) => lines + source.lineAt(node.end) - source.lineAt(node.start) + 1,
      0,
    )
    for (const node of source.program.body) {
      const passesOn =
        node.type === "ExportAllDeclaration" ||
        (node.type === "ExportNamedDeclaration" && node.source !== null) ||
        (node.type === "ImportDeclaration" && node.specifiers.length === 0)
      if (passesOn) continue
      const advice = "a door only re-exports: move this into a file of its own"
      findings.push({ file: source.path, line: source.lineAt(node.start), rule: "door", advice })
    }
    if (source.path !== "src/index.ts" && code > DOOR_LINES_MAX) {
      const advice = `${code} lines (at most ${DOOR_LINES_MAX}): does the room do too much?`
      findings.push({ file: source.path, line: 1, rule: "door", advice })
    }
    if (!hasHead(source)) {
      const advice = "a door begins with one sentence about its room"
      findings.push({ file: source.path, line: 1, rule: "door", advice })
    }
  }
  return findings
}

function isDoor(source: Source): boolean {
  return source.path.startsWith("src/") && source.path.endsWith("/index.ts")
}

function hasHead(source: Source): boolean {
  const first = source.program.body[0]?.start ?? source.text.length
  return source.comments.some((comment) => comment.start < first && comment.value.startsWith("*"))
}

/** Where a name is declared, when it is exported by a list elsewhere: `export { name }`. */
function declarationOf(source: Source, name: string, offset: number): number {
  for (const node of source.program.body) {
    if (node.type === "VariableDeclaration") {
      const names = node.declarations.map(({ id }) => (id.type === "Identifier" ? id.name : ""))
      if (names.includes(name)) return node.start
    }
    if ("id" in node && (node.id as { name?: string } | null)?.name === name) return node.start
  }
  return offset
}

/** Lines that stand together share the comment above them: a table of constants, overloads. */
function isTold(source: Source, offset: number): boolean {
  if (hasDocComment(source, offset)) return true
  const before = source.program.body.findLast((node) => node.end <= offset)
  if (
    before === undefined ||
    !/^;?[^\S\n]*(\/\/.*)?\n$/.test(source.text.slice(before.end, offset))
  )
    return false
  return isTold(source, before.start)
}

function hasDocComment(source: Source, offset: number): boolean {
  return source.comments.some((comment) => {
    if (comment.type !== "Block" || !comment.value.startsWith("*") || comment.end > offset)
      return false
    // Line comments may stand between, for the reader of the code; an empty line parts the two.
    return /^[^\S\n]*\n?([^\S\n]*\/\/.*\n)*[^\S\n]*$/.test(source.text.slice(comment.end, offset))
  })
}
