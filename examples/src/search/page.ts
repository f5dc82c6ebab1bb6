/** One file as the index wants it. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"

/** A file and how often it has which word. */
export interface Page {
  readonly path: string
  readonly counts: ReadonlyMap<string, number>
}

/** Letters and digits, at least two, as they are searched for. */
const WORD = /[\p{L}\p{N}]{2,40}/gu

/** The words of a text, in lower case, counted. */
export function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [found] of text.matchAll(WORD)) {
    const word = found.toLowerCase()
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

/** Reads a file and counts its words. */
export async function readPage(folder: string, path: string): Promise<Page> {
  return { path, counts: countWords(await readFile(join(folder, path), "utf8")) }
}
