/**
 * What the model tests of shared structures have in common: a small world, and dying as in the
 * runtime.
 */
import assert from "node:assert/strict"
import { type ModelFailure, type ModelOptions, model } from "../../src/explore/index.ts"
import { Arena } from "../../src/internal/memory/arena.ts"
import { ARENA } from "../../src/internal/memory/layout.ts"
import { bury } from "../../src/internal/memory/owners.ts"
import { freshMemory } from "./shared-memory.ts"

/** Shared memory and the isolates in it: thread `i` is the isolate `tokens[i]`. */
export interface World {
  readonly words: Int32Array
  readonly tokens: readonly number[]
}

/** Words that no structure uses, at the end of every world. */
export const SPARE_WORDS = 512

/** A world of `isolates` isolates and `chunks` chunks. */
export function world(isolates: number, chunks = 1): World {
  const made = freshMemory(chunks + 4, isolates)
  made.words[ARENA + 1] = chunks
  return made
}

/** First of the spare words. */
export function spare({ words }: World): number {
  return words.length - SPARE_WORDS
}

/** The token of thread `thread`. */
export function me({ tokens }: World, thread: number): number {
  return tokens[thread]
}

/** The arena as thread `thread` uses it. */
export function arenaOf(world: World, thread: number): Arena {
  return new Arena(world.words, me(world, thread))
}

/**
 * As main does it when a thread has ended: from here on what it reserved is free to be taken over.
 */
export function buryThread({ words, tokens }: World, thread: number): void {
  bury(words, tokens[thread])
}

/** Runs a model and prints its line. */
export function explored<W, R>(options: ModelOptions<W, R>): void {
  console.log(model(options).line)
}

/** Runs a model with a planted bug, which must be found. */
export function found<W, R>(options: ModelOptions<W, R>): void {
  let failure: ModelFailure | undefined
  assert.throws(
    () => model(options),
    (error: ModelFailure) => {
      failure = error
      return error.code === "ERR_HEDDLE_MODEL"
    },
  )
  console.log(`${options.name}: found in schedule ${failure?.schedules}: ${failure?.kind}`)
}
