/**
 * Asking the lone owner of a side for it.
 *
 * The owner gives the side up at its next operation or its next turn, whichever comes first, and
 * wakes those who wait on that side.
 */
import type { Here } from "../internal/loop/here.ts"
import { onNote, sendNote } from "../internal/loop/note.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isAlive } from "../internal/memory/owners.ts"

/** Gives up the side at `place` of the channel `object`, if it is this isolate's. */
export type GiveUp = (object: number, place: number) => void

let giveUp: GiveUp = () => {}

/** Says who carries out what is asked. */
export function onAsk(handler: GiveUp): void {
  giveUp = handler
}

/** Asks the isolate `owner` for the side at `place`. The caller stands in line on that side. */
export function askForSide(at: Here, object: number, place: number, owner: number): void {
  if (owner === 0 || !isAlive(at.words, owner)) return
  sendNote(at, owner, KIND.ASK, object, place)
}

onNote(KIND.ASK, (object, place) => giveUp(object, place))
