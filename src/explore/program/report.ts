/** A failing schedule as a person reads it: what is wrong, every step, and how to see it again. */
import { inspect } from "node:util"
import { type Choice, DIE, processOf, variantOf } from "../strategy.ts"
import { waitsOf } from "./ends.ts"
import type { Finding, FindingKind } from "./finding.ts"
import type { Player } from "./player.ts"
import type { Row } from "./rows.ts"
import type { Theatre } from "./theatre.ts"
import { whereIn } from "./where.ts"

/** What a report is made of. */
export interface Report {
  readonly name: string
  readonly finding: Finding
  readonly theatre: Theatre
  readonly summary: string
  readonly command: string
}

/** Kinds whose message says where everybody waits. */
const TOLD: ReadonlySet<FindingKind> = new Set(["deadlock", "partial deadlock", "lost wake-up"])

/** Longest table; what comes before is left out. */
const ROWS_MAX = 60

/** The whole message of a failure. */
export function messageOf({ name, finding, theatre, summary, command }: Report): string {
  const lines = [`${name}: ${finding.kind}`, indented(finding.message), "", `  ${summary}`, ""]
  lines.push(...table(theatre.rows), "")
  const stands = TOLD.has(finding.kind) ? [] : theatre.all.flatMap(standing)
  if (stands.length > 0) lines.push(...stands, "")
  lines.push(`  again: ${command}`)
  return lines.join("\n")
}

function indented(text: string): string {
  const lines = text.trimEnd().split("\n")
  return lines.map((line) => `  ${line}`.trimEnd()).join("\n")
}

function table(rows: readonly Row[]): string[] {
  const cells = rows
    .slice(-ROWS_MAX)
    .map((row) => [
      `${row.step}`,
      row.player.title,
      `${row.operation} ${row.object}`,
      valueIn(row),
      whereIn(row.stack),
    ])
  const shown = [["step", "task", "operation", "value", "at"], ...cells]
  const widths = [0, 1, 2, 3].map((c) => Math.max(...shown.map((row) => row[c]?.length ?? 0)))
  const lines = shown.map((row) =>
    `  ${row.map((cell, c) => cell.padEnd(widths[c] ?? 0)).join("  ")}`.trimEnd(),
  )
  if (rows.length > ROWS_MAX) lines.splice(1, 0, `  … ${rows.length - ROWS_MAX} earlier`)
  return lines
}

function valueIn({ value, answer }: Row): string {
  const parts = [value, answer].filter((part) => part !== undefined).map(short)
  return parts.join(" -> ")
}

/** A value in a few words. */
export function short(value: unknown): string {
  const text = typeof value === "string" ? value : inspect(value, { depth: 1, breakLength: 200 })
  const line = text.replaceAll(/\s+/g, " ")
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}

/** Where a task stands that has not ended. */
function standing(player: Player): string[] {
  if (player.ending !== undefined || player.idle?.() === true) return []
  return waitsOf(player).map(({ party, deed: { label }, stack }) => {
    const where = whereIn(stack)
    const at = where === "" ? "" : ` at ${where}`
    return `  ${party.title} stands at ${label.operation} ${label.object}${at}`
  })
}

/** How often a task's turn was taken by another. */
export function switches(choices: readonly Choice[], playerOf: (strand: number) => number): number {
  let count = 0
  let last = -1
  for (const choice of choices) {
    if (variantOf(choice) === DIE) continue
    const player = playerOf(processOf(choice))
    if (last >= 0 && player !== last) count++
    last = player
  }
  return count
}
