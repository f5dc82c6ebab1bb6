/**
 * The end of an actor that does not hear that it shall end, because its code never returns: the
 * isolate is ended, and what else lives there with it.
 */
import { after, now } from "#platform/clock"
import { ACTOR_KILL_MS, ISOLATE_STUCK_MS } from "#platform/limits"
import { type Here, here } from "../internal/loop/here.ts"
import { COUNTER, counted } from "../internal/memory/counters.ts"
import { isAlive, slotOf } from "../internal/memory/owners.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import { requestKill } from "../isolate/kill.ts"
import type { ActorRef } from "./ref.ts"

/**
 * An actor was killed that lives elsewhere: looks now and then whether it has exited. When its own
 * code runs all the time, or nobody looks at what its isolate is told, that isolate is ended.
 */
export function endIfStuck(at: Here, ref: ActorRef<unknown>): void {
  if (ref.living !== undefined || mailbox.stateHint(at.words, ref.id) !== mailbox.LIVES) return
  const home = mailbox.homeHint(at.words, ref.id)
  const life = mailbox.livesHint(at.words, ref.id)
  look(ref, home, life, now() + ISOLATE_STUCK_MS)
}

function look(ref: ActorRef<unknown>, home: number, life: number, deadline: number): void {
  after(
    ACTOR_KILL_MS,
    () => {
      const { words } = here()
      const isOver =
        mailbox.stateHint(words, ref.id) !== mailbox.LIVES ||
        mailbox.livesHint(words, ref.id) !== life
      if (isOver || !isAlive(words, home) || !mailbox.isUrgent(words, ref.id)) return
      const itself = counted(words, slotOf(home), COUNTER.ACTOR_RUNS) === ref.id
      if (itself || now() >= deadline) requestKill(home)
      else look(ref, home, life, deadline)
    },
    true,
  )
}
