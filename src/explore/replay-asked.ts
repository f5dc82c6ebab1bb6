/**
 * What `HEDDLE_REPLAY` asks for: a schedule, `@`, and the name of the program or model that is to
 * run only this. A name that nothing had is told of at the end: all schedules were run instead.
 */
import { environment } from "../internal/platform/thread.ts"

/** The variable, for the commands that reports print. */
export const REPLAY_VARIABLE = "HEDDLE_REPLAY"

/** How many names a message shows. */
const NAMES_SHOWN = 8

/** What was explored, and is not what is asked for. */
const others = new Set<string>()
let isMet = false

/** The schedule that is asked for of what has this name; undefined when it is to be searched. */
export function scheduleAsked(name: string): string | undefined {
  const asked = environment(REPLAY_VARIABLE)
  if (asked === undefined) return undefined
  const at = asked.indexOf("@")
  if (at !== -1 && asked.slice(at + 1) === name) {
    isMet = true
    return asked.slice(0, at)
  }
  if (others.size === 0) process.once("exit", () => tellIfUnmet(asked))
  others.add(name)
  return undefined
}

/** What follows `prefix` in the name that is asked for. */
export function nameAsked(prefix: string): string | undefined {
  const asked = environment(REPLAY_VARIABLE)
  const name = asked?.slice(asked.indexOf("@") + 1)
  return name?.startsWith(prefix) === true ? name.slice(prefix.length) : undefined
}

function tellIfUnmet(asked: string): void {
  if (isMet) return
  const names = [...others].map((name) => JSON.stringify(name))
  const more = names.length - NAMES_SHOWN
  const shown = names.slice(0, NAMES_SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "")
  console.error(
    `${REPLAY_VARIABLE}=${JSON.stringify(asked)} was not followed: it names nothing that was ` +
      `explored here, which is ${shown}`,
  )
}
