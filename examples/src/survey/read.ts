/** From a path to its summary. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Summary, summarise } from "./summarise.ts"

/** Reads and summarises one file; a file that cannot be read is a summary that says so. */
export function readSummary(folder: string, path: string): Summary {
  let text: string
  try {
    text = readFileSync(join(folder, path), "utf8")
  } catch (error) {
    return { ...summarise(path, ""), problem: (error as Error).message }
  }
  return summarise(path, text)
}
