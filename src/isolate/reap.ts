/**
 * What main does when an isolate has died: everything it left behind finds a new home.
 *
 * 1. it is buried: from here on its guards, lone sides and reservations are free to be taken over
 * 2. it leaves the lines it stood in; its inbox is emptied; rooms take over what it was about to do
 * 3. its references are given back, objects nobody holds are destroyed, its blocks go home
 * 4. everybody is told, and looks again at all they wait for
 *
 * Rooms that keep more than references (task lists, mailboxes) add a step with `onReap`, and say
 * with `onUnheard` what becomes of what the dead had been told. The inbox comes first: an actor
 * that a step has taken from the dead may be told of something at once, and must lie in no other
 * inbox then.
 */
import { read, store, write } from "#platform/atomics"
import type { DeathReason } from "../errors.ts"
import type { Here } from "../internal/loop/here.ts"
import { leaveLines } from "../internal/loop/line.ts"
import { destroyObject } from "../internal/loop/objects.ts"
import { announceDeath, resetSpinners } from "../internal/loop/pump.ts"
import { PAGE, pageOf } from "../internal/memory/layout.ts"
import { forsake, kindOf } from "../internal/memory/objects.ts"
import { bury, living, setReaping, slotOf } from "../internal/memory/owners.ts"
import { NEXT, NODE_KIND, takeAll } from "../internal/queue/inbox.ts"
import { packFailure, unpackFailure } from "../internal/wire/failure.ts"
import type { ExitReason } from "./exit.ts"
import { type MeshMessage, onMesh, postAll, readPorts } from "./mesh.ts"

/** Reasons by their number in an isolate's page. */
const REASONS: readonly DeathReason[] = ["exited", "failed", "killed", "out-of-memory"]

/** Main tells the others what an isolate threw before it tells them of its death. */
interface Cause extends MeshMessage {
  readonly type: "cause of death"
  readonly token: number
  readonly failure: Uint8Array
}

const steps: ((at: Here, token: number) => void)[] = []
/** By kind. */
const heirs: ((at: Here, node: number) => void)[] = []
/** What the last isolate in each slot threw, as main heard it. */
const causes: { token: number; error: unknown }[] = []

onMesh<Cause>("cause of death", ({ token, failure }) => {
  causes[slotOf(token)] = { token, error: unpackFailure(failure) }
})

/** Adds a step to what is done for a dead isolate, before everybody is told. */
export function onReap(step: (at: Here, token: number) => void): void {
  steps.push(step)
}

/** Says what becomes of a node of a kind that a dead isolate had been told and has not heard. */
export function onUnheard(kind: number, heir: (at: Here, node: number) => void): void {
  heirs[kind] = heir
}

/** How the last isolate in this token's slot ended. */
export function deathOf(at: Here, token: number): ExitReason {
  const page = pageOf(slotOf(token))
  if (causes[slotOf(token)]?.token !== token) readPorts()
  const cause = causes[slotOf(token)]
  return {
    reason: REASONS[read(at.words, page + PAGE.DEATH_REASON)],
    exitCode: read(at.words, page + PAGE.DEATH_CODE),
    error: cause?.token === token ? cause.error : undefined,
  }
}

function noteCause(token: number, error: unknown): void {
  causes[slotOf(token)] = { token, error }
  if (error === undefined) return
  const message: Cause = { type: "cause of death", token, failure: packFailure(error) }
  postAll(message)
}

function emptyInbox(at: Here, token: number): void {
  for (let node = takeAll(at.words, token); node !== 0; ) {
    const following = read(at.words, node + NEXT)
    heirs[read(at.words, node + NODE_KIND)]?.(at, node)
    node = following
  }
}

/** Puts a dead isolate's affairs in order. */
export function reap(at: Here, token: number, exit: ExitReason): void {
  const page = pageOf(slotOf(token))
  noteCause(token, exit.error)
  write(at.words, page + PAGE.DEATH_REASON, REASONS.indexOf(exit.reason))
  write(at.words, page + PAGE.DEATH_CODE, exit.exitCode)
  setReaping(at.words, token)
  bury(at.words, token)
  leaveLines(at, token)
  emptyInbox(at, token)
  for (const step of steps) step(at, token)
  store(at.words, page + PAGE.SLEEPING, 0)
  const orphans = forsake(at.words, at.arena, token)
  for (const object of orphans) destroyObject(at, object, kindOf(at.words, object))
  at.arena.reclaim(token)
  resetSpinners(at)
  setReaping(at.words, 0)
  announceDeath(at, living(at.words))
}
