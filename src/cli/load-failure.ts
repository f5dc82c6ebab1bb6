/** Tells errors in a program's text from errors of the running program. */
import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { locateSyntaxError } from "./locate.ts"

/** Codes of errors that are about the text of a module and name their place in the message. */
const PLACED_CODES = new Set(["ERR_HEDDLE_CAPTURE"])

/**
 * The line that tells of an error in a program's text; undefined when the program itself failed.
 */
export function loadFailure(error: unknown, entry: string): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (PLACED_CODES.has(String((error as { code?: unknown }).code))) return placed(error)
  if (error.name !== "SyntaxError" || !isFromLoader(error)) return undefined
  const place = placeOf(error) ?? locateSyntaxError() ?? relative(process.cwd(), entry)
  return `${place}: ${firstLine(error.message)}`
}

/** What an error says that begins with its file: as the user would name that file. */
function placed(error: Error): string {
  const file: unknown = Reflect.get(error, "file")
  const line = firstLine(error.message)
  if (typeof file !== "string" || !line.startsWith(file)) return line
  return relative(process.cwd(), file) + line.slice(file.length)
}

/** JSON.parse and the like throw the same class: only Node's loader has no frame of a program. */
function isFromLoader(error: Error): boolean {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line))
  return frames.length > 0 && /node:internal|\/(lift|cli)\//.test(frames[0])
}

/** The place that Node writes above a stack: `file:line`, some text, a caret under the column. */
function placeOf(error: Error): string | undefined {
  const [head = "", ...rest] = (error.stack ?? "").split("\n")
  const caret = rest.find((line) => /^ *\^+$/.test(line)) ?? ""
  const place = /^(.*):(\d+)$/.exec(head)
  if (place === null) return undefined
  const [, file, line] = place as unknown as [string, string, string]
  const path = file.startsWith("file:") ? fileURLToPath(file) : file
  const column = caret.indexOf("^") + 1
  const name = relative(process.cwd(), path)
  return column > 0 ? `${name}:${line}:${column}` : `${name}:${line}`
}

function firstLine(text: string): string {
  return text.split("\n")[0]
}
