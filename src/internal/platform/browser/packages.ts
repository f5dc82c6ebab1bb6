/** Packages that are loaded only when they are needed, and the files in them. */
import { knownPackages } from "./known-packages.ts"

/** Loads a package; rejects when the page does not say where it is. */
export async function importPackage(specifier: string): Promise<unknown> {
  return await import(/* @vite-ignore */ packagePath(specifier))
}

/** The address of a file of a package, by its specifier; a package's own file lies at its top. */
export function packagePath(specifier: string): string {
  const [name = "", ...path] = specifier.split("/")
  const address = knownPackages()[name]
  if (address === undefined)
    throw new TypeError(`the import map of the page has no entry for "${name}"`)
  return path.length === 0 ? address : new URL(path.join("/"), address).href
}
