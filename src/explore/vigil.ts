/**
 * Notices memory that is written without the platform's functions.
 *
 * A body that is run again must touch no memory until it is where it was. In the first executions of a
 * model every such run is compared with the memory before it.
 */

/** Executions that are watched. */
const WATCHED = 24

/** Larger buffers are not watched. */
const BYTES_MAX = 1 << 16

/** Compares memory before and after a body is brought back to where it was. */
export class Vigil {
  #executions = 0
  readonly #copies: Uint8Array[] = []
  readonly #views: Uint8Array[] = []

  /** An execution begins. */
  begin(): void {
    this.#executions++
  }

  /** A body is about to be run again over these buffers. */
  before(buffers: () => readonly ArrayBufferLike[]): void {
    this.#views.length = 0
    this.#copies.length = 0
    if (this.#executions > WATCHED) return
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
      const copy = this.#copies[i] as Uint8Array
      for (let at = 0; at < view.length; at++) if (view[at] !== copy[at]) return at
    }
    this.#views.length = 0
    return -1
  }
}
