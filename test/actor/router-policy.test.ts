import assert from "node:assert/strict"
import { test } from "node:test"
import {
  type Candidates,
  choose,
  chooseByKey,
  hashKey,
  type Standing,
} from "../../src/actor/router-policy.ts"

const STANDING: Record<string, Standing> = { r: "running", d: "down", g: "gone" }

/** `r3` runs with a load of 3, `d` is down, `g` gone. */
function candidates(text: string): Candidates {
  const all = text.split(" ")
  return {
    size: all.length,
    standing: (i) => STANDING[all[i]?.[0] as string] as Standing,
    load: (i) => Number(all[i]?.slice(1)),
  }
}

const TABLE = [
  ["round-robin", "r0 r0 r0", 0, 0],
  ["round-robin", "r0 r0 r0", 4, 1],
  ["round-robin", "r9 r0 r0", 3, 0],
  ["round-robin", "d0 r0 r0", 0, 1],
  ["round-robin", "g0 r0 d0", 2, 1],
  ["round-robin", "g0 d0 d0", 2, 2],
  ["round-robin", "g0 d0 g0", 2, 1],
  ["round-robin", "g0 g0 g0", 2, 0],
  ["least-loaded", "r3 r1 r2", 0, 1],
  ["least-loaded", "r1 r1 r1", 0, 0],
  ["least-loaded", "r1 r1 r1", 5, 2],
  ["least-loaded", "r5 d0 g0", 1, 0],
  ["least-loaded", "d5 d2 g0", 0, 1],
  ["least-loaded", "g0 g0", 1, 0],
] as const

for (const [route, actors, turn, expected] of TABLE) {
  test(`${route} of ${actors}, turn ${turn}: ${expected}`, () => {
    assert.equal(choose(route, candidates(actors), turn), expected)
  })
}

const KEYS = Array.from({ length: 2_000 }, (_, i) => hashKey(`customer ${i}`))

test("keys are spread evenly, down or not", () => {
  const counts = [0, 0, 0, 0]
  for (const key of KEYS) counts[chooseByKey(key, candidates("r0 d0 r0 r0"))]!++
  for (const count of counts) assert.ok(count > 400 && count < 600, String(counts))
})

test("only the keys of one that is gone change places, and a fifth takes a fifth from each", () => {
  const before = KEYS.map((key) => chooseByKey(key, candidates("r0 r0 r0 r0")))
  const without = KEYS.map((key) => chooseByKey(key, candidates("r0 g0 r0 r0")))
  const five = KEYS.map((key) => chooseByKey(key, candidates("r0 r0 r0 r0 r0")))
  for (const [i, place] of before.entries()) {
    if (place === 1) assert.notEqual(without[i], 1)
    else assert.equal(without[i], place)
    if (five[i] !== 4) assert.equal(five[i], place)
  }
  const taken = five.filter((place) => place === 4).length
  assert.ok(taken > 300 && taken < 500, String(taken))
})

test("keys: what they may be, and that their text decides", () => {
  assert.equal(hashKey(12), hashKey("12"))
  assert.equal(hashKey(12n), hashKey(12))
  assert.notEqual(hashKey("ab"), hashKey("ba"))
  for (const wrong of [undefined, null, {}, [], () => 1, Symbol("x")])
    assert.throws(() => hashKey(wrong), { name: "TypeError", message: /a key is a string/ })
})
