/** What is wrong with how an execution has ended. */
import type { Deed } from "./entry.ts"
import type { Finding } from "./finding.ts"
import type { Player } from "./player.ts"
import { whereIn } from "./where.ts"

/** Nothing can be done any more: whoever has not ended never will. */
export function leftOver(players: readonly Player[]): Finding | null {
  const open = players.filter(({ ending }) => ending === undefined)
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

/** What a task waits for, and the stack where it was asked for. */
export function waitsOf(player: Player): [deed: Deed, stack: string][] {
  const { entries, held, heldAt } = player
  if (held !== undefined) return [[held, heldAt]]
  return entries.flatMap((entry): [Deed, string][] =>
    entry === undefined ? [] : [[entry.deed, entry.stack]],
  )
}

function stuck(open: readonly Player[], players: readonly Player[]): Finding {
  const whole = players[0]?.ending === undefined
  const lines = open.flatMap((player) => waitsOf(player).map((wait) => lineOf(player, ...wait)))
  const cycle = cycleAmong(open)
  const why =
    cycle === undefined
      ? "nobody is left who could let them go on"
      : `${cycle.map(({ title }) => title).join(" -> ")}: each waits for the next`
  return { kind: whole ? "deadlock" : "partial deadlock", message: [why, ...lines].join("\n") }
}

function lineOf(player: Player, deed: Deed, stack: string): string {
  const { operation, object } = deed.label
  const at = whereIn(stack)
  const others = (deed.waitsFor?.() ?? []).map(({ title }) => title).join(", ")
  const held = others === "" || operation === "await" ? "" : `, held by ${others}`
  return `  ${player.title} waits: ${operation} ${object}${held}${at === "" ? "" : ` at ${at}`}`
}

/** Tasks each of which waits for the next, the first again at the end. */
function cycleAmong(open: readonly Player[]): Player[] | undefined {
  for (const start of open) {
    const path = search([start])
    if (path !== undefined) return path
  }
  return undefined
}

function search(path: readonly Player[]): Player[] | undefined {
  const last = path.at(-1) as Player
  for (const next of waitsOf(last).flatMap(([deed]) => deed.waitsFor?.() ?? [])) {
    const at = path.indexOf(next)
    if (at >= 0) return [...path.slice(at), next]
    const found = next.ending === undefined ? search([...path, next]) : undefined
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
