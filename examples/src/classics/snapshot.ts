/**
 * Left-right: two copies of a value, so that readers never wait for the writer.
 *
 * The writer changes the copy that nobody reads, sends new readers there, waits until the old ones
 * have gone, and changes the other copy. Readers count themselves in one of two places, so that
 * those who come meanwhile do not keep the writer waiting.
 *
 * After         Ramalhete, Correia: Left-right, a concurrency control technique, 2015
 */
import assert from "node:assert/strict"
import { current, go, sharedArray } from "heddle"

/** Words: the copy to read, the place to count in, the two counts, and two words for each copy. */
const SIDE = 0
const PLACE = 1
const READERS = 2
const COPIES = 4

function read(words: Int32Array): readonly [number, number] {
  const place = Atomics.load(words, PLACE)
  Atomics.add(words, READERS + place, 1)
  const copy = COPIES + 2 * Atomics.load(words, SIDE)
  const seen = [words[copy] as number, words[copy + 1] as number] as const
  Atomics.sub(words, READERS + place, 1)
  return seen
}

function write(words: Int32Array, side: number, value: number): void {
  words[COPIES + 2 * side] = value
  words[COPIES + 2 * side + 1] = value
}

async function emptied(words: Int32Array, place: number): Promise<void> {
  while (Atomics.load(words, READERS + place) > 0) await current().yield()
}

async function publish(words: Int32Array, value: number, waits: boolean): Promise<void> {
  const side = Atomics.load(words, SIDE)
  write(words, 1 - side, value)
  Atomics.store(words, SIDE, 1 - side)
  if (waits) {
    const place = Atomics.load(words, PLACE)
    await emptied(words, 1 - place)
    Atomics.store(words, PLACE, 1 - place)
    await emptied(words, place)
  }
  write(words, side, value)
}

/** One publishes, others read; what they read is whole. */
export function leftRight(readers: number, waits: boolean): () => Promise<void> {
  return async () => {
    const words = sharedArray(Int32Array, COPIES + 4)
    const reading = Array.from({ length: readers }, () => go(read, words))
    const writing = go(publish, words, 7, waits)
    for (const one of reading) {
      const [first, second] = await one
      assert.equal(first, second)
    }
    await writing
    assert.deepEqual(await go(read, words), [7, 7])
  }
}
