/** What cannot cross. */

/** A value without a counterpart in the other language, by the path to it. */
export class NoCounterpart extends Error {
  readonly path: string

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`)
    this.path = path
  }
}

/** Buffers that are moved or shared travel by ports, to which not every host listens in time. */
export const NEVER_ARRIVES =
  "a buffer that was moved or is shared is lost, or cannot arrive in Python on this host: send a copy"
