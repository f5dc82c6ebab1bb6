/**
 * The arguments of a message whose method is about to be entered. Until it is marked as entered
 * it may be delivered again; so nothing is taken out of it before, and what could fail is tried.
 */
import type { Here } from "../internal/loop/here.ts"
import * as mailbox from "../internal/queue/mailbox.ts"
import * as message from "./message.ts"
import { redelivers } from "./object.ts"

/**
 * The arguments of the message taken last, which is handled from here on.
 *
 * @throws what reading them throws; it was not entered then
 */
export function takeIn(at: Here, object: number, record: number): unknown[] {
  if (redelivers(at, object)) {
    const kept = message.keepArgs(at, record)
    mailbox.enterCurrent(at.words, object, record)
    return kept
  }
  if (message.isHandle(record) || !message.isRepeatable(record)) {
    mailbox.enterCurrent(at.words, object, record)
    return message.takeArgs(at, record)
  }
  const args = message.copyArgs(at, record)
  enterTaken(at, object, record)
  return args
}

/** The message taken last, whose arguments are known, is handled from here on. */
export function enterTaken(at: Here, object: number, record: number): void {
  mailbox.enterCurrent(at.words, object, record)
  if (!redelivers(at, object)) message.dropArgs(record)
}
