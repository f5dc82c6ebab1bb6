import assert from "node:assert/strict"
import { test } from "node:test"
import {
  condemn,
  disown,
  enter,
  leave,
  shelter,
  tryEnter,
  unshelter,
} from "../../../src/internal/memory/guard.ts"
import { PAGE, pageOf } from "../../../src/internal/memory/layout.ts"
import { bury } from "../../../src/internal/memory/owners.ts"
import { freshMemory, wordsFor } from "../../support/shared-memory.ts"

/** A word that no structure uses: the memory's last. */
const GUARD = wordsFor(1) - 1

test("a free guard is entered without recovery, and only once", () => {
  const { words, tokens } = freshMemory(1, 2)
  const [one, two] = tokens as [number, number]
  assert.equal(enter(words, GUARD, one), false)
  assert.equal(tryEnter(words, GUARD, two), false)
  leave(words, GUARD, one)
  assert.equal(tryEnter(words, GUARD, two), true)
  leave(words, GUARD, two)
  assert.equal(words[GUARD], 0)
})

test("a guard whose owner died is taken over, and whoever takes it is told once", () => {
  const { words, tokens } = freshMemory(1, 2)
  const [one, two] = tokens as [number, number]
  enter(words, GUARD, one)
  bury(words, one)
  assert.equal(tryEnter(words, GUARD, two), false, "tryEnter leaves the repair to enter")
  assert.equal(enter(words, GUARD, two), true)
  leave(words, GUARD, two)
  assert.equal(enter(words, GUARD, two), false)
})

test("GUARDED names the guard exactly while inside", () => {
  const { words, tokens } = freshMemory(1, 1)
  const me = tokens[0]
  const guarded = pageOf(0) + PAGE.GUARDED
  enter(words, GUARD, me)
  assert.equal(words[guarded], GUARD)
  leave(words, GUARD, me)
  assert.equal(words[guarded], 0)
})

test("a guard that was left by an exception is taken over, by its owner too", () => {
  const { words, tokens } = freshMemory(1, 2)
  const [one, two] = tokens as [number, number]
  enter(words, GUARD, one)
  disown(words, one)
  assert.equal(words[pageOf(0) + PAGE.GUARDED], 0)
  assert.equal(enter(words, GUARD, two), true)
  assert.equal(enter(words, GUARD - 1, one), false)
  leave(words, GUARD - 1, one)
  leave(words, GUARD, two)
  enter(words, GUARD, one)
  assert.equal(enter(words, GUARD, one), true, "it is in no section when it enters one")
})

test("condemn returns at once for an isolate outside of all guards, or dead", () => {
  const { words, tokens } = freshMemory(1, 2)
  const [one, two] = tokens as [number, number]
  condemn(words, one)
  enter(words, GUARD, two)
  bury(words, two)
  condemn(words, two)
  assert.notEqual(words[pageOf(0) + PAGE.CONDEMNED], 0)
})

test("SHELTERED counts steps within steps", () => {
  const { words, tokens } = freshMemory(1, 1)
  const me = tokens[0]
  const sheltered = pageOf(0) + PAGE.SHELTERED
  shelter(words, me)
  shelter(words, me)
  unshelter(words, me)
  assert.equal(words[sheltered], 1)
  unshelter(words, me)
  assert.equal(words[sheltered], 0)
})

test("whoever is in sheltered steps for too long is ended all the same", () => {
  const { words, tokens } = freshMemory(1, 1)
  const me = tokens[0]
  shelter(words, me)
  condemn(words, me)
  assert.equal(words[pageOf(0) + PAGE.SHELTERED], 1)
})

test("whoever stays inside a guard for too long, since its thread ended there, is ended", () => {
  const { words, tokens } = freshMemory(1, 2)
  const [one, two] = tokens as [number, number]
  enter(words, GUARD, one)
  condemn(words, one)
  assert.equal(tryEnter(words, GUARD, two), false, "it holds the guard until it is buried")
  bury(words, one)
  assert.equal(enter(words, GUARD, two), true)
})
