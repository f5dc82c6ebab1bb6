/**
 * Where calls came from, for the errors that come back to them.
 *
 * Bound   the first STACKS_PER_CODE calls of a kind are looked at; what a stack keeps alive, the
 *         functions on it and all that they captured, is let go after STACK_TEXT_MS
 */
import { after } from "#platform/clock"
import { captureStack } from "#platform/context"
import { STACK_TEXT_MS, STACKS_PER_CODE } from "#platform/limits"

/** Where calls of one kind came from. */
export class CalledFrom {
  /** Calls whose stack was noted, up to STACKS_PER_CODE. */
  #noted = 0
  /** The stack of one of the last. */
  #stack: { readonly stack?: string } = {}

  /** Where this call came from; of those made often, where an earlier one did. */
  note(callee: (...args: never[]) => unknown): { readonly stack?: string } {
    if (this.#noted < STACKS_PER_CODE) {
      this.#noted++
      this.#stack = {}
      captureStack(this.#stack, callee)
      if (unread.size === 0) after(STACK_TEXT_MS, readStacks, true)
      unread.add(this)
    }
    return this.#stack
  }

  /** Makes the stack text: until then it keeps what is on it. */
  read(): void {
    void this.#stack.stack
  }
}

/** Those whose stack is no text yet. */
const unread = new Set<CalledFrom>()

function readStacks(): void {
  for (const place of unread) place.read()
  unread.clear()
}
