/**
 * Finds the examples in documentation: fenced `ts` blocks of a page, `@example` of doc comments.
 *
 * A fence says `ts` and is run, or `ts no-run: <reason>` and is only shown.
 */
import { parseSync } from "oxc-parser"

/** One example, as written. */
export interface Example {
  /** Line of the first line of code, from 1. */
  readonly line: number
  readonly code: string
  /** Why it is not run, when it is not. */
  readonly notRun?: string
}

/** An example that cannot be taken: the sentence says what to write instead. */
export class ExampleError extends Error {
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/** The fenced `ts` blocks of a Markdown text. */
export function examplesOfPage(text: string): Example[] {
  const examples: Example[] = []
  const lines = text.split("\n")
  for (let index = 0; index < lines.length; index++) {
    const fence = /^\s*(`{3,})(\S*)\s*(.*)$/.exec(lines[index])
    if (fence === null) continue
    const [, ticks, language, rest] = fence as unknown as [string, string, string, string]
    const begin = index + 1
    while (++index < lines.length && !lines[index].trim().startsWith(ticks));
    if (language !== "ts" && language !== "typescript") continue
    const code = lines.slice(begin, index).join("\n")
    examples.push(exampleOf(code, begin + 1, rest.trim()))
  }
  return examples
}

/** The `@example` blocks in the doc comments of a TypeScript source. */
export function examplesOfSource(path: string, text: string): Example[] {
  const examples: Example[] = []
  for (const comment of parseSync(path, text).comments) {
    if (comment.type !== "Block" || !comment.value.startsWith("*")) continue
    const firstLine = text.slice(0, comment.start).split("\n").length
    const lines = comment.value.split("\n").map((line) => line.replace(/^\s*\* ?/, ""))
    for (let index = 0; index < lines.length; index++) {
      if (!lines[index].startsWith("@example")) continue
      const begin = index + 1
      while (index + 1 < lines.length && !/^@\w/.test(lines[index + 1])) index++
      examples.push(...examplesOfTag(lines.slice(begin, index + 1), firstLine + begin))
    }
  }
  return examples
}

/** Under one tag: fenced blocks when there are any, else all the lines as they stand. */
function examplesOfTag(lines: string[], line: number): Example[] {
  const text = lines.join("\n")
  if (!text.includes("```")) return [{ line, code: text.trimEnd() }]
  return examplesOfPage(text).map((example) => ({ ...example, line: example.line + line - 1 }))
}

function exampleOf(code: string, line: number, mark: string): Example {
  if (mark === "") return { line, code }
  const notRun = /^no-run:?\s+(.+)$/.exec(mark)?.[1]
  if (notRun === undefined)
    throw new ExampleError(line, `"${mark}" after ts: write \`ts\`, or \`ts no-run: <reason>\``)
  return { line, code, notRun }
}
