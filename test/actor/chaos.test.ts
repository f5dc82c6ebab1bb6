/**
 * Actors and isolates are killed at random under load; then every message is accounted for: handled
 * once, dropped with its asker told, or delivered again as chosen; none lost from a mailbox.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { openAsks } from "../../src/actor/asks.ts"
import { type ActorRef, child, supervise, type Takes } from "../../src/actor/index.ts"
import { here } from "../../src/internal/loop/here.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import { Load, ofClass, ofFunction, outcomeOf, type Target } from "./chaos-load.ts"
import { BEGUN, DONE, WORDS, Worker, working } from "./chaos-worker.ts"

const ISOLATES = 3
/** Workers; the last are functions. Every other one redelivers. */
const WORKERS = 16
const FUNCTIONS = 4
const IN_FLIGHT = 64
/** Every so many kills, an isolate is one. */
const ISOLATE_EVERY = 8
/** A short run is counted by kills, a long one by time. */
const LONG_MS = process.env.HEDDLE_LONG === "1" ? 60_000 : 0
const KILLS = 48
const MESSAGES = LONG_MS === 0 ? 20_000 : 4_000_000

await start({ isolates: ISOLATES })

/** Chance that can be repeated: HEDDLE_SEED, or always the same. */
let seed = Number(process.env.HEDDLE_SEED ?? 1)
function below(limit: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return (seed >>> 8) % limit
}

/** Resolves when all that a mailbox held is handled; the last isolate may still be dying. */
async function handled(target: Target): Promise<void> {
  while ((await outcomeOf(target.barrier(), "answered")) !== "answered") await turns(1)
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate)
}

/** Kills at random; how many actors and isolates. */
async function rage(targets: readonly Target[]): Promise<number> {
  const until = performance.now() + LONG_MS
  let kills = 0
  while (LONG_MS === 0 ? kills < KILLS : performance.now() < until) {
    const victim = targets[below(targets.length)] as Target
    kills++
    if (kills % ISOLATE_EVERY !== 0) victim.kill()
    // Delivered again, the message would end each isolate that gets it.
    else if (!victim.redelivers) await outcomeOf(victim.exit(), "answered")
    else requestKill(ownerOf(here().words, 1 + below(ISOLATES)))
    await turns(below(40))
  }
  return kills
}

/** Starts the workers. */
async function workers(journal: Int32Array) {
  const children = Array.from({ length: WORKERS }, (_, i) => {
    const options = { id: `${i}`, whenDies: i % 2 === 1 ? "redeliver" : "drop" } as const
    const isFunction = i >= WORKERS - FUNCTIONS
    return isFunction ? child(working, [journal], options) : child(Worker, [journal], options)
  })
  const intensity = { restarts: 1_000_000, withinMs: 1_000 }
  const tree = await supervise({ intensity, children })
  const targets = children.map(({ id }, i): Target => {
    const ref: object = tree.child(id)
    return i < WORKERS - FUNCTIONS
      ? ofClass(ref as ActorRef<Worker>, i % 2 === 1)
      : ofFunction(ref as ActorRef<Takes<number>>, i % 2 === 1)
  })
  return { tree, targets }
}

/** How many told messages were taken by a mailbox and never seen by their worker. */
function account(load: Load): number {
  let unseen = 0
  for (const [id, { how, redelivers, outcome }] of load.sent.entries()) {
    const [begun, done] = [load.at(id, BEGUN), load.at(id, DONE)]
    const what = `${how} ${id}: ${outcome}, begun ${begun}, done ${done}`
    if (!redelivers) assert.ok(begun <= 1, `delivered twice: ${what}`)
    if (outcome === "answered") assert.ok(done >= 1 && (redelivers || done === 1), what)
    if (outcome === "taken" && begun === 0) {
      assert.ok(!redelivers, `lost: ${what}`)
      unseen++
    }
  }
  return unseen
}

test("every message is accounted for", { timeout: LONG_MS + 600_000 }, async (context) => {
  const journal = sharedArray(Int32Array, MESSAGES * WORDS)
  const { tree, targets } = await workers(journal)
  const load = new Load(journal, targets, { messages: MESSAGES, inFlight: IN_FLIGHT, below })
  const running = load.run()
  const kills = await rage(targets)
  load.over = true
  await running
  const { sent } = load
  // Nobody is killed any more: what a mailbox has taken is handled before a question asked now.
  await Promise.all(targets.map(handled))
  const dropped = sent.filter(({ outcome }) => outcome === "dropped").length
  const unseen = account(load)
  context.diagnostic(
    `${sent.length} messages, ${kills} kills, ${dropped} dropped, asker told, ${unseen} unseen`,
  )
  // An isolate may die between marking a message as in hand and the first line of its method.
  assert.ok(unseen <= kills / ISOLATE_EVERY, `${unseen} told messages were never seen`)
  assert.ok(dropped < sent.length / 2, "most are answered")
  const ends = targets.map(({ exited }) => exited)
  await tree.stop()
  await Promise.all(ends)
  assert.equal(openAsks(), 0)
})
