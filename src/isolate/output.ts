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

/** Who waits for an isolate's answers, by its token: it answers in the order it was asked. */
const waiting = new Map<number, (() => void)[]>()

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
    return new Promise<void>((answered) => {
      const others = waiting.get(token)
      if (others === undefined) waiting.set(token, [answered])
      else others.push(answered)
    })
  })
  await Promise.race([promise, Promise.all(answers)])
  limit.stop()
  letGo()
}

/** An isolate has answered. */
export function outputCame(token: number): void {
  waiting.get(token)?.shift()?.()
}

/** An isolate has ended, and answers nobody. */
export function outputEnded(token: number): void {
  for (const answered of waiting.get(token) ?? []) answered()
  waiting.delete(token)
}
