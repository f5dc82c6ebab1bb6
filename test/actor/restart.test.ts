/**
 * The policy as tables: who is where, who ended how, and what is to be done. No threads, no clocks.
 *
 * A situation is written as one word per child: its id, its restart type (p, t, x for temporary; P,
 * T, X when significant), and its state: `+` running, `~` restarting, `-` stopped. A plan is
 * written as `stop > forget > start`, or `leave`, `leave forget a`, `escalate because: stop`.
 */

import assert from "node:assert/strict"
import { test } from "node:test"
import { backoffDelayMs } from "../../src/actor/backoff.ts"
import {
  type AutoShutdown,
  type ChildEntry,
  type ChildState,
  type Ending,
  type Plan,
  planExit,
  planRestart,
  planShutdown,
  type Restart,
  type Situation,
  type Strategy,
} from "../../src/actor/restart.ts"

const RESTARTS: Readonly<Record<string, Restart>> = {
  p: "permanent",
  t: "transient",
  x: "temporary",
}
const STATES: Readonly<Record<string, ChildState>> = {
  "+": "running",
  "~": "restarting",
  "-": "stopped",
}

function entries(words: string): ChildEntry[] {
  return words.split(" ").map(([id = "", kind = "", state = ""]) => ({
    id,
    restart: RESTARTS[kind.toLowerCase()] as Restart,
    significant: kind !== kind.toLowerCase(),
    state: STATES[state] as ChildState,
  }))
}

function situation(strategy: Strategy, words: string, rest: Partial<Situation> = {}): Situation {
  const usual = {
    autoShutdown: "never",
    backoff: undefined,
    history: [],
    now: 0,
    random: 0,
  } as const
  const intensity = { restarts: 1, withinMs: 5_000 }
  return { strategy, intensity, children: entries(words), ...usual, ...rest }
}

function written(plan: Plan): string {
  if (plan.act === "leave") return ["leave", ...plan.forget.map((id) => `forget ${id}`)].join(" ")
  if (plan.act === "escalate") return `escalate ${plan.because}: ${plan.stop.join("")}`
  return [plan.stop, plan.forget, plan.start].map((ids) => ids.join("") || "-").join(" > ")
}

const ALL = ["one-for-one", "one-for-all", "rest-for-one", "simple-one-for-one"] as const

/** Strategy, children, who, and the plan for the endings normal, shutdown and failure. */
type Row = readonly [Strategy, string, string, normal: string, shutdown: string, failure: string]

const rows: readonly Row[] = [
  ["one-for-one", "ap+ bp+ cp+", "b", "- > - > b", "- > - > b", "- > - > b"],
  ["one-for-one", "ap+ bt+ cp+", "b", "leave", "leave", "- > - > b"],
  ["one-for-one", "ap+ bx+ cp+", "b", "leave forget b", "leave forget b", "leave forget b"],
  ["one-for-one", "ap-", "a", "- > - > a", "- > - > a", "- > - > a"],
  ["one-for-one", "ap~ bp+", "b", "- > - > b", "- > - > b", "- > - > b"],
  ["one-for-all", "ap+ bp+ cp+", "a", "cb > - > abc", "cb > - > abc", "cb > - > abc"],
  ["one-for-all", "ap+ bp+ cp+", "b", "ca > - > abc", "ca > - > abc", "ca > - > abc"],
  ["one-for-all", "ap+ bp+ cp+", "c", "ba > - > abc", "ba > - > abc", "ba > - > abc"],
  ["one-for-all", "ap+ bt+ cp+", "b", "leave", "leave", "ca > - > abc"],
  ["one-for-all", "ax+ bt+ cp+", "b", "leave", "leave", "ca > a > bc"],
  ["one-for-all", "ap+ bx+ cp+", "b", "leave forget b", "leave forget b", "leave forget b"],
  ["one-for-all", "ax+ bp+ cx+", "b", "ca > ac > b", "ca > ac > b", "ca > ac > b"],
  ["one-for-all", "at- bp+ cp-", "b", "- > - > abc", "- > - > abc", "- > - > abc"],
  ["one-for-all", "at~ bp+ cp+", "c", "b > - > abc", "b > - > abc", "b > - > abc"],
  ["rest-for-one", "ap+ bp+ cp+", "a", "cb > - > abc", "cb > - > abc", "cb > - > abc"],
  ["rest-for-one", "ap+ bp+ cp+", "b", "c > - > bc", "c > - > bc", "c > - > bc"],
  ["rest-for-one", "ap+ bp+ cp+", "c", "- > - > c", "- > - > c", "- > - > c"],
  ["rest-for-one", "ap+ bt+ cp+ dp+", "b", "leave", "leave", "dc > - > bcd"],
  ["rest-for-one", "ax+ bp+ cx+ dt+", "b", "dc > c > bd", "dc > c > bd", "dc > c > bd"],
  ["rest-for-one", "ap+ bp+ ct- dp~", "b", "- > - > bcd", "- > - > bcd", "- > - > bcd"],
  ["rest-for-one", "ap+ bx+ cp+", "b", "leave forget b", "leave forget b", "leave forget b"],
  ["simple-one-for-one", "ap+ bp+", "a", "- > - > a", "- > - > a", "- > - > a"],
  ["simple-one-for-one", "at+ bt+", "b", "leave forget b", "leave forget b", "- > - > b"],
  ["simple-one-for-one", "ax+ bx+", "a", "leave forget a", "leave forget a", "leave forget a"],
]

