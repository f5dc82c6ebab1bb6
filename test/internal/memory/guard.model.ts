import assert from "node:assert/strict"
import { test } from "node:test"
import { peek, read, write } from "#platform/atomics"
import type { ModelOptions } from "../../../src/explore/index.ts"
import * as guard from "../../../src/internal/memory/guard.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Guard = typeof guard

const setup = () => world(3)

/** The guarded words, from the first spare one: a number, and its copy, which a repair can mend. */
const COUNT = 1
const COPY = 2

function section({ enter, leave }: Guard, world: World, thread: number): void {
  const { words } = world
  const at = spare(world)
  if (enter(words, at, me(world, thread))) write(words, at + COPY, read(words, at + COUNT))
  assert.equal(read(words, at + COPY), read(words, at + COUNT), "a section sees whole sections")
  write(words, at + COUNT, read(words, at + COUNT) + 1)
  write(words, at + COPY, read(words, at + COUNT))
  leave(words, at, me(world, thread))
}

function threeEnter(used: Guard, name: string): ModelOptions<World> {
  return {
    name,
    setup,
    threads: [0, 1, 2].map((thread) => (at: World) => section(used, at, thread)),
    after(at, outcomes) {
      const alive = outcomes.filter((outcome) => outcome !== "killed").length
      const count = at.words[spare(at) + COUNT]
      assert.ok(count >= alive && count <= 3, `${count} sections of ${alive} living threads`)
    },
  }
}

function threeEnterTwoDie(used: Guard, name: string): ModelOptions<World> {
  return { ...threeEnter(used, name), kill: true, killsMax: 2, whenKilled: buryThread }
}

/** Thread 0 enters twice while thread 1 makes sure that it is outside for ever. */
function condemned(used: Guard, name: string): ModelOptions<World> {
  return {
    name,
    setup,
    threads: [
      (at) => {
        section(used, at, 0)
        section(used, at, 0)
      },
      (at) => {
        used.condemn(at.words, me(at, 0))
        const seen = [COUNT, COPY, COUNT, COPY].map((word) => peek(at.words, spare(at) + word))
        assert.equal(new Set(seen).size, 1, `inside although condemned: ${seen}`)
        for (const _ of seen)
          assert.notEqual(peek(at.words, spare(at)), me(at, 0), "holds it although condemned")
      },
    ],
    mayWait: [0],
  }
}

/**
 * Thread 0 dies inside; thread 1, which takes over, is condemned by thread 2, which enters next.
 */
function condemnedTakingOver(used: Guard, name: string): ModelOptions<World> {
  return {
    name,
    setup,
    threads: [
      (at) => section(used, at, 0),
      (at) => section(used, at, 1),
      (at) => {
        used.condemn(at.words, me(at, 1))
        section(used, at, 2)
      },
    ],
    kill: [0],
    whenKilled: buryThread,
    mayWait: [1],
  }
}

/** Thread 0 does two sections in one shelter, then a third, while thread 1 condemns it. */
function sheltered(used: Guard, name: string): ModelOptions<World> {
  return {
    name,
    setup,
    threads: [
      (at) => {
        used.shelter(at.words, me(at, 0))
        section(used, at, 0)
        section(used, at, 0)
        used.unshelter(at.words, me(at, 0))
        section(used, at, 0)
      },
      (at) => {
        used.condemn(at.words, me(at, 0))
        const done = [COUNT, COPY, COUNT, COPY].map((word) => peek(at.words, spare(at) + word))
        assert.equal(new Set(done).size, 1, `inside although condemned: ${done}`)
        assert.notEqual(done[0], 1, "ended in the middle of a shelter")
      },
    ],
    mayWait: [0],
  }
}

