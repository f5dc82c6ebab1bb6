/** Imported before the rooms, so that its step is the first for a dead isolate. */
import { takeAll } from "../../src/internal/queue/inbox.ts"
import { onReap } from "../../src/isolate/reap.ts"

/** What was left in the inboxes of the dead when the first step began. */
export const left: number[] = []

onReap((at, token) => left.push(takeAll(at.words, token)))
