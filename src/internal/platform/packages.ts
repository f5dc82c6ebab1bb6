/** Packages that are loaded only when they are needed, and the files in them. */
import { fileURLToPath } from "node:url"

/** Loads a package; rejects when it is not installed. */
export function importPackage(specifier: string): Promise<unknown> {
  return import(specifier)
}

/** The path of a file of an installed package, by its specifier. */
export function packagePath(specifier: string): string {
  return fileURLToPath(import.meta.resolve(specifier))
}