/** Thread 0 leaves its section by an exception, and enters again; the others enter as always. */
function leftByException(used: Guard, name: string): ModelOptions<World> {
  return {
    name,
    setup,
    threads: [
      (at) => {
        used.enter(at.words, spare(at), me(at, 0))
        write(at.words, spare(at) + COUNT, read(at.words, spare(at) + COUNT) + 1)
        used.disown(at.words, me(at, 0))
        section(used, at, 0)
      },
      (at) => section(used, at, 1),
    ],
    after(at) {
      assert.equal(at.words[spare(at) + COUNT], 3)
    },
  }
}

test("a section that an exception ended is repaired by whoever enters next", () => {
  explored(leftByException(guard, "guard: left by an exception"))
})

test("sections exclude each other and see each other", () => {
  explored(threeEnter(guard, "guard: three enter"))
})

test("whoever finds a dead owner is told to repair, also when a repair dies", () => {
  explored(threeEnterTwoDie(guard, "guard: three enter, two die"))
})

test("a condemned isolate is outside and enters no more", () => {
  explored(condemned(guard, "guard: condemned"))
})

test("a condemned isolate that takes over from a dead one leaves the repair to the next", () => {
  explored(condemnedTakingOver(guard, "guard: condemned while taking over"))
})

test("a condemned isolate does all of what it shelters, or nothing", () => {
  explored(sheltered(guard, "guard: condemned in a shelter"))
})

async function bug(from: string, to: string): Promise<Guard> {
  return planted<Guard>("memory/guard.ts", "memory/guard.ts", from, to)
}

test("planted: entering by load and store", async () => {
  const used = await bug(
    "  if (compareExchange(words, guard, 0, me) === 0) return false\n",
    "  if (load(words, guard) === 0) {\n    store(words, guard, me)\n    return false\n  }\n",
  )
  found(threeEnter(used, "planted: guard entered by load and store"))
})

test("planted: nobody is told that the owner died", async () => {
  const used = await bug("=== owner) return true\n", "=== owner) return false\n")
  found(threeEnterTwoDie(used, "planted: guard without recovery"))
})

test("planted: leaving by a plain write", async () => {
  const used = await bug(
    "  store(words, guard, 0)\n  poke(words, pageOf",
    "  poke(words, guard, 0)\n  poke(words, pageOf",
  )
  found(threeEnter(used, "planted: guard left by a plain write"))
})

test("planted: looking whether it is condemned before it says that it enters", async () => {
  const used = await bug(
    "  poke(words, page + PAGE.GUARDED, guard)\n  if (peek(words, page + PAGE.CONDEMNED) !== 0)",
    `  const isCondemned = peek(words, page + PAGE.CONDEMNED) !== 0
  poke(words, page + PAGE.GUARDED, guard)
  if (isCondemned)`,
  )
  found(condemned(used, "planted: guard that looks too early whether it is condemned"))
})

test("planted: looking whether it is condemned once it has entered", async () => {
  const used = await bug(
    `  announce(words, guard, me, page)
  if (compareExchange(words, guard, 0, me) === 0) return false
`,
    `  poke(words, page + PAGE.GUARDED, guard)
  if (compareExchange(words, guard, 0, me) === 0) {
    if (peek(words, page + PAGE.CONDEMNED) === 0) return false
    store(words, guard, 0)
    awaitEnd(words, page)
  }
`,
  )
  found(condemned(used, "planted: guard that looks too late whether it is condemned"))
})

test("planted: nobody waits for sheltered steps", async () => {
  const used = await bug("  store(words, page + PAGE.CONDEMNED, OUTSIDE)\n", "")
  found(sheltered(used, "planted: condemned without regard for a shelter"))
})

test("planted: a guard is not entered in sheltered steps either", async () => {
  const used = await bug("if (!isSheltered || ", "if (isSheltered || ")
  found(sheltered(used, "planted: ended at a guard in a shelter"))
})

test("planted: a guard that was left by an exception is given back as if whole", async () => {
  const used = await bug("guard, me, me | DISOWNED)", "guard, me, 0)")
  found(leftByException(used, "planted: guard given back half-done"))
})
