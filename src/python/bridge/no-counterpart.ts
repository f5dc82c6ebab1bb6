/** What cannot cross. */

/** A value without a counterpart in the other language, by the path to it. */
export class NoCounterpart extends Error {
  readonly path: string
  readonly problem: string

  constructor(path: string, problem: string) {
    super(`${shortened(path)} ${problem}`)
    this.path = path
    this.problem = problem
  }
}

/** Characters of a path that are shown at each of its ends. */
const SHOWN = 80

function shortened(path: string): string {
  return path.length <= 2 * SHOWN ? path : `${path.slice(0, SHOWN)} … ${path.slice(-SHOWN)}`
}

/** Buffers that are moved or shared travel by ports, to which not every host listens in time. */
export const NEVER_ARRIVES =
  "a buffer that was moved or is shared is lost, or cannot arrive in Python on this host: send a copy"
