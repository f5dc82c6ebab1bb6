/**
 * The first file of every thread in a browser: waits to be told what to load, and says what becomes
 * of the thread, for a browser tells nobody.
 *
 * Only types are imported: with any file of the house comes the house, which would look for what
 * this thread was told before it is.
 */
import type { Browser, ThreadNotice, ThreadStart } from "./host.ts"

interface ThreadScope extends Pick<Browser, "navigator"> {
  postMessage(message: ThreadNotice): void
  close(): void
  addEventListener(
    type: "message" | "error" | "unhandledrejection",
    listener: (event: {
      readonly data?: unknown
      readonly error?: unknown
      readonly reason?: unknown
    }) => void,
  ): void
}

/** Where `host.ts` finds what the thread was started with. */
const START = Symbol.for("heddle.thread")

const scope = globalThis as unknown as ThreadScope

function fail(error: unknown): void {
  try {
    scope.postMessage({ type: "failed", error })
  } catch {
    scope.postMessage({ type: "failed", error: new Error(String(error)) })
  }
}

/** What `close` says before it ends the thread: nobody would hear of that. */
const close = scope.close.bind(scope)
scope.close = () => {
  scope.postMessage({ type: "closed" })
  close()
}

scope.addEventListener("error", ({ error }) => fail(error))
scope.addEventListener("unhandledrejection", ({ reason }) => fail(reason))
scope.addEventListener("message", ({ data }) => {
  const start = data as ThreadStart
  Reflect.set(globalThis, START, start)
  const held = (): Promise<void> => {
    scope.postMessage({ type: "alive" })
    import(/* @vite-ignore */ start.entry).catch(fail)
    return new Promise(() => {})
  }
  void scope.navigator.locks.request(start.lock, held)
})
