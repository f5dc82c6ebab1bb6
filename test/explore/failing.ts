/** What the tests of the checker share. */
import assert from "node:assert/strict"
import { ModelFailure, type ModelOptions, model } from "../../src/explore/index.ts"

/** Sixteen words, all zero. */
export function sixteen(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(64))
}

/** Runs a model that must fail, and returns how. */
export function failureOf<World, Result>(options: ModelOptions<World, Result>): ModelFailure {
  try {
    model(options)
  } catch (error) {
    if (error instanceof ModelFailure) return error
    throw error
  }
  return assert.fail(`${options.name} did not fail`)
}
