/** What the search prints. */
import type { Toll } from "./assassin.ts"
import type { Hit, Index } from "./index.ts"

const SHOWN = 5

/** What was indexed, and who fell on the way. */
export function summary(index: Index, toll: Toll): string {
  const { killed, threw, isolates, restarts, repeated } = toll
  return [
    `Indexed ${index.files} files with ${index.words} different words.`,
    `On the way: killed ${killed}, threw an error ${threw}, ended their isolate ${isolates};`,
    `restarts of workers: ${restarts}, jobs done again: ${repeated}.`,
  ].join("\n")
}

/** The best answers to a search. */
export function answers(words: readonly string[], hits: readonly Hit[]): string {
  const asked = words.join(" ")
  if (hits.length === 0) return `Nothing is said about: ${asked}`
  const lines = hits.slice(0, SHOWN).map(({ path, score }) => `  ${score.toFixed(3)}  ${path}`)
  const say = hits.length === 1 ? "1 file says" : `${hits.length} files say`
  return [`${say} something about: ${asked}`, ...lines].join("\n")
}
