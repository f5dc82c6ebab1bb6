import assert from "node:assert/strict"
import { test } from "node:test"
import { exchange, load, read, store, write } from "#platform/atomics"
import type { ModelOptions } from "../../../src/explore/index.ts"
import * as arena from "../../../src/internal/memory/arena.ts"
import { ARENA, BLOCK_BYTES, CHUNK_WORDS } from "../../../src/internal/memory/layout.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"
import { exhaust } from "../../support/shared-memory.ts"

type Used = typeof arena

const SMALL = BLOCK_BYTES
const MIDDLE = 2 * BLOCK_BYTES
const CHUNK = 4 * CHUNK_WORDS
/** A word of a block that its holder writes; free lists use the first two. */
const MARK = 3
/** The isolate that looks at the end whether everything is there. */
const JUDGE = 3

/** A world whose memory holds rubbish, as after long use. */
function usedWorld(chunks: number): World {
  const made = world(4, chunks)
  const first = made.words[ARENA + 2]
  made.words.fill(-1, first, first + chunks * CHUNK_WORDS)
  return made
}

function hold(mine: arena.Arena, { words }: World, bytes: number, mark: number): number {
  const block = mine.acquire(bytes)
  if (block !== 0) write(words, block + MARK, mark)
  return block
}

function giveBack(mine: arena.Arena, { words }: World, block: number, mark: number): void {
  if (block === 0) return
  assert.equal(read(words, block + MARK), mark, "another has written into a held block")
  mine.release(block)
}

const WAYS: readonly (readonly [number, boolean])[] = [
  [SMALL, true],
  [MIDDLE, true],
  [SMALL, false],
  [MIDDLE, false],
  [CHUNK, false],
]

/**
 * When nobody holds anything, all memory can be had in any size, without what `lost` blocks of
 * `bytes` keep from use: themselves, and for other sizes the chunks they lie in.
 */
function assertWhole(used: Used, at: World, bytes: number, lost: number): void {
  const mine = new used.Arena(at.words, me(at, JUDGE))
  for (const token of at.tokens) mine.reclaim(token)
  const { totalBytes } = mine.statistics()
  for (const [size, objects] of WAYS) {
    const kept = lost * (size === bytes && !objects ? bytes : Math.max(bytes, CHUNK))
    const blocks = exhaust(mine, size, objects)
    assert.equal(new Set(blocks).size, blocks.length, "a block is had twice")
    const leaked = totalBytes - blocks.length * size
    assert.ok(leaked >= 0 && leaked <= kept, `${leaked} bytes are lost, of ${size}`)
    for (const block of blocks) mine.release(block)
    mine.reclaim(me(at, JUDGE))
  }
}

function deaths(outcomes: readonly unknown[]): number {
  return outcomes.filter((outcome) => outcome === "killed").length
}

type Body = (mine: arena.Arena, at: World, thread: number) => void

/** A model whose threads use one arena; each may hold `held` blocks of `bytes` when it dies. */
function model(
  used: Used,
  name: string,
  chunks: number,
  bytes: number,
  held: number,
  bodies: readonly Body[],
): ModelOptions<World> {
  return {
    name,
    setup: () => usedWorld(chunks),
    threads: bodies.map((body, thread) => (at: World) => {
      body(new used.Arena(at.words, me(at, thread)), at, thread)
    }),
    kill: true,
    whenKilled: buryThread,
    after: (at, outcomes) => assertWhole(used, at, bytes, deaths(outcomes) * (held + 1)),
  }
}

/** Two take two small blocks each, of one chunk. */
function small(used: Used, name: string): ModelOptions<World> {
  const body: Body = (mine, at, thread) => {
    const first = hold(mine, at, SMALL, thread)
    const second = hold(mine, at, SMALL, thread)
    giveBack(mine, at, first, thread)
    giveBack(mine, at, second, thread)
  }
  return model(used, name, 1, SMALL, 2, [body, body])
}

/** Takes a block that no magazine keeps, and gives it back: the chunk goes with its last block. */
function passing(bytes: number): Body {
  return (mine, { words }, thread) => {
    const block = mine.acquireObject(bytes)
    if (block === 0) return
    write(words, block + MARK, thread)
    assert.equal(read(words, block), 0, "a fresh object's words are 0")
    assert.equal(read(words, block + MARK), thread, "another has written into a held block")
    mine.release(block)
  }
}

/** One chunk's memory serves two sizes in turn. */
function sizes(used: Used, name: string): ModelOptions<World> {
  const bodies = [passing(4), passing(SMALL + 4)]
  return { ...model(used, name, 1, MIDDLE, 1, bodies), killsMax: 2 }
}

/** Runs of chunks, and a chunk of small blocks that may lie between them. */
function runs(used: Used, name: string): ModelOptions<World> {
  const large: Body = (mine, at, thread) => {
    giveBack(mine, at, hold(mine, at, 2 * CHUNK, thread), thread)
  }
  return model(used, name, 3, 2 * CHUNK, 1, [large, passing(4)])
}

/** A run is cut to what is needed, and what is left of it may serve another meanwhile. */
function trimmed(used: Used, name: string): ModelOptions<World> {
  const large: Body = (mine, at, thread) => {
    const block = hold(mine, at, 3 * CHUNK, thread)
    if (block !== 0) mine.trim(block, CHUNK)
    giveBack(mine, at, block, thread)
  }
  return model(used, name, 3, 3 * CHUNK, 1, [large, passing(4)])
}

