/** Explores the corpus: in how many schedules each bug is found, and that its twin is left alone. */
import { readdirSync } from "node:fs"
import { ExploreFailure, type ExploreOptions, explore } from "../../../src/explore/index.ts"
import type { Bug } from "./about.ts"

export type { Bug }

const BUGS = new URL("./bugs/", import.meta.url)

/** All bugs by name. */
export async function corpus(): Promise<ReadonlyMap<string, Bug>> {
  const bugs = new Map<string, Bug>()
  for (const file of readdirSync(BUGS).sort()) {
    bugs.set(file.replace(/\.ts$/, ""), (await import(new URL(file, BUGS).href)) as Bug)
  }
  return bugs
}

/** What a search came to. */
export interface Search {
  /** The kind of failure found, or empty. */
  readonly found: string
  readonly schedules: number
  readonly exhaustive: boolean
  readonly message: string
}

/** A cell of a printed table. */
export function pad(text: string, width: number): string {
  return `${text} `.padEnd(width)
}

/** Explores one form of a bug. */
export async function search(
  program: () => unknown,
  options: ExploreOptions & { readonly name: string },
): Promise<Search> {
  try {
    const { schedules, exhaustive } = await explore(program, options)
    return { found: "", schedules, exhaustive, message: "" }
  } catch (error) {
    if (!(error instanceof ExploreFailure)) throw error
    return {
      found: error.kind,
      schedules: error.schedules,
      exhaustive: false,
      message: error.message,
    }
  }
}
