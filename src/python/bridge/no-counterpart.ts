/** What cannot cross. */

/** A value without a counterpart in the other language, by the path to it. */
export class NoCounterpart extends Error {
  readonly path: string

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`)
    this.path = path
  }
}