for (const [strategy, words, id, ...plans] of rows) {
  for (const [at, ending] of (["normal", "shutdown", "failure"] as const).entries()) {
    test(`${strategy}: ${words}: ${id} ends: ${ending}`, () => {
      assert.equal(written(planExit(situation(strategy, words), id, ending)), plans[at])
    })
  }
}

/** Children, who, how, and the plan for any-significant and all-significant. */
const significant: readonly (readonly [string, string, Ending, any: string, all: string])[] = [
  ["ap+ bT+ cT+", "b", "normal", "escalate significant: ca", "leave"],
  ["ap+ bT+ cT+", "b", "failure", "- > - > b", "- > - > b"],
  ["ap+ bT+ cT-", "b", "shutdown", "escalate significant: a", "escalate significant: a"],
  ["ap+ bT+ cT~", "b", "normal", "escalate significant: a", "leave"],
  ["ap+ bX+ cp+", "b", "failure", "escalate significant: ca", "escalate significant: ca"],
  ["ap+ bX+ cX+", "c", "failure", "escalate significant: ba", "leave forget c"],
  ["at+ bT+", "a", "normal", "leave", "leave"],
  ["ax+ bT+", "a", "failure", "leave forget a", "leave forget a"],
  ["at- bT+", "b", "normal", "escalate significant: ", "escalate significant: "],
]

for (const [words, id, ending, any, all] of significant) {
  for (const [autoShutdown, plan] of [
    ["any-significant", any],
    ["all-significant", all],
  ] as const satisfies readonly (readonly [AutoShutdown, string])[]) {
    test(`${autoShutdown}: ${words}: ${id} ends: ${ending}`, () => {
      const given = situation("one-for-one", words, { autoShutdown })
      assert.equal(written(planExit(given, id, ending)), plan)
    })
  }
}

/** Restarts allowed, within, earlier ones, now, and how many are remembered; 0: it gives up. */
const intensities: readonly (readonly [number, number, number[], number, remembered: number])[] = [
  [0, 1_000, [], 0, 0],
  [1, 1_000, [], 0, 1],
  [1, 1_000, [0], 0, 0],
  [1, 1_000, [0], 1_000, 0],
  [1, 1_000, [0], 1_001, 1],
  [3, 5_000, [1, 2], 3, 3],
  [3, 5_000, [1, 2, 3], 4, 0],
  [3, 5_000, [1, 2, 3], 5_002, 3],
  [3, 5_000, [1, 2, 3], 5_001, 0],
  [3, 5_000, [1, 2, 3], 9_000, 1],
]

for (const strategy of ALL) {
  for (const [restarts, withinMs, history, now, remembered] of intensities) {
    test(`${strategy}: ${restarts} in ${withinMs} ms, after ${history} at ${now}`, () => {
      const rest = { intensity: { restarts, withinMs }, history, now }
      const plan = planExit(situation(strategy, "ap+ bp+ cp-", rest), "a", "failure")
      if (remembered === 0) assert.equal(written(plan), "escalate intensity: b")
      else assert.equal(plan.act === "restart" && plan.history.length, remembered)
    })
  }
}

test("a start that failed is tried again, whatever the restart type, and counts", () => {
  const given = situation("rest-for-one", "ap+ bt~ cp~", { history: [0] })
  assert.equal(written(planRestart(given, "b")), "escalate intensity: a")
  assert.equal(written(planRestart({ ...given, history: [] }, "b")), "- > - > bc")
  assert.equal(
    written(planRestart({ ...given, strategy: "one-for-all", history: [] }, "b")),
    "a > - > abc",
  )
})

test("a supervisor stops what runs, the last first", () => {
  assert.deepEqual(planShutdown(entries("ap+ bt- cx+ dp~ ep+")), ["e", "c", "a"])
})

test("who is not there cannot end", () => {
  assert.throws(() => planExit(situation("one-for-one", "ap+"), "z", "normal"), RangeError)
})

/** Attempt, chance, delay; from 100 ms by 2 up to 1,000. */
const delays: readonly (readonly [number, number, number])[] = [
  [1, 0, 100],
  [1, 0.999, 100],
  [2, 0, 100],
  [2, 0.5, 150],
  [3, 0, 200],
  [3, 0.5, 300],
  [4, 0.25, 500],
  [5, 0, 500],
  [5, 0.5, 750],
  [60, 0.5, 750],
  [5_000, 0.5, 750],
]

for (const [attempt, random, delay] of delays) {
  test(`back-off: attempt ${attempt}, chance ${random}`, () => {
    assert.equal(backoffDelayMs({ minMs: 100, maxMs: 1_000, factor: 2 }, attempt, random), delay)
  })
}

test("back-off is part of the plan, by the restarts within the period", () => {
  const backoff = { minMs: 100, maxMs: 1_000, factor: 2 }
  const intensity = { restarts: 9, withinMs: 5_000 }
  const given = situation("one-for-one", "ap+", { backoff, intensity, random: 0.5 })
  const delayOf = (history: number[]): unknown => {
    const plan = planExit({ ...given, history, now: 6_000 }, "a", "failure")
    return plan.act === "restart" && plan.delayMs
  }
  assert.deepEqual([[], [5_999], [5_998, 5_999], [0, 1, 2]].map(delayOf), [100, 150, 300, 100])
})
