/** Locks for two threads made of loads and stores alone, and how they are got wrong. */
import assert from "node:assert/strict"
import { current, go, sharedArray } from "heddle"

/** Words: what each thread wants, whose turn it is, and the count that the lock guards. */
const TURN = 2
const COUNT = 3

type Enter = (words: Int32Array, me: number) => Promise<void>

/** Peterson, 1981: I want to; after you. */
export async function peterson(words: Int32Array, me: number): Promise<void> {
  Atomics.store(words, me, 1)
  Atomics.store(words, TURN, 1 - me)
  while (Atomics.load(words, 1 - me) === 1 && Atomics.load(words, TURN) === 1 - me) {
    await current().yield()
  }
}

/** The two stores of Peterson's lock in the other order. */
export async function petersonExchanged(words: Int32Array, me: number): Promise<void> {
  Atomics.store(words, TURN, 1 - me)
  Atomics.store(words, me, 1)
  while (Atomics.load(words, 1 - me) === 1 && Atomics.load(words, TURN) === 1 - me) {
    await current().yield()
  }
}

/** Dekker, 1965: whose turn it is insists, the other one steps back. */
export async function dekker(words: Int32Array, me: number): Promise<void> {
  Atomics.store(words, me, 1)
  while (Atomics.load(words, 1 - me) === 1) {
    if (Atomics.load(words, TURN) === me) {
      await current().yield()
      continue
    }
    Atomics.store(words, me, 0)
    while (Atomics.load(words, TURN) !== me) await current().yield()
    Atomics.store(words, me, 1)
  }
}

/** Dekker's lock without the turn: both insist. */
export async function bothInsist(words: Int32Array, me: number): Promise<void> {
  Atomics.store(words, me, 1)
  while (Atomics.load(words, 1 - me) === 1) await current().yield()
}

async function count(words: Int32Array, me: number, how: string): Promise<void> {
  await (LOCKS[how] as Enter)(words, me)
  // Plain: two that are inside at once are a data race.
  words[COUNT] = (words[COUNT] as number) + 1
  Atomics.store(words, TURN, 1 - me)
  Atomics.store(words, me, 0)
}

const LOCKS: Readonly<Record<string, Enter>> = { peterson, petersonExchanged, dekker, bothInsist }

/** Two threads that count once each inside of the lock. */
export function twoCount(how: string): () => Promise<void> {
  return async () => {
    const words = sharedArray(Int32Array, 4)
    await Promise.all([go(count, words, 0, how), go(count, words, 1, how)])
    assert.equal(words[COUNT], 2)
  }
}
