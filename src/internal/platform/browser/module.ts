/**
 * Where the package's own files lie, for those that are named by URL.
 *
 * A bundle has no such files: the plugin of `heddle/bundler` makes chunks of those that are named
 * and puts the addresses in place of the calls.
 */

/** The URL of a file of the package by its path, from a chunk two folders below its root. */
export function ownUrl(path: string): URL {
  return new URL(`../../${path}.js`, import.meta.url)
}
