/**
 * Watches that bodies can be run again.
 *
 * In the first executions of a model, and in the one that is reported, every body is left and run
 * again before each of its steps, so that one that does something else, or that catches the
 * suspension, shows even in schedules without switches. Memory is compared before and after: a
 * body must touch none until it is where it was, which one that writes without the platform's
 * functions does not keep.
 */

/** Executions that are watched. */
const WATCHED = 8

/** Larger buffers are not watched. */
const BYTES_MAX = 1 << 16

/** Compares memory before and after a body is brought back to where it was. */
export class Vigil {
  /** This execution is watched. */
  active = false
  #executions = 0
  readonly #copies: Uint8Array[] = []
  readonly #views: Uint8Array[] = []

  /** An execution begins. */
  begin(reported: boolean): void {
    this.active = reported || this.#executions++ < WATCHED
  }

  /** A body is about to be run again over these buffers. */
  before(buffers: () => readonly ArrayBufferLike[]): void {
    this.#views.length = 0
    this.#copies.length = 0
    if (!this.active) return
    for (const buffer of buffers()) {
      if (buffer.byteLength > BYTES_MAX) continue
      const view = new Uint8Array(buffer)
      this.#views.push(view)
      this.#copies.push(view.slice())
    }
  }

  /** The first byte that has changed since `before`, or -1. */
  changed(): number {
    for (const [i, view] of this.#views.entries()) {
      const copy = this.#copies[i]
      for (let at = 0; at < view.length; at++) if (view[at] !== copy[at]) return at
    }
    this.#views.length = 0
    return -1
  }
}
