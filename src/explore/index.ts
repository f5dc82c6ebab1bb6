/** Trying every order: explored programs, and model tests of shared structures. */
export { ModelFailure } from "./failure.ts"
export { model } from "./model.ts"
export type { ModelOptions, ModelResult, Outcome } from "./options.ts"
export { explore } from "./program/explore.ts"
export { ExploreFailure } from "./program/failure.ts"
export type { FindingKind } from "./program/finding.ts"
export {
  type Arguments,
  type LinearizableOptions,
  type LinearizableResult,
  linearizable,
  type Maker,
} from "./program/linearizable.ts"
export type { ExploreOptions, ExploreResult, Uncontrolled } from "./program/options.ts"
