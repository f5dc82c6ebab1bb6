/** What receivers have taken and not acknowledged: all schedules, deaths, planted bugs. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { read, write } from "#platform/atomics"
import type { ModelOptions } from "../../../src/explore/index.ts"
import { enter, leave } from "../../../src/internal/memory/guard.ts"
import * as claims from "../../../src/internal/queue/claims.ts"
import { buryThread, explored, found, me, spare, type World, world } from "../../support/model.ts"
import { planted } from "../../support/plant.ts"

type Used = typeof claims

/** Spare words: the list, the reading position, the guard, notes of each thread, its claims. */
const PASSED = 2
const GUARD = 3
const NOTES = 16
const NOTE_WORDS = 16
const BLOCKS = 128
const BLOCK_WORDS = 8
const TAKES_MAX = 4

/** What a thread does: takes and, at once, acknowledges; or keeps what it takes. */
type Step = "done" | "keep"

interface Shape {
  readonly messages: number
  readonly threads: readonly (readonly Step[])[]
  readonly kill?: readonly number[]
  readonly killsMax?: number
  readonly preemptionsMax?: number
}

function noteAt(at: World, thread: number, step: number): number {
  return spare(at) + NOTES + thread * NOTE_WORDS + step * 2
}

/** Takes over what a dead isolate had, else the next message; the claim, 0 when there is none. */
function take(used: Used, at: World, thread: number, step: number, messages: number): number {
  const { words } = at
  const [list, mine] = [spare(at), me(at, thread)]
  enter(words, spare(at) + GUARD, mine)
  const passed = read(words, list + PASSED)
  let claim = used.inherit(words, list, passed, mine)
  if (claim === 0 && passed < messages) {
    claim = spare(at) + BLOCKS + (thread * TAKES_MAX + step) * BLOCK_WORDS
    write(words, claim + used.CLAIM_WORDS, passed + 1)
    used.append(words, list, claim, passed, mine)
    write(words, list + PASSED, passed + 1)
  }
  leave(words, spare(at) + GUARD, mine)
  return claim
}

function receiving(used: Used, thread: number, steps: readonly Step[], messages: number) {
  return (at: World): void => {
    const { words } = at
    for (const [i, step] of steps.entries()) {
      const claim = take(used, at, thread, i, messages)
      if (claim === 0) return
      write(words, noteAt(at, thread, i), read(words, claim + used.CLAIM_WORDS))
      if (step === "keep") continue
      write(words, noteAt(at, thread, i) + 1, 1)
      enter(words, spare(at) + GUARD, me(at, thread))
      used.unlink(words, spare(at), claim)
      leave(words, spare(at) + GUARD, me(at, thread))
    }
  }
}

/** What a thread has received, and whether it had begun to acknowledge it. */
function notesOf(at: World, thread: number): { message: number; done: boolean }[] {
  return Array.from({ length: TAKES_MAX }, (_, i) => ({
    message: at.words[noteAt(at, thread, i)],
    done: at.words[noteAt(at, thread, i) + 1] === 1,
  })).filter(({ message }) => message !== 0)
}

function claimed(used: Used, name: string, shape: Shape): ModelOptions<World> {
  const { messages, threads, kill = [], ...bounds } = shape
  const judge = threads.length
  return {
    ...bounds,
    name: `claims: ${name}`,
    setup: () => world(threads.length + 1),
    threads: threads.map((steps, thread) => receiving(used, thread, steps, messages)),
    kill,
    whenKilled: buryThread,
    after(at, outcomes) {
      const living = threads.flatMap((_, i) => (outcomes[i] === "killed" ? [] : notesOf(at, i)))
      const dead = threads.flatMap((_, i) => (outcomes[i] === "killed" ? notesOf(at, i) : []))
      const again: number[] = []
      for (let i = 0; ; i++) {
        const claim = take(used, at, judge, i, messages)
        if (claim === 0) break
        again.push(at.words[claim + used.CLAIM_WORDS])
        assert.ok(again.length <= messages, `more than was sent: ${again}`)
      }
      const listed: number[] = []
      used.forEachClaim(at.words, spare(at), messages, (claim) =>
        listed.push(at.words[claim + used.CLAIM_WORDS]),
      )
      for (let message = 1; message <= messages; message++) {
        const owners = living.filter((note) => note.message === message)
        const [owner] = owners
        assert.ok(owners.length <= 1, `${message} is in two hands`)
        if (owner !== undefined) {
          assert.ok(!again.includes(message), `${message} came again from the living`)
          assert.equal(listed.includes(message), !owner.done, `${message} is listed wrongly`)
        } else if (!dead.some((note) => note.message === message && note.done))
          assert.ok(again.includes(message), `${message} is lost`)
      }
    },
  }
}

test("two receive and acknowledge", () => {
  const threads = [["done", "done"], ["done"]] as const
  explored(claimed(claims, "two receivers", { messages: 3, threads }))
})

test("whoever dies is inherited from, wherever it stood", () => {
  const one = { messages: 2, threads: [["keep", "done"], ["keep"]] } as const
  explored(claimed(claims, "one of two dies", { ...one, kill: [0] }))
  const two = { messages: 3, threads: [["done"], ["keep", "done"], ["keep"]] } as const
  explored(
    claimed(claims, "two of three die", { ...two, kill: [0, 1], killsMax: 2, preemptionsMax: 1 }),
  )
})

async function bug(from: string, to: string): Promise<Used> {
  return planted<Used>("queue/claims.ts", "queue/claims.ts", from, to)
}

test("planted: what was taken over stays behind the last", async () => {
  const used = await bug("  if (isBehind) write(words, list + LAST, claim)\n", "")
  const shape = { messages: 3, threads: [["done"], ["keep", "done"], ["keep"]] } as const
  found(claimed(used, "planted, behind", { ...shape, kill: [0], preemptionsMax: 1 }))
})

test("planted: what was never taken counts", async () => {
  const used = await bug("return ((passed - read(words, claim + POSITION)) | 0) > 0", "return true")
  const shape = { messages: 2, threads: [["keep"], ["keep", "keep"]] } as const
  found(claimed(used, "planted, never taken", { ...shape, kill: [0] }))
})

test("planted: what was never taken stays listed", async () => {
  const used = await bug("read(words, before + POSITION) === position", "position < 0")
  const shape = { messages: 2, threads: [["keep"], ["keep", "keep"]] } as const
  found(claimed(used, "planted, stays listed", { ...shape, kill: [0] }))
})
