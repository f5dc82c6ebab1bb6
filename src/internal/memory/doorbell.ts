/**
 * How an isolate is woken: a word that changes when there is something to look at, and one that
 * says whether it sleeps.
 *
 * Protocol      take the doorbell's value, look at everything, say SLEEPING, look at the doorbell
 *               again, sleep on the value. Whoever brings something rings: one of the two sees the
 *               other
 * Death         who died sleeping is rung in vain
 * Explored by   test/internal/queue/inbox.model.ts
 */
import { add, load, notify, peek, store, type Words } from "#platform/atomics"
import { PAGE, pageOf } from "./layout.ts"
import { slotOf } from "./owners.ts"

/** The doorbell's word: what to sleep on. */
export function doorbell(token: number): number {
  return pageOf(slotOf(token)) + PAGE.DOORBELL
}

/** Makes the isolate look at its inbox and its queues, waking it when it sleeps. */
export function ring(words: Words, token: number): void {
  const page = pageOf(slotOf(token))
  add(words, page + PAGE.DOORBELL, 1)
  if (load(words, page + PAGE.SLEEPING) !== 0) notify(words, page + PAGE.DOORBELL)
}

/** As `ring` for the calling isolate, which is awake and looks soon: nobody has to be notified. */
export function ringOwn(words: Words, token: number): void {
  add(words, pageOf(slotOf(token)) + PAGE.DOORBELL, 1)
}

/**
 * Says whether the isolate sleeps. It looks at its inbox once more after saying so. The word says
 * at which value of the doorbell it fell asleep, so that others see who was woken and has no core.
 */
export function setSleeping(words: Words, token: number, sleeping: boolean): void {
  const page = pageOf(slotOf(token))
  store(words, page + PAGE.SLEEPING, sleeping ? asleepAt(peek(words, page + PAGE.DOORBELL)) : 0)
}

/** What says that an isolate fell asleep at a value of its doorbell; never 0. */
function asleepAt(bell: number): number {
  return (bell << 1) | 1
}

/** Whether the isolate sleeps: a hint. */
export function isSleeping(words: Words, token: number): boolean {
  return peek(words, pageOf(slotOf(token)) + PAGE.SLEEPING) !== 0
}

/** Whether an isolate lives in `slot` and does not sleep, or was woken: a hint. */
export function isAwake(words: Words, slot: number): boolean {
  const page = pageOf(slot)
  if (peek(words, page + PAGE.TOKEN) === 0) return false
  const sleeps = peek(words, page + PAGE.SLEEPING)
  return sleeps === 0 || sleeps !== asleepAt(peek(words, page + PAGE.DOORBELL))
}
