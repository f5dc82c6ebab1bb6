/** Explores one program of the corpus. */
import { ExploreFailure, type ExploreOptions, explore } from "../../../src/explore/index.ts"

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
