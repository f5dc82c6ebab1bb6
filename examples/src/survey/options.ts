/** The command line of the survey. */
import { statSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"

/** What is surveyed. */
export interface Options {
  readonly folder: string
}

/** What `--help` prints. */
export const HELP = `Surveys the JavaScript and TypeScript below a folder on every core, then once more on one.

  npm run demo                       what npm installed here
  npm run demo -- --folder DIR       another folder
`

/** Reads the arguments; a string is the line to print when they are wrong, or the help. */
export function readOptions(args: readonly string[], standard: string): Options | string {
  let values: { folder?: string; help?: boolean }
  try {
    values = parseArgs({
      args: [...args],
      options: { folder: { type: "string" }, help: { type: "boolean" } },
    }).values
  } catch (error) {
    return (error as Error).message.split(". ")[0] as string
  }
  if (values.help === true) return HELP
  const folder = resolve(values.folder ?? standard)
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats === undefined) return `no such folder: ${values.folder ?? folder}`
  if (!stats.isDirectory()) return `not a folder: ${values.folder}`
  return { folder }
}
