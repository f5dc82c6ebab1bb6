/** Meetings hand to hand: parties in all schedules, with deaths and planted bugs. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { add, load, notify, read, write } from "#platform/atomics"
import { waitSync } from "#platform/park"
import type { ModelOptions, Outcome } from "../../../src/explore/index.ts"
import { doorbell, setSleeping } from "../../../src/internal/memory/doorbell.ts"
import { takeAll } from "../../../src/internal/queue/inbox.ts"
import * as meeting from "../../../src/internal/queue/meeting.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Used = typeof meeting

/** One thing a party may do at a place: `offer` hands over its own number. */
interface Wish {
  readonly place: number
  readonly side: number
}

interface Shape {
  /** The wishes of each thread: exactly one of them is done. */
  readonly parties: readonly (readonly Wish[])[]
  /** Threads that give up as soon as they would wait. */
  readonly impatient?: readonly number[]
  /** Threads that only try, without a party. */
  readonly hasty?: readonly number[]
  readonly kill?: readonly number[]
  /** How often a schedule may interrupt a thread that could go on; any number unless given. */
  readonly preemptionsMax?: number
  /** The thread that closes place 0 instead of coming to it. */
  readonly closer?: number
}

/** What became of a party. */
type Result = `offered at ${number}` | `received ${number}` | "gave up" | "closed" | "over"

const PLACE_WORDS = 8
const PARTIES = 32
const PARTY_WORDS = 48
const VALUE = meeting.STAKE_WORDS

function placeAt(at: World, place: number): number {
  return spare(at) + place * PLACE_WORDS
}

function partyAt(at: World, thread: number): number {
  return spare(at) + PARTIES + thread * PARTY_WORDS
}

function stakeAt(at: World, thread: number, i: number): number {
  return partyAt(at, thread) + meeting.PARTY_WORDS + i * (meeting.STAKE_WORDS + 2)
}

/** One thread's part. */
class Part {
  readonly #used: Used
  readonly #at: World
  readonly #thread: number
  readonly #shape: Shape

  constructor(used: Used, at: World, thread: number, shape: Shape) {
    this.#used = used
    this.#at = at
    this.#thread = thread
    this.#shape = shape
  }

