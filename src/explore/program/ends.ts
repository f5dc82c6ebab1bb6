/** What is wrong with how an execution has ended. */
import type { Wait } from "./entry.ts"
import type { Finding } from "./finding.ts"
import type { Party } from "./party.ts"
import type { Player } from "./player.ts"
import { whereIn } from "./where.ts"

/** Nothing can be done any more: whoever has not ended never will. */
export function leftOver(players: readonly Player[]): Finding | null {
  const open = players.filter(({ ending, idle }) => ending === undefined && idle?.() !== true)
  const foreign = open.filter((player) => waitsOf(player).length === 0)
  if (foreign.length > 0) return outside(foreign)
  if (open.length > 0) return stuck(open, players)
  const unheard = players.find(({ ending, heard }) => ending?.state === "failed" && !heard)
  if (unheard?.ending?.state !== "failed") return null
  const { error } = unheard.ending
  return {
    kind: "unhandled error",
    message: `${unheard.label} throws ${error}, and nobody awaits it`,
    cause: error,
  }
}

/** Tasks look again and again at what nobody will change. */
export function spinning(players: readonly Player[]): Finding {
  const names = players.filter(({ ending, looks }) => ending === undefined && looks > 0)
  return {
    kind: "livelock",
    message:
      `${names.map(({ title }) => title).join(", ")}: looks again and again at something ` +
      "that nobody is left to change",
  }
}

/** What a task waits for, and what the actors do that live with it. */
export function waitsOf(player: Player): readonly Wait[] {
  const { entries, held, heldAt } = player
  if (held !== undefined) return [{ party: player, deed: held, stack: heldAt }]
  const all = entries
    .flatMap((entry): readonly Wait[] => entry?.deed.waits?.() ?? (entry ? [entry] : []))
    .filter(({ deed }) => deed.rests !== "always")
  const urgent = all.filter(({ deed }) => deed.rests === undefined)
  return urgent.length > 0 ? urgent : all
}

function stuck(open: readonly Player[], players: readonly Player[]): Finding {
  const whole = players[0]?.ending === undefined
  const waits = open.flatMap(waitsOf)
  const lines = waits.map(lineOf)
  const cycle = cycleAmong(waits)
  const why =
    cycle === undefined
      ? "nobody is left who could let them go on"
      : `${cycle.map(({ title }) => title).join(" -> ")}: each waits for the next`
  const missed = cycle === undefined ? waits.flatMap(missedBy) : []
  if (missed.length > 0) {
    return { kind: "lost wake-up", message: [...new Set(missed), why, ...lines].join("\n") }
  }
  return { kind: whole ? "deadlock" : "partial deadlock", message: [why, ...lines].join("\n") }
}

/** What somebody waits for has happened, but it was not there to hear it. */
function missedBy({ party, deed }: Wait): string[] {
  const missed = deed.missed?.()
  if (missed === undefined) return []
  const at = missed.where === "" ? "" : ` at ${missed.where}`
  return [
    `the signal that ${party.title} waits for came before it waited, and nothing has kept it`,
    `  ${missed.player.title}: ${missed.what}${at}`,
  ]
}

function lineOf({ party, deed, stack }: Wait): string {
  const { operation, object } = deed.label
  const at = whereIn(stack)
  const others = (deed.waitsFor?.() ?? []).map(({ title }) => title).join(", ")
  const held =
    others === "" || operation === "await" || deed.later === true ? "" : `, held by ${others}`
  return `  ${party.title} waits: ${operation} ${object}${held}${at === "" ? "" : ` at ${at}`}`
}

/** Tasks or actors each of which waits for the next, the first again at the end. */
function cycleAmong(waits: readonly Wait[]): Party[] | undefined {
  for (const { party } of waits) {
    const path = search([party], waits)
    if (path !== undefined) return path
  }
  return undefined
}

function search(path: readonly Party[], waits: readonly Wait[]): Party[] | undefined {
  const last = path.at(-1)
  const own = waits.filter(({ party }) => party === last)
  for (const next of own.flatMap(({ deed }) => deed.waitsFor?.() ?? [])) {
    const at = path.indexOf(next)
    if (at >= 0) return [...path.slice(at), next]
    const found = next.ending === undefined ? search([...path, next], waits) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function outside(foreign: readonly Player[]): Finding {
  const names = foreign.map(({ title }) => title).join(", ")
  return {
    kind: "uncontrolled",
    message:
      `${names} waits for something that is no operation of Heddle: ` +
      "input or output, a timer of the host, a promise made outside the program",
  }
}
