/** The command line of the checks: `npm run ci -- [suite…] [part of a path…]`. */

/** The names a user may give; `all` is the default. */
export const SUITE_NAMES = ["smoke", "test", "model", "stress", "docs", "types", "all"] as const

/** One of `SUITE_NAMES`. */
export type SuiteName = (typeof SUITE_NAMES)[number]

/** What to run. */
export interface Plan {
  readonly suites: ReadonlySet<SuiteName>
  /** Parts of paths: a file runs when its path contains one of them; none means every file. */
  readonly filters: readonly string[]
  /** How many test files run beside each other. */
  readonly jobs: number
}

/** Reads the arguments; a string is the sentence to print when they are wrong. */
export function readArguments(args: readonly string[], cores: number): Plan | string {
  const suites = new Set<SuiteName>()
  const filters: string[] = []
  let jobs = Math.max(1, cores)
  for (const arg of args) {
    const wanted = /^--jobs=(.*)$/.exec(arg)
    if (wanted !== null) {
      jobs = Number(wanted[1])
      if (!Number.isInteger(jobs) || jobs < 1)
        return `--jobs wants a whole number from 1, not "${wanted[1]}"`
    } else if (arg.startsWith("-")) {
      return `unknown option ${arg}; known: --jobs=N`
    } else if (filters.length === 0 && isSuiteName(arg)) {
      suites.add(arg)
    } else {
      filters.push(arg)
    }
  }
  if (suites.size === 0) suites.add("all")
  return { suites, filters, jobs }
}

function isSuiteName(arg: string): arg is SuiteName {
  return (SUITE_NAMES as readonly string[]).includes(arg)
}
