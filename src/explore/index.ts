/** Trying every order: model tests of shared structures. */
export { ModelFailure } from "./failure.ts"
export { model } from "./model.ts"
export type { ModelOptions, ModelResult, Outcome } from "./options.ts"
