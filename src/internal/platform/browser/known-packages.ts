/**
 * Where optional packages lie: the import map of the page says so, which its threads lack
 * and are told.
 */
import { threadStart } from "./host.ts"

/** Packages that a thread may ask for. */
const OPTIONAL = ["pyodide"]

const known = threadStart()?.packages

/** Addresses of the packages that there are, by name. */
export function knownPackages(): Readonly<Record<string, string>> {
  if (known !== undefined) return known
  const found: Record<string, string> = {}
  for (const name of OPTIONAL) {
    try {
      found[name] = import.meta.resolve(name)
    } catch {
      // It is not in the import map: who asks for it is told so.
    }
  }
  return found
}
