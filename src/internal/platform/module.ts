/** Where the package's own files lie, for those that are named by URL. */

const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js"

/** The URL of a file of the package by its path from `src/`, without extension. */
export function ownUrl(path: string): URL {
  return new URL(`../../${path}.${EXTENSION}`, import.meta.url)
}
