/** What the package exports, read from its doors: so that an `@example` need not repeat imports. */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { parseSync } from "oxc-parser"

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly source?: string }>>
}

const known = new Map<string, ReadonlyMap<string, string>>()

/** Each exported name with the specifier it comes from; the package itself before its rooms. */
export function exportedNames(root: string): ReadonlyMap<string, string> {
  const before = known.get(root)
  if (before !== undefined) return before
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest
  const names = new Map<string, string>()
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    const door = typeof target === "string" ? undefined : target.source
    if (door === undefined || !existsSync(join(root, door))) continue
    for (const name of namesOfDoor(join(root, door))) {
      if (!names.has(name)) names.set(name, `heddle${subpath.slice(1)}`)
    }
  }
  known.set(root, names)
  return names
}

/** The values that a file exports, those of `export * from` included. */
function namesOfDoor(path: string): string[] {
  const { module } = parseSync(path, readFileSync(path, "utf8"))
  return module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName, importName, moduleRequest, isType }) => {
      if (isType) return []
      if (exportName.name !== null) return [exportName.name]
      const passesAllOn = importName.kind === "AllButDefault" && moduleRequest !== null
      return passesAllOn ? namesOfDoor(join(dirname(path), moduleRequest.value)) : []
    }),
  )
}
