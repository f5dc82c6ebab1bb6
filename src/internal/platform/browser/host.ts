/**
 * What we use of a browser, as types: its own declarations would put the page's globals into every
 * file of the project.
 */

/** Tells the host what to move instead of copying. */
export type Transferable = object

/** One end of a channel of messages; what arrives waits until somebody listens. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void
  start(): void
  close(): void
}

/** A thread of the browser. */
export interface HostWorker {
  postMessage(message: unknown, transfer: readonly Transferable[]): void
  terminate(): void
  addEventListener(
    type: "message" | "error",
    listener: (event: { readonly data?: unknown; readonly message?: string }) => void,
  ): void
}

/** What a page or a thread of a browser has. */
export interface Browser {
  readonly crossOriginIsolated: boolean
  readonly location: { readonly href: string }
  readonly navigator: {
    readonly userAgent: string
    readonly hardwareConcurrency: number
    readonly locks: {
      request(name: string, held: () => Promise<void> | undefined): Promise<void>
    }
  }
  readonly crypto: { randomUUID(): string }
  readonly performance: { readonly memory?: { readonly usedJSHeapSize: number } }
  readonly console: { log(text: string): void; error(text: string): void; warn(text: string): void }
  readonly MessageChannel: new () => { readonly port1: Port; readonly port2: Port }
  readonly Worker: new (url: URL, options: { type: "module"; name: string }) => HostWorker
  readonly caches?: {
    open(name: string): Promise<HostCache>
  }
  /** Only in threads. */
  readonly WorkerGlobalScope?: unknown
  fetch(url: string): Promise<HostResponse>
}

/** An answer to a request. */
export interface HostResponse {
  readonly ok: boolean
  readonly status: number
  arrayBuffer(): Promise<ArrayBuffer>
}

/** Answers that outlive the page. */
export interface HostCache {
  match(url: string): Promise<HostResponse | undefined>
  put(url: string, response: HostResponse): Promise<void>
  keys(): Promise<readonly { readonly url: string }[]>
  delete(url: string): Promise<boolean>
}

/** The page or the thread that this code runs in. */
export const browser: Browser = globalThis as unknown as Browser

/** What a thread is started with: what `entry.ts` loads, and what that is told. */
export interface ThreadStart {
  readonly entry: string
  readonly data: unknown
  /** To and from the thread that started this one. */
  readonly port: Port
  /** One word in shared memory: 1 when the thread is to end. */
  readonly ended: Int32Array
  /** Held as long as the thread lives: see thread.ts. */
  readonly lock: string
  /** Where packages lie, by name: only the page knows. */
  readonly packages: Readonly<Record<string, string>>
}

/** What a thread tells its starter of itself. */
export type ThreadNotice =
  /** It lives, and can be ended. */
  | { readonly type: "alive" }
  | { readonly type: "closed" }
  | { readonly type: "failed"; readonly error: unknown }

/** Where `entry.ts` leaves what the thread was started with. */
const START = Symbol.for("heddle.thread")

/** What this thread was started with; undefined where Heddle did not start it. */
export function threadStart(): ThreadStart | undefined {
  return Reflect.get(globalThis, START) as ThreadStart | undefined
}
