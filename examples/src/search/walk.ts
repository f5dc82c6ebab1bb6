/** Finds documentation below a folder, in an order that is always the same. */
import { readdirSync } from "node:fs"
import { join } from "node:path"

/** Texts, and declarations for what is said in their comments. */
const DOCUMENTATION = /(\.md|\.txt|\.d\.[cm]?ts|^LICENSE)$/

/** Yields paths relative to `folder`; symbolic links are not followed. */
export function* walk(folder: string, below = ""): Generator<string> {
  const entries = readdirSync(join(folder, below), { withFileTypes: true })
  // By code unit, not by locale: the same everywhere.
  entries.sort((one, other) => (one.name < other.name ? -1 : 1))
  for (const entry of entries) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) yield* walk(folder, path)
    else if (entry.isFile() && DOCUMENTATION.test(entry.name)) yield path
  }
}
