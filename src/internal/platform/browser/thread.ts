/**
 * Threads of a browser: module workers over shared memory.
 *
 * A browser says when a worker could not be loaded and when an error went uncaught, but not when it
 * has ended: `terminate` returns while the worker may still run for a moment. So each holds a lock
 * of the browser all its life, and its end is the moment in which its starter gets that lock.
 *
 * A worker that comes to its event loop ends at once; one that does not, Chromium stops after two
 * seconds. So what blocks for long looks, when it is woken, whether it is to end.
 */
import { load, store } from "./atomics.ts"
import {
  browser,
  type HostWorker,
  type Port,
  type ThreadNotice,
  type ThreadStart,
  type Transferable,
  threadStart,
} from "./host.ts"
import { knownPackages } from "./known-packages.ts"
import { ownUrl } from "./module.ts"

const start = threadStart()

/** Whether Heddle did not start this thread: a page, or a worker of the program's own. */
export const isMainThread: boolean = start === undefined

/** Makes two ports that are joined. */
export const { MessageChannel } = browser

/** One end of a channel of messages. */
export interface MessagePort extends Port {}

/** What a thread was started with. */
export const startData: unknown = start?.data

/** Cores this page may use. */
export const cores: number = browser.navigator.hardwareConcurrency

/** A page's threads have the heap that the browser gives them. */
export function memoryMb(): number {
  return Infinity
}

/** Why a thread ended. */
export interface ThreadExit {
  readonly code: number
  readonly error: unknown
}

/** A running thread, as its starter sees it. */
export interface Thread {
  post(message: unknown, transfer?: readonly Transferable[]): void
  /** Ends the thread: at once when it waits, within two seconds when it computes. */
  terminate(): void
  /** A page lives as long as it is open. */
  ref(alive: boolean): void
  /** A browser does not tell. */
  eventLoopUtilization(): number | undefined
}

/** What to start a thread with; a browser bounds no heap. */
export interface ThreadOptions {
  readonly entry: URL
  readonly name: string
  readonly data: unknown
  readonly transfer: readonly Transferable[]
  readonly heapMb: number
  onMessage(message: unknown): void
  onExit(exit: ThreadExit): void
}

/** Starts a thread that loads `entry`. */
export function startThread(options: ThreadOptions): Thread {
  const { entry, name, data, transfer, onMessage } = options
  const { port1, port2 } = new MessageChannel()
  onPort(port1, onMessage)
  const worker = new Life(name, port1, options.onExit)
  const { lock, ended } = worker
  const packages = knownPackages()
  worker.begin({ entry: entry.href, data, port: port2, ended, lock, packages }, [
    ...transfer,
    port2,
  ])
  return {
    post: (message, moved = []) => port1.postMessage(message, moved),
    terminate: () => worker.terminate(),
    ref: () => {},
    eventLoopUtilization: () => undefined,
  }
}

/** The life of one worker, from here to the moment in which it certainly runs no more. */
class Life {
  readonly lock: string = `heddle ${browser.crypto.randomUUID()}`
  readonly ended: Int32Array = new Int32Array(new SharedArrayBuffer(4))
  readonly #worker: HostWorker
  readonly #port: Port
  readonly #onExit: (exit: ThreadExit) => void
  #alive = false
  #exit: ThreadExit | undefined

  constructor(name: string, port: Port, onExit: (exit: ThreadExit) => void) {
    this.#port = port
    this.#onExit = onExit
    const url = ownUrl("internal/platform/browser/entry")
    this.#worker = new browser.Worker(url, { type: "module", name })
    this.#worker.addEventListener("message", ({ data }) => this.#heard(data as ThreadNotice))
    this.#worker.addEventListener("error", ({ message }) => {
      // With a message the worker has told of the error itself; without, nothing of it was loaded.
      if (message === undefined) this.#neverBegan(url)
    })
  }

  begin(start: ThreadStart, transfer: readonly Transferable[]): void {
    this.#worker.postMessage(start, transfer)
  }

  /** Ends it wherever it is: what it still says is not heard. */
  terminate(): void {
    store(this.ended, 0, 1)
    this.#port.close()
    this.#end(1, undefined)
  }

  /** Ends it, once it can be known when it has ended. */
  #end(code: number, error: unknown): void {
    if (this.#exit !== undefined) return
    this.#exit = { code, error }
    if (this.#alive) this.#kill(this.#exit)
  }

  #heard(notice: ThreadNotice): void {
    if (notice.type === "failed") this.#end(1, notice.error)
    else if (notice.type === "closed") this.#end(0, undefined)
    else {
      this.#alive = true
      if (this.#exit !== undefined) this.#kill(this.#exit)
    }
  }

  #kill(exit: ThreadExit): void {
    this.#worker.terminate()
    void browser.navigator.locks.request(this.lock, () => this.#gone(exit))
  }

  #neverBegan(url: URL): void {
    if (this.#alive) return
    this.#worker.terminate()
    const error = new Error(`${url.href} could not be loaded as a worker`)
    this.#gone(this.#exit ?? { code: 1, error })
  }

  /** What it has sent before its end arrives first. */
  #gone(exit: ThreadExit): undefined {
    this.#exit = exit
    setTimeout(() => {
      this.#port.close()
      this.#onExit(exit)
    }, 0)
  }
}

/** How a thread leaves its stack when it is to end. */
class ThreadEnded extends Error {}

/**
 * Called by a thread that has been blocked, and may go on for ever without coming to its event
 * loop: throws when it is to end.
 */
export function leaveIfEnded(): void {
  if (start !== undefined && load(start.ended, 0) === 1)
    throw new ThreadEnded("this thread is ended")
}

/** Sends to the thread that started this one. */
export function postToStarter(message: unknown): void {
  start?.port.postMessage(message)
}

/** Listens to the thread that started this one. */
export function onStarterMessage(listener: (message: unknown) => void): void {
  if (start !== undefined) onPort(start.port, listener)
}

/** Messages come in turns of the event loop alone. */
export const hearsStarterSync: boolean = false

/** Nothing is received without a turn of the event loop. */
export function receiveFromStarter(): unknown {
  return undefined
}

/** Listens on a port. */
export function onPort(port: MessagePort, listener: (message: unknown) => void): void {
  port.addEventListener("message", ({ data }) => listener(data))
  port.start()
}

/** A browser gives messages to listeners only, never to who looks for one. */
export function receiveMessageOnPort(
  _port: MessagePort,
): { readonly message: unknown } | undefined {
  return undefined
}

/** A page has no environment. */
export function environment(_name: string): string | undefined {
  return undefined
}

/** A page does not end by itself. */
export function beforeEnd(_fn: () => void): void {}

/** Tells the user of something that went wrong where no call can report it. */
export function warn(message: string, cause: unknown): void {
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  browser.console.warn(`${message}: ${detail}`)
}

/** Nobody interrupts a page. */
export function onInterrupt(_listener: (exitCode: number) => void): () => void {
  return () => {}
}

/** A page is ended by closing it. */
export function endProgram(_exitCode: number): void {}
