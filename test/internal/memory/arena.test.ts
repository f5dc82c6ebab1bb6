import assert from "node:assert/strict"
import { test } from "node:test"
import { read, store } from "#platform/atomics"
import { MAGAZINE_BLOCKS } from "#platform/limits"
import { Arena } from "../../../src/internal/memory/arena.ts"
import { bury } from "../../../src/internal/memory/owners.ts"
import { chance, exhaust, freshMemory } from "../../support/shared-memory.ts"

const KIB = 1024

/** Usable bytes of the block that `bytes` gets. */
function sizeOf(bytes: number): number {
  let size = 64
  while (size < bytes) size *= 2
  return size <= 32 * KIB ? size : Math.ceil(bytes / (64 * KIB)) * 64 * KIB
}

test("blocks of every size lie apart and inside the memory", () => {
  const { words, tokens } = freshMemory(40, 1)
  const arena = new Arena(words, tokens[0])
  const spans: [number, number][] = []
  for (const bytes of [0, 1, 64, 65, 128, 129, 2048, 2049, 32768, 32769, 65536, 65537, 300_000]) {
    for (let i = 0; i < 3; i++) {
      const block = arena.acquire(bytes)
      assert.notEqual(block, 0)
      spans.push([block * 4, block * 4 + sizeOf(bytes)])
    }
  }
  spans.sort((a, b) => a[0] - b[0])
  for (let i = 1; i < spans.length; i++) {
    assert.ok(spans[i - 1]?.[1] <= spans[i]?.[0])
  }
  assert.ok((spans.at(-1)?.[1] as number) <= words.byteLength)
})

for (const bytes of [64, 2 * KIB, 4 * KIB, 32 * KIB, 64 * KIB, 200 * KIB]) {
  test(`blocks of ${bytes} bytes run out and come back wholly`, () => {
    const { words, tokens } = freshMemory(12, 1)
    const arena = new Arena(words, tokens[0])
    const first = exhaust(arena, bytes)
    assert.ok(first.length > 0)
    assert.equal(new Set(first).size, first.length)
    assert.equal(arena.acquire(bytes), 0, "it stays used up")
    const { usedBytes, totalBytes } = arena.statistics()
    assert.ok(totalBytes - usedBytes < sizeOf(bytes))
    for (const block of first) arena.release(block)
    const second = exhaust(arena, bytes)
    assert.equal(second.length, first.length)
    for (const block of second) arena.release(block)
  })
}

test("memory moves between sizes, up to one run of everything", () => {
  const { words, tokens } = freshMemory(12, 1)
  const me = tokens[0]
  const arena = new Arena(words, me)
  const { totalBytes } = arena.statistics()
  for (const bytes of [64, totalBytes, 1024, 32 * KIB, totalBytes, 128, 100 * KIB]) {
    const blocks = exhaust(arena, bytes)
    assert.ok(blocks.length * sizeOf(bytes) > totalBytes - sizeOf(bytes), `${bytes} bytes`)
    for (const block of blocks) arena.release(block)
    arena.reclaim(me)
    assert.equal(arena.statistics().usedBytes, 0)
  }
})

test("what a large block does not need is given back, in whole chunks", () => {
  const { words, tokens } = freshMemory(12, 1)
  const arena = new Arena(words, tokens[0])
  const used = (): number => arena.statistics().usedBytes
  const block = arena.acquire(400 * KIB)
  assert.equal(used(), 448 * KIB)
  arena.trim(block, 65 * KIB)
  assert.equal(used(), 128 * KIB)
  arena.trim(block, 100 * KIB)
  assert.equal(used(), 128 * KIB)
  const others = exhaust(arena, 64 * KIB)
  assert.equal(others.length * 64 * KIB, arena.statistics().totalBytes - 128 * KIB)
  for (const other of [block, ...others]) arena.release(other)
  assert.equal(used(), 0)
})

