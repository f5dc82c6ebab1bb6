/** A failing schedule as a person reads it: what is wrong, every step, and how to see it again. */
import type { Defect } from "./defect.ts"
import type { Location } from "./location.ts"
import type { Machine, Race } from "./machine.ts"
import * as op from "./operation.ts"
import { CLASS_NAMES } from "./races.ts"
import * as status from "./thread.ts"
import { callerIn, type TraceEntry } from "./trace.ts"

/** Names of words: by name the index, or by index the name. */
export type Names = Readonly<Record<string, number>> | ((index: number) => string | undefined)

/** What a report is made of. */
export interface Failing {
  readonly model: string
  readonly defect: Defect
  readonly machine: Machine
  readonly names: Names | undefined
  /** What to run to see it again. */
  readonly command: string
  readonly summary: string
}

/** Longest table; what comes before is left out. */
const ROWS_MAX = 200

/** The whole message of a failure. */
export function describe(failing: Failing): string {
  const { defect, machine, names } = failing
  const lines = [`${failing.model}: ${defect.kind}`, indented(defect.message)]
  if (machine.race !== null) lines.push(...describeRace(machine, machine.race, names))
  lines.push("", `  ${failing.summary}`, "", ...table(machine, names), "")
  lines.push(...standing(machine, names), `  again: ${failing.command}`)
  return lines.join("\n")
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .join("\n")
}

function nameOf(location: Location, names: Names | undefined): string {
  const { index, space } = location
  const prefix = space === 0 ? "" : `buffer ${space} `
  if (typeof names === "function") return `${prefix}${names(index) ?? `[${index}]`}`
  const found = Object.entries(names ?? {}).find(([, at]) => at === index)
  return `${prefix}${found === undefined ? `[${index}]` : found[0]}`
}

function describeRace(machine: Machine, race: Race, names: Names | undefined): string[] {
  const trace = machine.trace ?? []
  const other = trace[race.other.entry]
  const own = trace.findLast((entry) => entry.location === race.location)
  const side = (thread: number, access: number, entry: TraceEntry | undefined) =>
    `  ${machine.threads[thread]?.name}: ${CLASS_NAMES[access]} at ${callerIn(entry?.stack ?? "")}`
  return [
    `  on ${nameOf(race.location, names)}:`,
    side(race.other.thread, race.other.access, other),
    side(race.thread, race.access, own),
  ]
}

function table(machine: Machine, names: Names | undefined): string[] {
  const trace = machine.trace ?? []
  let step = 0
  const rows = trace.map((entry) => {
    const number = op.isStep(entry.kind) ? `${++step}` : ""
    const thread = machine.threads[entry.thread]?.name ?? ""
    return [number, thread, operation(entry, names), result(entry), callerIn(entry.stack)]
  })
  const shown = [["step", "thread", "operation", "value", "at"], ...rows.slice(-ROWS_MAX)]
  const widths = [0, 1, 2, 3].map((c) => Math.max(...shown.map((row) => row[c]?.length ?? 0)))
  const lines = shown.map((row) =>
    `  ${row.map((cell, c) => cell.padEnd(widths[c] ?? 0)).join("  ")}`.trimEnd(),
  )
  if (rows.length > ROWS_MAX) lines.splice(1, 0, `  … ${rows.length - ROWS_MAX} earlier`)
  return lines
}

function operation(entry: TraceEntry, names: Names | undefined): string {
  const { kind, location, a, b } = entry
  const where = location === null ? "" : ` ${nameOf(location, names)}`
  const what = `${op.nameOf(kind)}${where}`
  switch (kind) {
    case op.COMPARE_EXCHANGE:
      return `${what} ${a} -> ${b}`
    case op.WAIT:
      return `${what} while ${a}${b < Infinity ? `, ${b} ms` : ""}`
    case op.NOTIFY:
      return a < Infinity ? `${what} ${a}` : what
    case op.STORE:
    case op.WRITE:
    case op.POKE:
      return `${what} = ${a}`
    case op.ADD:
    case op.SUBTRACT:
    case op.OR:
    case op.AND:
    case op.EXCHANGE:
      return `${what} ${a}`
    default:
      return what
  }
}

function result(entry: TraceEntry): string {
  switch (entry.kind) {
    case op.WRITE:
    case op.POKE:
    case op.STORE:
    case op.PAUSE:
    case op.SPIN:
    case op.KILL:
      return ""
    case op.WAIT:
      return entry.result === op.NOT_EQUAL ? "not-equal" : "waits"
    case op.WAKE:
    case op.TIMEOUT:
      return entry.result === op.WOKEN ? "ok" : "timed-out"
    default:
      return String(entry.result)
  }
}

/** Where the threads stand that have not ended. */
function standing(machine: Machine, names: Names | undefined): string[] {
  const lines: string[] = []
  for (const thread of machine.threads) {
    const { state, location } = thread
    if (state === status.ABSENT || state === status.FINISHED || state === status.KILLED) continue
    const doing = op.nameOf(op.askedFor(thread.kind))
    const where = location === null ? "" : ` ${nameOf(location, names)}`
    lines.push(`  ${thread.name} stands at ${doing}${where}, ${callerIn(thread.stack)}`)
  }
  return lines.length === 0 ? [] : [...lines, ""]
}
