/** The command line of the search. */
import { statSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"

/** What is indexed, how, and what is searched for. */
export interface Options {
  readonly folder: string
  /** How many workers are killed on the way. */
  readonly kills: number
  readonly workers: number
  readonly words: readonly string[]
}

/** What `--help` prints. */
export const HELP = `Indexes the documentation below a folder with workers that are killed while they work,
checks the index against a plain loop, and answers a search.

  heddle run search.ts [--folder DIR] [--kills N] [--workers N] [word...]
`

const KILLS = 12
const WORKERS = 4
const MOST = 1_000
const WORDS = ["memory", "leak"]

/** Reads the arguments; a string is the line to print when they are wrong, or the help. */
export function readOptions(args: readonly string[], standard: string): Options | string {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return (error as Error).message.split(". ")[0] as string
  }
  const { values, positionals } = parsed
  if (values.help === true) return HELP
  const kills = Number(values.kills ?? KILLS)
  if (!isWhole(kills, 0)) return `--kills takes a number from 0 to ${MOST}, not ${values.kills}`
  const workers = Number(values.workers ?? WORKERS)
  if (!isWhole(workers, 1))
    return `--workers takes a number from 1 to ${MOST}, not ${values.workers}`
  const folder = resolve(values.folder ?? standard)
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats === undefined) return `no such folder: ${values.folder ?? folder}`
  if (!stats.isDirectory()) return `not a folder: ${values.folder}`
  return { folder, kills, workers, words: positionals.length === 0 ? WORDS : positionals }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      folder: { type: "string" },
      kills: { type: "string" },
      workers: { type: "string" },
      help: { type: "boolean" },
    },
  })
}

function isWhole(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least && value <= MOST
}
