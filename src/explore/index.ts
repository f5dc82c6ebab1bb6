/** Trying every order: explored programs, and model tests of shared structures. */
export { ModelFailure } from "./failure.ts"
export { model } from "./model.ts"
export type { ModelOptions, ModelResult, Outcome } from "./options.ts"
export {
  ExploreFailure,
  type ExploreOptions,
  type ExploreResult,
  explore,
} from "./program/explore.ts"