  run(): Result {
    const { parties, hasty, closer } = this.#shape
    const wishes = parties[this.#thread]
    if (closer === this.#thread) {
      this.#used.closePlace(this.#at.words, placeAt(this.#at, 0), this.#me, () => {})
      return "over"
    }
    if (hasty?.includes(this.#thread)) return this.#try(wishes[0])
    const { words } = this.#at
    const party = partyAt(this.#at, this.#thread)
    this.#used.makeParty(words, party, this.#me, 0)
    for (const [i, { place, side }] of wishes.entries()) {
      const stake = stakeAt(this.#at, this.#thread, i)
      this.#used.addStake(words, party, stake, placeAt(this.#at, place), side)
      write(words, stake + VALUE, side === meeting.OFFER ? this.#thread + 1 : 0)
    }
    const result = this.#come(wishes) ?? this.#wait(wishes)
    for (const [i] of wishes.entries()) {
      this.#used.leavePlace(words, stakeAt(this.#at, this.#thread, i), this.#me)
    }
    return result
  }

  get #me(): number {
    return me(this.#at, this.#thread)
  }

  #try({ place, side }: Wish): Result {
    const { words } = this.#at
    let got = 0
    const met = this.#used.meet(words, placeAt(this.#at, place), side, this.#me, 0, (peer) => {
      if (side === meeting.OFFER) write(words, peer + VALUE, this.#thread + 1)
      else got = read(words, peer + VALUE)
    })
    if (met !== "met") return met === "closed" ? "closed" : "gave up"
    return side === meeting.OFFER ? `offered at ${place}` : `received ${got}`
  }

  /** Comes to all places; undefined when it has to wait. */
  #come(wishes: readonly Wish[]): Result | undefined {
    const { words } = this.#at
    for (const [i, { place, side }] of wishes.entries()) {
      const stake = stakeAt(this.#at, this.#thread, i)
      const met = this.#used.meet(
        words,
        placeAt(this.#at, place),
        side,
        this.#me,
        stake,
        (peer) => {
          const [from, to] = side === meeting.OFFER ? [stake, peer] : [peer, stake]
          write(words, to + VALUE, read(words, from + VALUE))
        },
      )
      if (met === "met") return this.#resultOf(wishes, stake)
      if (met === "decided") return undefined
      if (met === "closed" && this.#used.withdrawParty(words, partyAt(this.#at, this.#thread))) {
        return "closed"
      }
    }
    return undefined
  }

  #wait(wishes: readonly Wish[]): Result {
    const { words } = this.#at
    const party = partyAt(this.#at, this.#thread)
    if (this.#shape.impatient?.includes(this.#thread) && this.#used.withdrawParty(words, party)) {
      return "gave up"
    }
    for (;;) {
      const seen = load(words, doorbell(this.#me))
      takeAll(words, this.#me)
      const chosen = this.#used.chosenBy(words, party)
      if (chosen < 0) return "closed"
      if (chosen > 0) return this.#resultOf(wishes, chosen)
      if (this.#used.reopenParty(words, party)) {
        const result = this.#come(wishes)
        if (result !== undefined) return result
      }
      setSleeping(words, this.#me, true)
      waitSync(words, doorbell(this.#me), seen)
      setSleeping(words, this.#me, false)
    }
  }

  #resultOf(wishes: readonly Wish[], stake: number): Result {
    const i = wishes.findIndex((_, one) => stakeAt(this.#at, this.#thread, one) === stake)
    const { place, side } = wishes[i]
    if (side === meeting.OFFER) return `offered at ${place}`
    return `received ${read(this.#at.words, stake + VALUE)}`
  }
}

function ringAll(at: World, thread: number): void {
  buryThread(at, thread)
  for (const token of at.tokens) {
    add(at.words, doorbell(token), 1)
    notify(at.words, doorbell(token))
  }
}

function meetingOf(used: Used, name: string, shape: Shape): ModelOptions<World, Result> {
  const { parties, kill = [], preemptionsMax } = shape
  return {
    ...(preemptionsMax === undefined ? {} : { preemptionsMax }),
    name: `meeting: ${name}`,
    setup: () => world(parties.length),
    threads: parties.map((_, thread) => (at) => new Part(used, at, thread, shape).run()),
    kill,
    whenKilled: ringAll,
    mayWait: parties.map((_, thread) => thread),
    after: (_, outcomes) => assertMet(shape, outcomes),
  }
}

/** Each offer reaches one receiver, and nobody waits who could have met somebody who waits. */
function assertMet(shape: Shape, outcomes: readonly Outcome<Result>[]): void {
  const { parties } = shape
  const all = `${outcomes}`
  const someDied = outcomes.includes("killed")
  const received = outcomes
    .filter((outcome) => outcome.startsWith("received"))
    .map((outcome) => Number(outcome.slice("received ".length)))
  assert.equal(new Set(received).size, received.length, `doubled: ${all}`)
  for (const value of received) {
    const sender = outcomes[value - 1]
    assert.ok(sender.startsWith("offered") || sender === "killed", `from whom: ${all}`)
  }
  const offered = outcomes.flatMap((o, thread) => (o.startsWith("offered") ? [thread + 1] : []))
  if (!someDied) assert.deepEqual(offered, received.toSorted(), `lost: ${all}`)
  const waiting = parties.flatMap((wishes, i) => (outcomes[i] === "waiting" ? [wishes] : []))
  for (const one of waiting) {
    for (const other of waiting) {
      if (one === other) continue
      const fit = one.some((a) => other.some((b) => a.place === b.place && a.side !== b.side))
      assert.ok(!fit, `missed each other: ${all}`)
    }
  }
  if (shape.closer !== undefined && outcomes[shape.closer] === "over") {
    assert.ok(!waiting.flat().some(({ place }) => place === 0), `waits at a closed place: ${all}`)
  }
}

const offer = (place: number): Wish => ({ place, side: meeting.OFFER })
const request = (place: number): Wish => ({ place, side: meeting.REQUEST })

const SHAPES: readonly (readonly [string, Shape])[] = [
  ["one offers, one requests", { parties: [[offer(0)], [request(0)]] }],
  ["one tries", { parties: [[offer(0)], [request(0)]], hasty: [0] }],
  ["one gives up", { parties: [[offer(0)], [request(0)]], impatient: [1] }],
  ["one is closed", { parties: [[offer(0)], []], closer: 1 }],
  ["one offers, one dies", { parties: [[offer(0)], [request(0)]], kill: [1], preemptionsMax: 3 }],
  [
    "two offer, one requests",
    { parties: [[offer(0)], [offer(0)], [request(0)]], hasty: [2], preemptionsMax: 2 },
  ],
  [
    "a receiver may die, another is there",
    { parties: [[offer(0)], [request(0)], [request(0)]], kill: [1], hasty: [2], preemptionsMax: 1 },
  ],
  [
    "crosswise",
    {
      parties: [
        [offer(0), request(1)],
        [offer(1), request(0)],
      ],
      preemptionsMax: 3,
    },
  ],
  [
    "crosswise in other order",
    {
      parties: [
        [offer(0), request(1)],
        [request(0), offer(1)],
      ],
      preemptionsMax: 3,
    },
  ],
  ["a choice and one", { parties: [[offer(0), offer(1)], [request(1)]], preemptionsMax: 3 }],
  [
    "a choice, one is closed",
    { parties: [[offer(0), offer(1)], []], closer: 1, preemptionsMax: 3 },
  ],
]

for (const [name, shape] of SHAPES) {
  test(name, () => explored(meetingOf(meeting, name, shape)))
}

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("queue/meeting.ts", "queue/meeting.ts", from, to)
}

test("planted: a party is won without being asked", async () => {
  const used = await bug(
    "let state = compareExchange(words, party + STATE, OPEN, me)\n  if (state === OPEN)",
    "let state = load(words, party + STATE)\n  if (state === OPEN)",
  )
  const shape = { parties: [[offer(0)], [request(0)]], impatient: [1] }
  found(meetingOf(used, "planted, without winning", shape))
})

test("planted: nobody gives way", async () => {
  const used = await bug("if (mine && met < party)", "if (mine && met === party)")
  const shape = {
    parties: [
      [offer(0), request(1)],
      [offer(1), request(0)],
    ],
  }
  found(meetingOf(used, "planted, nobody gives way", shape))
})

test("planted: a party in somebody's hand is passed over", async () => {
  const used = await bug('if (won === "held") return -peer', 'if (won === "held") continue')
  const shape = {
    parties: [
      [offer(0), request(1)],
      [offer(1), request(0)],
    ],
  }
  found(meetingOf(used, "planted, passed over", shape))
})

test("planted: what a dead peer had in hand stays there", async () => {
  const used = await bug('if (isAlive(words, state)) return "held"', 'return "held"')
  const parties = [[offer(0)], [request(0)], [request(0)]]
  const shape = { parties, kill: [1], hasty: [2], preemptionsMax: 1 }
  found(meetingOf(used, "planted, held by the dead", shape))
})
