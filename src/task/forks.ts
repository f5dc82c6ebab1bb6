/**
 * Forks of a join that are handed over: out to whoever wants one, and back.
 *
 * A fork handed over is a task whose submitter blocks its thread until the task has ended. While it
 * waits it runs other isolates' forks.
 *
 * No circle    a wait is for a fork begun later than the waiting call, and what runs above a fork
 *              on its runner's stack began later still; so from wait to wait time goes on, and
 *              comes to an end
 */
import { load } from "#platform/atomics"
import { now } from "#platform/clock"
import { FORK_HELP_DEPTH, FORK_PORTS_MS } from "#platform/limits"
import { type Here, here } from "../internal/loop/here.ts"
import { blockUntil } from "../internal/loop/pump.ts"
import { HEAD_SLOTS } from "../internal/memory/layout.ts"
import { slotOf } from "../internal/memory/owners.ts"
import * as requests from "../internal/queue/steal-request.ts"
import { readPorts } from "../isolate/mesh.ts"
import { type Callback, codeOf } from "./code.ts"
import { type TakenStack, TaskPromise } from "./handle.ts"
import { askFor, forget } from "./outcome.ts"
import * as record from "./record.ts"
import { acquireRecord } from "./records.ts"
import { enlist } from "./submit.ts"
import { dropValues } from "./values.ts"
import { canRunNow, runNow } from "./worker.ts"

/**
 * A fork in somebody else's hands. Its promise is never settled: the join waits for it otherwise.
 */
export class Fork extends TaskPromise<unknown> {
  readonly since: number = now()
  value: unknown
  error: unknown
  hasEnded = false
  wasTakenBack = false

  constructor(name: string, submittedAt: TakenStack) {
    super(name, submittedAt)
    this.resolve = (value) => {
      this.value = value
    }
    this.onEnd(() => {
      this.hasEnded = true
    })
  }

  override fail(error: unknown): void {
    this.settled = "failed"
    this.error = error
  }
}

/**
 * Hands a call over to an isolate that wants one; undefined when its values cannot be sent, or
 * there is no room for them.
 */
export function handOver(
  fn: Callback,
  args: readonly unknown[],
  callee: Callback,
): Fork | undefined {
  const at = here()
  const { code, captures } = codeOf(fn)
  const fork = new Fork(code.name, code.from.note(callee))
  try {
    enlist(at, acquireRecord(at), fork, code.id, captures, args)
  } catch {
    return undefined
  }
  record.markFork(at.words, fork.record)
  requests.hand(at.words, fork.record, at.me)
  return fork
}

/** Takes a fork back; false when somebody is at it. */
export function takeBack(fork: Fork): boolean {
  const at = here()
  if (fork.hasEnded || !requests.takeBack(at.words, fork.record, at.me)) return false
  dropValues(at, fork.record)
  fork.wasTakenBack = true
  forget(at, fork)
  return true
}

/**
 * Blocks until the fork has ended, and runs other forks meanwhile. False when it did not begin
 * elsewhere after all: then it was taken back.
 */
export function waitFor(fork: Fork): boolean {
  const at = here()
  const attempt = (): boolean | "again" => {
    askFor(fork)
    if (fork.hasEnded || takeBack(fork)) return true
    requests.want(at.words, at.me)
    return help(at) ? "again" : false
  }
  // Others may wait for buffers from here, and a port rings no bell.
  while (!blockUntil(attempt, now() + FORK_PORTS_MS)) readPorts()
  requests.wantNoMore(at.words, at.me)
  return !fork.wasTakenBack
}

let depth = 0

/** Runs one fork of anybody; false when there is none that can be run here at once. */
function help(at: Here): boolean {
  if (depth >= FORK_HELP_DEPTH) return false
  const slots = load(at.words, HEAD_SLOTS)
  for (let i = 0; i < slots; i++) {
    const block = requests.takeFork(at.words, (slotOf(at.me) + i) % slots, at.me)
    if (block === 0) continue
    if (!canRunNow(at, block)) {
      requests.putBack(at.words, block, record.submitterOf(at.words, block), at.me)
      continue
    }
    requests.wantNoMore(at.words, at.me)
    depth++
    runNow(at, block)
    depth--
    return true
  }
  return false
}
