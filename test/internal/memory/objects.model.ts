import assert from "node:assert/strict"
import { test } from "node:test"
import { add, exchange, store } from "#platform/atomics"
import type { ModelOptions } from "../../../src/explore/index.ts"
import * as objects from "../../../src/internal/memory/objects.ts"
import { bury } from "../../../src/internal/memory/owners.ts"
import { arenaOf, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Used = typeof objects

/** Spare words: how often the object was destroyed, messages on their way, and the object. */
const DESTROYED = 0
const MAIL = 1
const OBJECT = 3

const KIND = 9
/** The isolate that puts the affairs of the dead in order. */
const MAIN = 3

interface Shared extends World {
  readonly object: number
}

/** An object that isolate 0 holds. */
function setup(used: Used): () => Shared {
  return () => {
    const at = world(4, 2)
    const object = arenaOf(at, 0).acquireObject(4 * used.BODY)
    used.create(at.words, object, KIND, me(at, 0))
    at.words[spare(at) + OBJECT] = object
    return { ...at, object }
  }
}

function ended({ words, object }: Shared, at: number): void {
  assert.equal(objects.kindOf(words, object), KIND)
  add(words, at + DESTROYED, 1)
}

/** Sends the object to the isolates whose mail is given, then lets it go. */
function sender(used: Used, mails: readonly number[]) {
  return (at: Shared): void => {
    const { words, object } = at
    for (const mail of mails) {
      used.retain(words, object)
      store(words, spare(at) + MAIL + mail, object)
    }
    if (used.letGo(words, object, me(at, 0))) ended(at, spare(at))
  }
}

/** Looks into its mail, `tries` times; holds what it found for a moment. */
function receiver(used: Used, thread: number, mails: readonly number[]) {
  return (at: Shared): void => {
    const { words } = at
    for (const mail of mails) {
      const object = exchange(words, spare(at) + MAIL + mail, 0)
      if (object !== 0) used.adopt(words, object, me(at, thread))
    }
    if (!used.isHeldBy(words, at.object, me(at, thread))) return
    assert.equal(used.kindOf(words, at.object), KIND, "destroyed while it is held")
    assert.equal(at.words[spare(at) + DESTROYED], 0, "destroyed while it is held")
    if (used.letGo(words, at.object, me(at, thread))) ended(at, spare(at))
  }
}

function sent(
  used: Used,
  name: string,
  same: boolean,
  kill?: readonly number[],
): ModelOptions<Shared> {
  const threads = same
    ? [sender(used, [0, 1]), receiver(used, 1, [0, 1])]
    : [sender(used, [0, 1]), receiver(used, 1, [0]), receiver(used, 2, [1])]
  return {
    name,
    setup: setup(used),
    threads,
    kill,
    whenKilled(at, thread) {
      bury(at.words, me(at, thread))
      for (const object of used.forsake(at.words, arenaOf(at, MAIN), me(at, thread))) {
        assert.equal(object, at.object)
        ended(at, spare(at))
      }
    },
    after(at, outcomes) {
      const { words, object } = at
      const start = spare(at)
      const early = words[start + DESTROYED]
      const mail = [0, 1].filter((i) => words[start + MAIL + i] !== 0)
      assert.ok(early === 0 || mail.length === 0, "destroyed while it is on its way")
      for (const _ of mail) if (used.drop(words, object)) words[start + DESTROYED]++
      const deaths = outcomes.filter((outcome) => outcome === "killed").length
      const destroyed = words[start + DESTROYED]
      assert.ok(destroyed <= 1 && destroyed >= 1 - deaths, `destroyed ${destroyed} times`)
      const references = words[object + 2]
      assert.ok(references <= deaths, `${references} references are left`)
    },
  }
}

test("an object sent to two, who let it go", () => {
  explored(sent(objects, "objects: sent to two", false))
  explored(sent(objects, "objects: sent twice to one", true))
})

test("an object sent, and one dies", () => {
  explored(sent(objects, "objects: sent twice to one, one dies", true, [0, 1]))
  explored(sent(objects, "objects: sent to two, a receiver dies", false, [1]))
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("memory/objects.ts", "memory/objects.ts", from, to)
}

test("planted: a reference is dropped by load and store", async () => {
  const used = await bug(
    "  return subtract(words, object + REFERENCES, 1) === 1",
    "  const count = load(words, object + REFERENCES)\n  store(words, object + REFERENCES, count - 1)\n  return count === 1",
  )
  found(sent(used, "planted: references counted in two steps", false))
})

test("planted: a message's reference is always dropped", async () => {
  const used = await bug(
    "  else or(words, holders, bit)",
    "  else {\n    or(words, holders, bit)\n    subtract(words, object + REFERENCES, 1)\n  }",
  )
  found(sent(used, "planted: adopted without a reference", true))
})

test("planted: letting go subtracts before it unmarks", async () => {
  const used = await bug(
    "  if ((and(words, holdersWord(object, slot), ~bit) & bit) === 0) return false\n  return drop(words, object)",
    "  if ((load(words, holdersWord(object, slot)) & bit) === 0) return false\n  const last = drop(words, object)\n  and(words, holdersWord(object, slot), ~bit)\n  return last",
  )
  found(sent(used, "planted: let go in the wrong order", false, [1]))
})
