/**
 * What happened in one execution, step by step, for the report. Kept only when a failure is told.
 */
import type { Location } from "./location.ts"

/** One operation as performed. */
export interface TraceEntry {
  readonly thread: number
  readonly kind: number
  readonly location: Location | null
  readonly a: number
  readonly b: number
  readonly result: number
  /** The caller's stack, as V8 prints it. */
  readonly stack: string
}

const HERE = /[\\/]src[\\/]explore[\\/]/

/**
 * The first frame outside this room, as `file:line` with the function's name; empty when unknown.
 */
export function callerIn(stack: string): string {
  for (const line of stack.split("\n").slice(1)) {
    if (HERE.test(line) || line.includes("node:internal")) continue
    const found = /^\s*at (?:(.*?) \()?(?:file:\/\/)?(.*?):(\d+):\d+\)?$/.exec(line)
    if (found === null) continue
    const [, where, file, number] = found
    const short = file.split(/[\\/]/).at(-1)
    return where === undefined || where === "Object.<anonymous>"
      ? `${short}:${number}`
      : `${short}:${number} ${where}`
  }
  return ""
}

/** The test file in a stack, or the first file outside this room. */
export function callingFile(stack: string): string {
  const files: string[] = []
  for (const line of stack.split("\n").slice(1)) {
    if (HERE.test(line) || line.includes("node:internal")) continue
    const found = /(?:\(|at )(?:file:\/\/)?([^()]*?):\d+:\d+\)?$/.exec(line)
    if (found !== null) files.push(found[1])
  }
  return files.find((file) => /\.(model|test)\.[cm]?[jt]s$/.test(file)) ?? files[0] ?? ""
}
