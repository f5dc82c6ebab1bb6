/** The index: which words stand in which files. The order in which files come does not matter. */
import { createHash } from "node:crypto"
import type { Page } from "./page.ts"

/** A file that was found, and how well it fits. */
export interface Hit {
  readonly path: string
  readonly score: number
}

/** Words, the files that have them, and how often. */
export class Index {
  readonly #files = new Map<string, number>()
  readonly #words = new Map<string, Map<string, number>>()

  /** Adds a file; a second time it changes nothing. */
  add({ path, counts }: Page): void {
    if (this.#files.has(path)) return
    let total = 0
    for (const [word, count] of counts) {
      const files = this.#words.get(word) ?? new Map<string, number>()
      this.#words.set(word, files.set(path, count))
      total += count
    }
    this.#files.set(path, total)
  }

  /** How many files it has. */
  get files(): number {
    return this.#files.size
  }

  /** How many different words it has. */
  get words(): number {
    return this.#words.size
  }

  /** The files with any of the words, best first: rare words count more, and so do short files. */
  find(words: readonly string[]): Hit[] {
    const scores = new Map<string, number>()
    for (const word of new Set(words.map((one) => one.toLowerCase()))) {
      const files = this.#words.get(word) ?? new Map<string, number>()
      const rarity = Math.log(1 + this.files / (1 + files.size))
      for (const [path, count] of files) {
        const share = Math.log(1 + count) / Math.log(2 + (this.#files.get(path) as number))
        scores.set(path, (scores.get(path) ?? 0) + share * rarity)
      }
    }
    const hits = [...scores].map(([path, score]) => ({ path, score }))
    return hits.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
  }

  /** The same for two indexes with the same content. */
  digest(): string {
    const hash = createHash("sha256")
    for (const [word, files] of sorted(this.#words)) {
      hash.update(`${word}\n`)
      for (const [path, count] of sorted(files)) hash.update(`${path} ${count}\n`)
    }
    for (const [path, total] of sorted(this.#files)) hash.update(`${path} ${total}\n`)
    return hash.digest("hex")
  }
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1))
}
