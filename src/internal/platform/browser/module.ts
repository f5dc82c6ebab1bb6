/**
 * Where the package's own files lie, for those that are named by URL.
 *
 * A bundle has no such files: the plugin of `heddle/bundler` makes chunks of those that are named
 * and puts the addresses in place of the calls.
 */

/** In a name of its own: bundlers take `new URL(…, import.meta.url)` for a file to be copied. */
const HERE = import.meta.url

/** Whether all rooms are loaded with this file: a page's bundle may have taken it apart. */
export const isWhole: boolean = false

/** The URL of a file of the package by its path, from a chunk two folders below its root. */
export function ownUrl(path: string): URL {
  return new URL(`../../${path}.js`, HERE)
}
