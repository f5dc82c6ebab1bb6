/** Where the package's own files lie, for those that are named by URL. */

const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js"

/**
 * Whether this file is part of one with all rooms that every isolate loads, as in the published
 * package: what is named by URL there has been loaded with it.
 */
export const isWhole: boolean = import.meta.url.endsWith("/dist/internal/platform/runtime.js")

/** The URL of a file of the package by its path from `src/`, without extension. */
export function ownUrl(path: string): URL {
  return new URL(`../../${path}.${EXTENSION}`, import.meta.url)
}
