/** Numbers and targets as short text, the same in the terminal and in the written results. */
import type { Outcome } from "./runner.ts"
import type { Target } from "./scenario.ts"
import type { Unit } from "./units.ts"
import type { Verdict } from "./verdict.ts"

/** Three significant digits, without exponents. */
export function number(value: number): string {
  if (value === 0) return "0"
  const magnitude = Math.floor(Math.log10(Math.abs(value)))
  return value.toFixed(Math.min(5, Math.max(0, 2 - magnitude)))
}

export function figure(value: number, unit: Unit): string {
  return `${number(value)} ${unit.name}`
}

/** Smallest and largest figure over the rounds. */
export function spread({ figures }: Outcome): string {
  if (figures.length < 2) return ""
  return `${number(Math.min(...figures))} – ${number(Math.max(...figures))}`
}

/** A reached ratio or figure. */
export function reached(verdict: Verdict, unit: Unit): string {
  if (verdict.reached === undefined) return "—"
  const { target } = verdict
  return target.against === undefined
    ? figure(verdict.reached, unit)
    : `${number(verdict.reached)}x ${verdict.against}`
}

/** What was promised: `must 80x / aim 100x`. */
export function promise(target: Target, unit: Unit): string {
  const bound = (value: number | undefined): string => {
    if (value === undefined) return "—"
    return target.against === undefined ? figure(value, unit) : `${number(value)}x`
  }
  return `${bound(target.must)} / ${bound(target.aim)}`
}
