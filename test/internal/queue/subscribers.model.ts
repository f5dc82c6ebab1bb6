/** Subscribers come and go while a publisher reads them only when the version says so. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { load, store } from "#platform/atomics"
import type { ModelOptions } from "../../../src/explore/index.ts"
import * as subscribers from "../../../src/internal/queue/subscribers.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Used = typeof subscribers

/** Spare words: what each thread says of itself, then the table, then the nodes. */
const TABLE = 4
const NODES = 16
const NODE_WORDS = 8
const PUBLISHER = 2

const LONG = process.env.HEDDLE_LONG === "1"

const tableOf = (at: World): number => spare(at) + TABLE
const nodeOf = (at: World, thread: number): number => spare(at) + NODES + thread * NODE_WORDS

/** Says its id when it is in, nothing while it leaves, and its negative when it is out again. */
function subscriber(used: Used, thread: number, leaves: boolean) {
  return (at: World): void => {
    const { words } = at
    const id = used.link(words, tableOf(at), nodeOf(at, thread), me(at, thread))
    store(words, spare(at) + thread, id)
    if (!leaves) return
    store(words, spare(at) + thread, 0)
    const node = used.unlink(words, tableOf(at), id, me(at, thread))
    assert.equal(node, nodeOf(at, thread))
    store(words, spare(at) + thread, -id)
    assert.equal(used.unlink(words, tableOf(at), id, me(at, thread)), 0, "out once")
  }
}

/** Looks a few times, each time knowing what subscribers had said before. */
function publisher(used: Used) {
  return (at: World): void => {
    const { words } = at
    let version: number | undefined
    let ids: number[] = []
    for (let look = 0; look < 2; look++) {
      const said = [0, 1].map((thread) => load(words, spare(at) + thread))
      if (used.versionOf(words, tableOf(at)) !== version) {
        ids = []
        version = used.visit(words, tableOf(at), me(at, PUBLISHER), (_node, id) => ids.push(id))
      }
      for (const [thread, id] of said.entries()) {
        const isStillIn = id > 0 && load(words, spare(at) + thread) === id
        if (isStillIn) assert.ok(ids.includes(id), `${id} has subscribed, ${ids} are known`)
        if (id < 0) assert.ok(!ids.includes(-id), `${-id} has left, ${ids} are known`)
      }
    }
  }
}

function published(used: Used, name: string, kill: readonly number[] = []): ModelOptions<World> {
  return {
    name,
    setup: () => world(3),
    threads: [subscriber(used, 0, false), subscriber(used, 1, true), publisher(used)],
    kill,
    whenKilled: buryThread,
    preemptionsMax: (kill.length > 0 ? 1 : 2) + (LONG ? 1 : 0),
    killsMax: 1,
    after(at, outcomes) {
      const ids: number[] = []
      subscribers.eachNode(at.words, tableOf(at), (_node, id) => ids.push(id))
      assert.equal(new Set(ids).size, ids.length, `an id twice: ${ids}`)
      if (outcomes[0] !== "killed") assert.ok(ids.includes(at.words[spare(at)]), "lost")
      if (outcomes[1] !== "killed") assert.ok(!ids.includes(-at.words[spare(at) + 1]))
    },
  }
}

test("a publisher knows who has subscribed, and who has left", () => {
  explored(published(subscribers, "subscribers: two come, one leaves"))
})

test("a subscriber may die at any step", () => {
  explored(published(subscribers, "subscribers: those who change die", [0, 1]))
})

function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("queue/subscribers.ts", "queue/subscribers.ts", from, to)
}

test("planted: the version stays", async () => {
  const version = "  store(words, table + VERSION, (read(words, table + VERSION) + 1) | 0)\n"
  found(published(await bug(version, ""), "planted: subscribers whose version stays"))
})

test("planted: the version is stored when others may be inside already", async () => {
  const used = await bug(
    "  store(words, table + VERSION, (read(words, table + VERSION) + 1) | 0)\n  leave(words, table + GUARD, me)",
    "  leave(words, table + GUARD, me)\n  store(words, table + VERSION, (read(words, table + VERSION) + 1) | 0)",
  )
  found(published(used, "planted: subscribers whose version comes late"))
})
