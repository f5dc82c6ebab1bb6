/** What is said of a bug of the corpus. */
import type { ExploreOptions, FindingKind } from "../../../src/explore/index.ts"

/** The description each bug's file exports as `about`. */
export interface About {
  /** The class of mistake. */
  readonly kind: string
  /** What an exploration calls it. */
  readonly finds: FindingKind
  /** Who has described it. The text and the code here are our own. */
  readonly source: string
  /** How it is explored, where the mistake needs more than another order of steps. */
  readonly options?: Pick<ExploreOptions, "kill" | "timeouts" | "leaks">
}

/** A bug of the corpus: an ordinary program in two forms. */
export interface Bug {
  readonly about: About
  broken(): unknown
  fixed(): unknown
}
