/** Where in a program something was asked for: the first frame outside this package. */
import { ownUrl } from "#platform/module"

/** The folder of this package's own files, `src` or `dist`, as it stands in URLs and in paths. */
const OWN = decodeURI(new URL(".", ownUrl("index")).pathname)

/** Frames of this package, of the host, and of nothing a reader could open. */
function isInner(line: string): boolean {
  return (
    line.includes(OWN) ||
    line.includes("node:") ||
    line.includes("<anonymous>)") ||
    !/:\d+:\d+\)?$/.test(line)
  )
}

interface Frame {
  readonly file: string
  readonly line: string
  readonly name: string
}

/** The first frame of the program in a stack. */
function frameOf(stack: string): Frame | undefined {
  for (const line of stack.split("\n").slice(1)) {
    if (isInner(line)) continue
    const found = /^\s*at (?:async )?(?:(.*?) \()?(?:file:\/\/)?([^()]*?):(\d+):\d+\)?$/.exec(line)
    if (found === null) continue
    const [, name = "", file = "", at = ""] = found
    return { file, line: at, name }
  }
  return undefined
}

/** `file:line function`; empty when unknown. */
export function whereIn(stack: string): string {
  const frame = frameOf(stack)
  if (frame === undefined) return ""
  const file = frame.file.split(/[\\/]/).at(-1)
  // Of a function without a name the engine makes one up, such as `test.options`.
  const named = frame.name !== "" && !frame.name.includes(".")
  return named ? `${file}:${frame.line} ${frame.name}` : `${file}:${frame.line}`
}

/** The file that called, and its line, for the name of a program without one. */
export function callerIn(stack: string): { readonly file: string; readonly line: string } {
  return frameOf(stack) ?? { file: "", line: "" }
}
