/**
 * Where the twins of the platform ask what to do.
 *
 * While a model thread runs, every operation goes to the execution it belongs to; at any other time
 * `stage` is null and the twins act on memory directly.
 */
import type { Words } from "#platform/atomics"

/** Executes the operations of the model thread that runs now. */
export interface Stage {
  operation(kind: number, words: Words, index: number, a: number, b: number): number
}

/** The execution whose thread runs now. */
export let stage: Stage | null = null

/** Makes `next` the target of all operations, or none. */
export function setStage(next: Stage | null): void {
  stage = next
}
