/** The frames of a stack, as text. */

/** Where the runtime's own files lie; in the published package this file is part of another one. */
const HOUSE = new URL("../../", import.meta.url).href

/** The lines of a stack that are frames. */
export function framesOf(stack: string): string[] {
  return stack.split("\n").filter(isFrame)
}

/**
 * A stack without the runtime's frames at its end: those that called the user's function. A stack
 * that has no other frames stays as it is.
 */
export function withoutCallers(stack: string): string {
  const lines = stack.split("\n")
  const last = lines.findLastIndex((line) => isFrame(line) && !isInner(line))
  return last < 0 ? stack : lines.slice(0, last + 1).join("\n")
}

function isFrame(line: string): boolean {
  return line.startsWith("    at ")
}

function isInner(line: string): boolean {
  return line.includes(HOUSE) || /[( ]node:/.test(line) || /\bat .*<anonymous>\)?$/.test(line)
}
