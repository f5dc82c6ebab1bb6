/** The programs of the suite, in its order. */
import type { Program } from "./kit.ts"

/** Small ones, then those about concurrency, then those about parallelism. */
export const NAMES = [
  "pingpong",
  "count",
  "fjthrput",
  "fjcreate",
  "threadring",
  "chameneos",
  "big",
  "concdict",
  "concsll",
  "bndbuffer",
  "philosopher",
  "barber",
  "cigsmok",
  "logmap",
  "banking",
  "apsp",
  "astar",
  "bitonicsort",
  "facloc",
  "fib",
  "filterbank",
  "nqueenk",
  "piprecision",
  "quicksort",
  "radixsort",
  "recmatmul",
  "sieve",
  "sor",
  "trapezoid",
  "uct",
] as const

/**
 * Loads one of them.
 *
 * @throws {RangeError} when there is none of that name
 */
export async function loadProgram(name: string): Promise<Program<unknown>> {
  if (!(NAMES as readonly string[]).includes(name))
    throw new RangeError(`no program ${name}; there are ${NAMES.join(", ")}`)
  const { program } = (await import(`./programs/${name}.ts`)) as { program: Program<unknown> }
  if (program.name !== name) throw new Error(`programs/${name}.ts is named ${program.name}`)
  return program
}
