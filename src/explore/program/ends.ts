/** What is wrong with how an execution has ended. */
import type { Deed } from "./entry.ts"
import type { Player } from "./player.ts"
import type { Finding } from "./theatre.ts"

/** Nothing can be done any more: whoever has not ended never will. */
export function leftOver(players: readonly Player[]): Finding | null {
  const open = players.filter(({ ending }) => ending === undefined)
  const foreign = open.filter((player) => waits(player).length === 0)
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

function waits({ entries, held }: Player): Deed[] {
  if (held !== undefined) return [held]
  return entries.filter((entry) => entry !== undefined).map(({ deed }) => deed)
}

function stuck(open: readonly Player[], players: readonly Player[]): Finding {
  const lines = open.flatMap((player) =>
    waits(player).map(({ label }) => `  ${player.title} waits: ${label.operation} ${label.object}`),
  )
  const whole = players[0]?.ending === undefined
  const kind = whole ? "deadlock" : "partial deadlock"
  return { kind, message: `nobody can go on any more\n${lines.join("\n")}` }
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