test("no two living blocks overlap, whoever releases them", () => {
  const { words, tokens } = freshMemory(30, 3)
  const arenas = tokens.map((token) => new Arena(words, token))
  const next = chance(20260411)
  const live: { block: number; bytes: number; mark: number }[] = []
  for (let step = 0; step < 30_000; step++) {
    const arena = arenas[next(3)]
    if (live.length === 0 || next(100) < 52) {
      const bytes = next(4) === 0 ? next(150_000) : next(600)
      const block = next(5) === 0 ? arena.acquireObject(bytes) : arena.acquire(bytes)
      if (block === 0) continue
      const mark = step + 1
      stamp(words, block, bytes, mark)
      live.push({ block, bytes, mark })
    } else {
      const { block, bytes, mark } = live.splice(next(live.length), 1)[0]
      check(words, block, bytes, mark)
      words[block] = 0
      arena.release(block)
    }
  }
  for (const { block, bytes, mark } of live) check(words, block, bytes, mark)
  for (const { block } of live) arenas[0].release(block)
  for (const token of tokens) arenas[0].reclaim(token)
  assert.equal(arenas[0].statistics().usedBytes, 0)
})

/** Marks the ends and the middle of a block. */
function stamp(words: Int32Array, block: number, bytes: number, mark: number): void {
  const last = block + (sizeOf(bytes) >> 2) - 1
  words[block] = mark
  words[(block + last) >> 1] = mark
  words[last] = mark
}

function check(words: Int32Array, block: number, bytes: number, mark: number): void {
  const last = block + (sizeOf(bytes) >> 2) - 1
  for (const at of [block, (block + last) >> 1, last]) {
    assert.equal(words[at], mark, `block ${block} of ${bytes} bytes was written by another`)
  }
}

test("a magazine takes and gives half of itself at a time", () => {
  const { words, tokens } = freshMemory(12, 2)
  const [mine, other] = tokens.map((token) => new Arena(words, token)) as [Arena, Arena]
  const blocks = Array.from({ length: MAGAZINE_BLOCKS * 3 }, () => mine.acquire(64))
  assert.equal(new Set(blocks).size, blocks.length)
  for (const block of blocks) other.release(block)
  const again = Array.from({ length: MAGAZINE_BLOCKS * 3 }, () => other.acquire(64))
  assert.equal(new Set(again).size, again.length)
})

test("what the magazines of the dead hold comes back", () => {
  const { words, tokens } = freshMemory(12, 2)
  const [mine, theirs] = tokens.map((token) => new Arena(words, token)) as [Arena, Arena]
  const all = exhaust(theirs, 64)
  for (const block of all) theirs.release(block)
  assert.equal(exhaust(mine, 64).length, all.length - MAGAZINE_BLOCKS)
  bury(words, tokens[1])
  mine.reclaim(tokens[1])
  assert.equal(exhaust(mine, 64).length, MAGAZINE_BLOCKS)
  mine.reclaim(tokens[1])
  assert.equal(mine.acquire(64), 0, "reclaiming twice returns nothing twice")
})

test("forEachObject finds living objects of every size and nothing else", () => {
  const { words, tokens } = freshMemory(40, 1)
  const arena = new Arena(words, tokens[0])
  const plain = [64, 4096, 100_000].map((bytes) => arena.acquire(bytes))
  for (const block of plain) words[block] = 1
  const objects = [64, 64, 200, 4096, 40_000, 300_000].map((bytes) => arena.acquireObject(bytes))
  const unborn = arena.acquireObject(64)
  for (const block of objects) words[block] = 1
  const seen: number[] = []
  arena.forEachObject((block) => seen.push(block))
  const byNumber = (a: number, b: number) => a - b
  assert.deepEqual(seen.sort(byNumber), objects.sort(byNumber))
  assert.ok(!seen.includes(unborn))
})

test("blocks for objects, some at once: as many as there are, found once they have a kind", () => {
  const { words, tokens } = freshMemory(12, 1)
  const arena = new Arena(words, tokens[0])
  const word = arena.acquire(64)
  store(words, word, 0)
  const stocked = (): number[] => {
    const all: number[] = []
    for (let block = read(words, word); block !== 0; block = read(words, block + 1)) all.push(block)
    return all
  }
  arena.stockObjects(word, 128, 3)
  assert.equal(stocked().length, 3)
  const living = (): number[] => {
    const all: number[] = []
    arena.forEachObject((block) => all.push(block))
    return all
  }
  assert.deepEqual(living(), [])
  const [one] = stocked() as [number]
  store(words, one, 1)
  assert.deepEqual(living(), [one])
  arena.stockObjects(word, 128, 1_000_000)
  const all = stocked()
  assert.equal(new Set(all).size, all.length)
  assert.equal(arena.acquireObject(128), 0, "all are in stock")
  for (const block of all) arena.release(block)
  assert.equal(exhaust(arena, 128, true).length, all.length)
})
