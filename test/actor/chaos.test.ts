/**
 * Actors and isolates are killed at random under load; then every message is accounted for: handled
 * once, dropped with its asker told, or delivered again as chosen; none lost from a mailbox.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { openAsks } from "../../src/actor/asks.ts"
import { type ActorRef, child, supervise } from "../../src/actor/index.ts"
import { ActorStoppedError, IsolateDiedError } from "../../src/errors.ts"
import { here } from "../../src/internal/loop/here.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import { BEGUN, DONE, RELAYED, WORDS, Worker } from "./chaos-worker.ts"

const ISOLATES = 3
const WORKERS = 12
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

type How = "asked" | "told" | "relayed"
type Outcome = "answered" | "dropped" | "taken" | "refused"

interface Sent {
  readonly how: How
  readonly redelivers: boolean
  outcome: Outcome | undefined
}

class Load {
  readonly journal: Int32Array
  readonly sent: Sent[] = []
  readonly #workers: readonly ActorRef<Worker>[]
  readonly #open = new Set<Promise<void>>()
  over = false

  constructor(journal: Int32Array, workers: readonly ActorRef<Worker>[]) {
    this.journal = journal
    this.#workers = workers
  }

  /** Sends until it is over, so many at a time. */
  async run(): Promise<void> {
    while (!this.over && this.sent.length < MESSAGES) {
      const one: Promise<void> = this.#send().finally(() => this.#open.delete(one))
      this.#open.add(one)
      if (this.#open.size >= IN_FLIGHT) await Promise.race(this.#open)
    }
    await Promise.all(this.#open)
  }

  async #send(): Promise<void> {
    const id = this.sent.length
    const place = below(WORKERS)
    const how = (["asked", "told", "relayed"] as const)[below(3)] as How
    const sent: Sent = { how, redelivers: place % 2 === 1, outcome: undefined }
    this.sent.push(sent)
    const worker = this.#workers[place] as ActorRef<Worker>
    if (how === "asked") sent.outcome = await outcomeOf(worker.ask.work(id), "answered")
    else if (how === "told") sent.outcome = await outcomeOf(worker.tell.work(id), "taken")
    else {
      // Delivered again, a relay would send twice. What became of it is in the journal.
      const between = this.#workers[2 * below(WORKERS / 2)] as ActorRef<Worker>
      await outcomeOf(between.ask.relay(id, worker), "taken")
      sent.outcome = this.at(id, RELAYED) === 1 ? "taken" : "refused"
    }
  }

  at(id: number, word: number): number {
    return Atomics.load(this.journal, id * WORDS + word)
  }
}

async function outcomeOf(sent: Promise<unknown>, good: Outcome): Promise<Outcome> {
  try {
    await sent
    return good
  } catch (error) {
    const known = error instanceof IsolateDiedError || error instanceof ActorStoppedError
    assert.ok(known, String(error))
    return "dropped"
  }
}

/** Resolves when all that a mailbox held is handled; the last isolate may still be dying. */
async function handled(worker: ActorRef<Worker>): Promise<void> {
  while ((await outcomeOf(worker.ask.barrier(), "answered")) !== "answered") await turns(1)
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate)
}

/** Kills at random; how many actors and isolates. */
async function rage(workers: readonly ActorRef<Worker>[]): Promise<number> {
  const until = performance.now() + LONG_MS
  let kills = 0
  while (LONG_MS === 0 ? kills < KILLS : performance.now() < until) {
    const place = below(WORKERS)
    const victim = workers[place] as ActorRef<Worker>
    kills++
    if (kills % ISOLATE_EVERY !== 0) victim.kill()
    // Delivered again, the message would end each isolate that gets it.
    else if (place % 2 === 0) await outcomeOf(victim.ask.exit(), "answered")
    else requestKill(ownerOf(here().words, 1 + below(ISOLATES)))
    await turns(below(40))
  }
  return kills
}

test("every message is accounted for", { timeout: LONG_MS + 60_000 }, async (context) => {
  const journal = sharedArray(Int32Array, MESSAGES * WORDS)
  const children = Array.from({ length: WORKERS }, (_, i) =>
    child(Worker, [journal], { id: `${i}`, whenDies: i % 2 === 1 ? "redeliver" : "drop" }),
  )
  const intensity = { restarts: 1_000_000, withinMs: 1_000 }
  const tree = await supervise({ intensity, children })
  const workers = children.map(({ id }) => tree.child(id))
  const load = new Load(journal, workers)
  const running = load.run()
  const kills = await rage(workers)
  load.over = true
  await running
  const { sent } = load
  // Nobody is killed any more: what a mailbox has taken is handled before a question asked now.
  await Promise.all(workers.map(handled))
  const dropped = sent.filter(({ outcome }) => outcome === "dropped").length
  context.diagnostic(`${sent.length} messages, ${kills} kills, ${dropped} dropped, asker told`)
  let inHand = 0
  for (const [id, { how, redelivers, outcome }] of sent.entries()) {
    const [begun, done] = [load.at(id, BEGUN), load.at(id, DONE)]
    const what = `${how} ${id}: ${outcome}, begun ${begun}, done ${done}`
    if (!redelivers) assert.ok(begun <= 1, `delivered twice: ${what}`)
    if (outcome === "answered") assert.ok(done >= 1 && (redelivers || done === 1), what)
    if (outcome === "taken" && begun === 0) {
      assert.ok(!redelivers, `lost: ${what}`)
      inHand++
    }
  }
  // An isolate may die between marking a message as in hand and the first line of its method.
  assert.ok(inHand <= kills / ISOLATE_EVERY, `${inHand} told messages were never seen`)
  assert.ok(dropped < sent.length / 2, "most are answered")
  const ends = workers.map(({ exited }) => exited)
  await tree.stop()
  await Promise.all(ends)
  assert.equal(openAsks(), 0)
})