/** Blocks that one has acquired are released by the other, more than its magazine takes. */
function handed(used: Used, name: string): ModelOptions<World> {
  const giver: Body = (mine, at, thread) => {
    for (let i = 0; i < 3; i++) store(at.words, spare(at) + i, hold(mine, at, SMALL, thread))
  }
  const taker: Body = (mine, at) => {
    for (let i = 0; i < 3; i++) giveBack(mine, at, exchange(at.words, spare(at) + i, 0), 0)
  }
  const options = model(used, name, 2, SMALL, 1, [giver, taker])
  return {
    ...options,
    after(at, outcomes) {
      const judge = new used.Arena(at.words, me(at, JUDGE))
      for (let i = 0; i < 3; i++) {
        const block = at.words[spare(at) + i]
        if (block !== 0) judge.release(block)
      }
      options.after?.(at, outcomes)
    },
  }
}

/** The magazines of a dead isolate are emptied by one that may die doing so, then by another. */
function reclaimed(used: Used, name: string): ModelOptions<World> {
  const dead = 2
  const reclaim: Body = (mine, at) => mine.reclaim(me(at, dead))
  const options = model(used, name, 1, SMALL, 0, [reclaim, (mine) => void mine.acquire(SMALL)])
  return {
    ...options,
    setup() {
      const at = usedWorld(1)
      const theirs = new used.Arena(at.words, me(at, dead))
      const blocks = [theirs.acquire(SMALL), theirs.acquire(SMALL)]
      for (const block of blocks.reverse()) theirs.release(block)
      buryThread(at, dead)
      return at
    },
    after(at, outcomes) {
      const holds = outcomes[1] === "killed" ? 0 : 1
      assertWhole(used, at, SMALL, deaths(outcomes) + holds)
    },
  }
}

/** What a walk over all objects finds is an object, never a block on its way. */
function walked(used: Used, name: string, bytes: number): ModelOptions<World> {
  const kind = 9
  const make: Body = (mine, { words }) => {
    const object = mine.acquireObject(bytes)
    store(words, object, kind)
    store(words, object, 0)
    mine.release(object)
  }
  const walk: Body = (mine, { words }) => {
    mine.forEachObject((object) => assert.ok([0, kind].includes(load(words, object))))
  }
  return model(used, name, 2, CHUNK, 1, [make, walk])
}

test("two hold small blocks, and one may die", () => {
  explored(small(arena, "arena: small blocks"))
})

test("memory moves between sizes, and both may die", () => {
  explored(sizes(arena, "arena: two sizes of one chunk"))
})

test("runs of chunks come and go, and one may die", () => {
  explored(runs(arena, "arena: runs"))
  explored(trimmed(arena, "arena: runs cut short"))
})

test("blocks are released elsewhere, and one may die", () => {
  explored(handed(arena, "arena: released elsewhere"))
})

test("the magazines of the dead are emptied, and the one who does so may die", () => {
  explored(reclaimed(arena, "arena: reclaimed"))
})

test("a walk finds objects only, and one may die", () => {
  explored(walked(arena, "arena: small objects walked", 4))
  explored(walked(arena, "arena: large objects walked", MIDDLE + 4))
})

/** What `memory/arena.ts` is with one step of `file` changed. */
async function bug(file: string, from: string, to: string): Promise<Used> {
  return planted<Used>("memory/arena.ts", `memory/${file}`, from, to)
}

test("planted: no guard", async () => {
  const used = await bug(
    "arena.ts",
    "if (enter(this.#words, ARENA, this.#me)) ",
    "if (this.#me < 0) ",
  )
  found(small(used, "planted: arena without its guard"))
})

test("planted: nothing is repaired", async () => {
  const used = await bug(
    "arena.ts",
    ") chunks.repair(this.#words)",
    ") chunks.statistics(this.#words)",
  )
  found(runs(used, "planted: arena without repair"))
})

test("planted: a run that was cut keeps its length", async () => {
  const used = await bug("chunks.ts", "  write(words, rowOf(chunk) + COUNT, kept)\n", "")
  found(trimmed(used, "planted: run cut, its length not"))
})

test("planted: the class of a chunk is written before its row is", async () => {
  const used = await bug(
    "chunks.ts",
    "  write(words, row + LIST, 0)\n",
    "  write(words, row + CLASS, size)\n  write(words, row + LIST, 0)\n",
  )
  found(sizes(used, "planted: chunk named before it is cut"))
})

test("planted: a magazine is emptied before its blocks are given back", async () => {
  const used = await bug(
    "arena.ts",
    "if (count > 0) this.#return",
    "write(words, magazine, 0)\n      if (count > 0) this.#return",
  )
  found(reclaimed(used, "planted: magazine emptied at once"))
})

test("planted: a large block is found while it holds rubbish", async () => {
  const used = await bug(
    "chunks.ts",
    "  write(words, block, 0)\n  write(words, rowOf",
    "  write(words, rowOf",
  )
  found(walked(used, "planted: large object that is found too early", MIDDLE + 4))
})
