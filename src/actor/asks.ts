/**
 * Questions of this isolate that have not been answered.
 *
 * Invariant   a question is in the table until its record came back or its holder died, even when
 *             nobody waits for it any more: so a cookie never names two records
 */
import { captureStack } from "#platform/context"
import { STACKS_PER_CODE } from "#platform/limits"
import { hold, letGo } from "#platform/park"
import { IsolateDiedError } from "../errors.ts"
import { cells } from "../internal/loop/cell.ts"
import { type Here, here } from "../internal/loop/here.ts"
import { onDeath, onNode, schedule } from "../internal/loop/pump.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { isAlive, slotOf } from "../internal/memory/owners.ts"
import { contains } from "../internal/queue/inbox.ts"
import { TAKEN } from "../internal/queue/mailbox.ts"
import { deathOf } from "../isolate/reap.ts"
import * as message from "./message.ts"

/** A question on its way. */
export interface Ask {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** The local object of the actor asked, which must not be collected meanwhile. */
  readonly ref: object
  readonly stack: { readonly stack?: string }
  record: number
  cookie: number
  settled: boolean
  /** Undoes what limits the wait. */
  ended: (() => void) | undefined
}

const asks: (Ask | undefined)[] = []
const free: number[] = []

/** Questions that have not come back: for statistics and tests. */
export function openAsks(): number {
  return asks.length - free.length
}

/** A question about to be posted; `callee` is the function that the stack begins above. */
export function openAsk(
  at: Here,
  record: number,
  ref: object,
  method: number,
  callee: (...args: never[]) => unknown,
): { promise: Promise<unknown>; ask: Ask } {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const cookie = free.pop() ?? asks.length
  const stack = whereAsked(method, callee)
  const ask: Ask = { resolve, reject, ref, stack, record, cookie, settled: false, ended: undefined }
  asks[cookie] = ask
  message.setAsker(at, record, at.me, cookie)
  hold()
  // The answer wakes an isolate that has parked: the turn does.
  schedule()
  return { promise, ask }
}

const stacks = new Map<number, { count: number; stack: { stack?: string } }>()

/** Where this question was asked; for those asked often, where an earlier one was. */
function whereAsked(
  method: number,
  callee: (...args: never[]) => unknown,
): { readonly stack?: string } {
  let known = stacks.get(method)
  if (known === undefined) {
    known = { count: 0, stack: {} }
    stacks.set(method, known)
  }
  if (known.count < STACKS_PER_CODE) {
    known.count++
    known.stack = {}
    captureStack(known.stack, callee)
  }
  return known.stack
}

/** Nobody waits for the answer any more; `close` when its record will not come back. */
export function giveUp(ask: Ask, error: unknown): void {
  if (settle(ask)) ask.reject(error)
}

function settle(ask: Ask): boolean {
  if (ask.settled) return false
  ask.settled = true
  ask.ended?.()
  letGo()
  return true
}

/** The question's record is not under way any more. */
export function closeAsk(ask: Ask): void {
  asks[ask.cookie] = undefined
  free.push(ask.cookie)
}

function answered(at: Here, record: number): void {
  const ask = asks[message.cookieOf(at, record)]
  const cell = message.resultCell(record)
  if (ask?.record !== record || ask.settled) cells().drop(cell)
  else if (message.stateOf(at, record) === message.FAILED) {
    const error = message.takeError(at, cell, ask.stack.stack)
    giveUp(ask, error)
  } else if (cells().pending(cell)) {
    void answerLater(at, ask, cell)
    return
  } else take(ask, cell)
  if (ask?.record === record) closeAsk(ask)
  at.arena.release(record)
}

function take(ask: Ask, cell: number): void {
  try {
    const value = cells().take(cell)
    if (settle(ask)) ask.resolve(value)
  } catch (error) {
    giveUp(ask, error)
  }
}

async function answerLater(at: Here, ask: Ask, cell: number): Promise<void> {
  const { record } = ask
  message.setSeen(at, record)
  try {
    await cells().arrived(cell)
    if (ask.settled) cells().drop(cell)
    else take(ask, cell)
  } catch (error) {
    cells().drop(cell)
    giveUp(ask, error)
  }
  closeAsk(ask)
  at.arena.release(record)
}

onNode(KIND.ACTOR_MESSAGE, (record) => answered(here(), record))

/** After a death: what the dead had in hand is answered by it, or by nobody. */
onDeath(() => {
  const at = here()
  for (const ask of [...asks]) {
    if (ask === undefined) continue
    const state = message.stateOf(at, ask.record)
    const holder = message.holderOf(at, ask.record)
    if (holder === 0 || state < TAKEN || isAlive(at.words, holder)) continue
    // What the dead isolate has answered after the inbox was taken comes with the next turn.
    if (contains(at.words, at.me, ask.record)) continue
    if (state === TAKEN) {
      const { reason, exitCode, error } = deathOf(at, holder)
      giveUp(ask, new IsolateDiedError(slotOf(holder), reason, { exitCode, cause: error }))
      closeAsk(ask)
      message.endMessage(at, ask.record)
    } else answered(at, ask.record)
  }
})
