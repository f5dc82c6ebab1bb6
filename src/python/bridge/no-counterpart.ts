/** What cannot cross. */

/** A value without a counterpart in the other language, by the path to it. */
export class NoCounterpart extends Error {
  readonly path: string

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`)
    this.path = path
  }
}

/** Buffers that are moved or shared travel by ports, which need an event loop. */
export const NEVER_ARRIVES =
  "a buffer that was moved or is shared cannot arrive in Python: send a copy"
