/** Finds the source files below a folder, in an order that is always the same. */
import { readdirSync } from "node:fs"
import { join } from "node:path"

/** JavaScript and TypeScript, declarations and JSX included. */
const SOURCE = /\.[cm]?[jt]sx?$/

/**
 * Yields the paths of source files relative to `folder`, in the order of their names.
 *
 * Symbolic links are not followed: they lead in circles, or to files met elsewhere. A folder that
 * cannot be read is passed over.
 */
export function* walk(folder: string, below = ""): Generator<string> {
  let entries: ReturnType<typeof list>
  try {
    entries = list(join(folder, below))
  } catch {
    return
  }
  for (const entry of entries) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) yield* walk(folder, path)
    else if (entry.isFile() && SOURCE.test(entry.name)) yield path
  }
}

function list(path: string) {
  const entries = readdirSync(path, { withFileTypes: true })
  // By code unit, not by locale: the same everywhere.
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1))
}
