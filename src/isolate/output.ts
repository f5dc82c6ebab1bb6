/**
 * What isolates write comes out before they end. A thread's standard output and error go through
 * main: what is still on its way when main ends, or when the thread is ended, is lost.
 */
import { after } from "#platform/clock"
import { OUTPUT_GRACE_MS } from "#platform/limits"
import { hold, letGo } from "#platform/park"
import type { Thread } from "#platform/thread"

/** Asks an isolate to say when what it has written so far has come to main. */
export interface FlushMessage {
  readonly flush: true
}

/** An isolate's answer to that. */
export const WRITTEN = "written"

/** An isolate that runs: its token, and its thread. */
interface Writer {
  readonly token: number
  readonly thread: Thread
}

/** Whoever waits for an isolate's answer, by its token. */
const waiting = new Map<number, () => void>()

/**
 * Resolves when all that these isolates have written has come to main, or after OUTPUT_GRACE_MS:
 * one that does not come to its event loop does not answer.
 */
export async function flushOutput(writers: readonly Writer[]): Promise<void> {
  if (writers.length === 0) return
  hold()
  const { promise, resolve } = Promise.withResolvers<void>()
  const limit = after(OUTPUT_GRACE_MS, resolve, true)
  const answers = writers.map(({ token, thread }) => {
    thread.post({ flush: true } satisfies FlushMessage)
    return new Promise<void>((answered) => waiting.set(token, answered))
  })
  await Promise.race([promise, Promise.all(answers)])
  limit.stop()
  letGo()
}

/** An isolate has answered, or will not: it has ended. */
export function outputCame(token: number): void {
  waiting.get(token)?.()
  waiting.delete(token)
}
