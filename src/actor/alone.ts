/** Actors that fail while nobody would hear of it: the user reads of them where warnings are. */
import { warn } from "#platform/thread"
import type { Here } from "../internal/loop/here.ts"
import { isWatched } from "../internal/queue/watchers.ts"
import { isSupervised, labelOf } from "./object.ts"

/** So many are told by an isolate: a program in which everything fails is not held up by that. */
const TOLD_MAX = 16

let told = 0

/** An actor fails at what nobody asked for: a warning, unless somebody hears of its end. */
export function failAlone(at: Here, object: number, error: unknown): void {
  if (told === TOLD_MAX || isSupervised(at, object) || isWatched(at.words, object)) return
  told++
  const rest = told === TOLD_MAX ? "; further ones are not told" : ""
  const who = labelOf(at, object)
  warn(`${who} failed, and nobody asked it, supervises or watches it${rest}`, error)
}
