/** Files that explorations leave, when they are asked for them. */
import { appendFileSync, writeFileSync } from "node:fs"
import { environment } from "../internal/platform/thread.ts"

/** Names a file to which every finished exploration appends a line of JSON. */
const PROOF_VARIABLE = "HEDDLE_PROOF"

/** What a line of a proof says of one exploration. */
export interface ProofLine {
  readonly name: string
  readonly threads: number
  /** How the search was bounded. */
  readonly bound: string
  readonly schedules: number
  readonly steps: number
  readonly kills: number
  readonly milliseconds: number
}

/** Notes a finished exploration where that is asked for. */
export function noteProof(line: ProofLine): void {
  const file = environment(PROOF_VARIABLE)
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`)
}

/** Writes a file that a trace viewer reads. */
export function writeTrace(file: string, events: readonly object[]): void {
  writeFileSync(file, `${JSON.stringify({ traceEvents: events, displayTimeUnit: "ms" })}\n`)
}
