/** How an actor stands, as anybody may look: a few reads, and no step where it is explored. */
import { type Here, here } from "../internal/loop/here.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { isFunctionActor } from "./object.ts"
import { type Standing, stage } from "./stage.ts"

/** What an actor does: runs, waits for its next life, or is gone for good. */
export function stateOf(object: number): Standing["state"] {
  return stage()?.standing(object).state ?? stateIn(here(), object)
}

/** As `stateOf`, of an actor that is not explored. */
export function stateIn({ words }: Here, object: number): Standing["state"] {
  const state = mailbox.stateHint(words, object)
  if (state === mailbox.LIVES) return "running"
  return state === mailbox.DOWN ? "down" : "gone"
}

/** How often it was started. */
export function livesOf(object: number): number {
  return stage()?.standing(object).lives ?? mailbox.livesHint(here().words, object)
}

/** Messages that wait, and the one in hand. */
export function loadOf(object: number): number {
  const played = stage()
  if (played !== undefined) return played.standing(object).load
  const { words } = here()
  return mailbox.depthHint(words, object) + (mailbox.currentHint(words, object) === 0 ? 0 : 1)
}

/** Whether it takes plain messages, and has no methods. */
export function isFunction(object: number): boolean {
  return stage()?.standing(object).isFunction ?? isFunctionActor(here(), object)
}
