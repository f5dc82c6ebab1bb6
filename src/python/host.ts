/** What the thread of an interpreter tells the host, which is main. */
import { postToStarter } from "#platform/thread"
import type { FromThread } from "./from-thread.ts"

/** Tells the host, which hears of it when it comes to its event loop. */
export function tellHost(message: FromThread): void {
  postToStarter(message)
}
