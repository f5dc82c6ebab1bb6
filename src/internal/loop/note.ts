/** Notes: a few words told to one isolate, in a block that is freed when they are read. */
import { read, write } from "#platform/atomics"
import { NEXT, tell } from "../queue/inbox.ts"
import { acquire, type Here, here } from "./here.ts"
import { onNode } from "./pump.ts"

const NOTE_BYTES = 64

/** The first of a note's words, behind those of a node. */
const FIRST = NEXT + 1

/**
 * Tells the isolate with this token a few words, at most 14.
 *
 * @throws {OutOfSharedMemoryError} when there is no room for them; then nothing was told
 */
export function sendNote(at: Here, token: number, kind: number, ...words: number[]): void {
  const note = acquire(at, NOTE_BYTES)
  write(at.words, note, kind)
  for (const [i, word] of words.entries()) write(at.words, note + FIRST + i, word)
  tell(at.words, token, note, note)
}

/** Says who takes notes of a kind; it is given their words, as many as it has parameters. */
export function onNote(kind: number, handler: (...words: number[]) => void): void {
  onNode(kind, (note) => {
    const at = here()
    const words = Array.from({ length: handler.length }, (_, i) => read(at.words, note + FIRST + i))
    at.arena.release(note)
    handler(...words)
  })
}
