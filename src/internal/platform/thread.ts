/**
 * Threads of the host: starting, talking to and ending them. The only importer of worker threads.
 */
import "./supported.ts"
import { availableParallelism, totalmem } from "node:os"
import {
  isMainThread,
  MessageChannel,
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  type Transferable,
  Worker,
  workerData,
} from "node:worker_threads"
import { every, nextTurn, type Timer } from "./clock.ts"
import { INTERRUPT_AGAIN_MS, ISOLATE_YOUNG_HEAP_MB, ISOLATE_YOUNG_HEAP_PART } from "./limits.ts"
import { ownUrl } from "./module.ts"

export { isMainThread, MessageChannel, type MessagePort, receiveMessageOnPort }

/** What a thread is started with: what `entry.ts` loads, and what that is told. */
interface ThreadData {
  readonly entry: string
  readonly data: unknown
}

/** What a thread was started with. */
export const startData: unknown = (workerData as ThreadData | null)?.data

/** The first file of every thread. */
const ENTRY = ownUrl("internal/platform/entry")

/** Cores this process may use. */
export const cores: number = availableParallelism()

/** Megabytes of memory that this process may use: the machine's, or the container's. */
export function memoryMb(): number {
  // The host says 0, or a number beyond all memory, where nothing is constrained.
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  return Math.floor(bytes / 2 ** 20)
}

/** Why a thread ended. */
export interface ThreadExit {
  readonly code: number
  readonly error: unknown
}

/** A running thread, as its starter sees it. */
export interface Thread {
  post(message: unknown, transfer?: readonly Transferable[]): void
  /** Ends the thread at its next safe point, whatever it does. */
  terminate(): void
  /** Whether this thread keeps the process alive. */
  ref(alive: boolean): void
  /** Undefined where the host does not tell. */
  eventLoopUtilization(): number | undefined
}

/** What to start a thread with. */
export interface ThreadOptions {
  readonly entry: URL
  readonly name: string
  readonly data: unknown
  readonly transfer: readonly Transferable[]
  readonly heapMb: number
  onMessage(message: unknown): void
  onExit(exit: ThreadExit): void
}

/**
 * Flags for threads: those of this process, and the transform's hook when it is active here; not
 * what `--eval` is, since a thread is a file. Undefined means those of this process: given
 * explicitly, the host refuses some that it would hand down.
 */
function execArgv(): string[] | undefined {
  const flags = process.execArgv
  const hook = unmentionedHook(flags)
  if (hook === undefined && !flags.some((flag) => flag.startsWith("--input-type"))) return undefined
  return [...threadFlags(flags), ...(hook === undefined ? [] : ["--import", hook])]
}

/** The transform's hook, where it is active and no flag loads it. */
function unmentionedHook(flags: readonly string[]): string | undefined {
  const hook: unknown = Reflect.get(globalThis, Symbol.for("heddle.register"))
  if (typeof hook !== "string") return undefined
  const isGiven = flags.some((flag) => flag.includes(hook) || flag.includes("heddle/register"))
  return isGiven ? undefined : hook
}

/**
 * Flags that threads take. Those of the engine and of the process hold for all threads anyway, and
 * one of them makes a thread refuse to start.
 */
const THREAD_FLAGS = new RegExp(
  `^(${[
    "--(import|require|conditions|enable-source-maps|disable-warning)|-r|-C",
    "--preserve-symlinks.*|--experimental-(?!permission|wasm-(?!modules)).*",
    "--no-(addons|deprecation|experimental-.*|extra-info-on-fatal-exception)",
    "--no-(global-search-paths|network-family-autoselection|verify-base-objects|warnings)",
    "--trace-(deprecation|env.*|exit|promises|sync-io|tls|uncaught|warnings)",
  ].join("|")})(=|$)`,
)

/** Those of `flags` that threads take, with their values. */
function threadFlags(flags: readonly string[]): string[] {
  const taken: string[] = []
  let takes = false
  for (const flag of flags) {
    if (flag.startsWith("-")) takes = THREAD_FLAGS.test(flag)
    if (takes) taken.push(flag)
  }
  return taken
}

/** Starts a thread that loads `entry`; one that the system refuses ends with the reason. */
export function startThread(options: ThreadOptions): Thread {
  let worker: Worker
  try {
    worker = newWorker(options)
  } catch (error) {
    nextTurn(() => options.onExit({ code: 1, error: withReason(error) }))
    return REFUSED
  }
  let failure: unknown
  worker.on("message", options.onMessage)
  worker.on("error", (error: unknown) => {
    failure = error
  })
  const interrupt = interrupter(worker)
  worker.on("exit", (code) => options.onExit({ code, error: withReason(failure) }))
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer as Transferable[]),
    terminate: interrupt,
    ref: (alive) => (alive ? worker.ref() : worker.unref()),
    eventLoopUtilization: () => worker.performance.eventLoopUtilization().utilization,
  }
}

function newWorker({ entry, name, data, transfer, heapMb }: ThreadOptions): Worker {
  const flags = execArgv()
  const threadData: ThreadData = { entry: entry.href, data }
  return new Worker(ENTRY, {
    name,
    workerData: threadData,
    transferList: transfer as Transferable[],
    ...(flags === undefined ? {} : { execArgv: flags }),
    resourceLimits: {
      maxOldGenerationSizeMb: heapMb,
      maxYoungGenerationSizeMb: Math.min(
        ISOLATE_YOUNG_HEAP_MB,
        Math.ceil(heapMb / ISOLATE_YOUNG_HEAP_PART),
      ),
    },
  })
}

/** A thread that the system has refused. */
const REFUSED: Thread = {
  post() {},
  terminate() {},
  ref() {},
  eventLoopUtilization: () => 0,
}

/** Says in words why a thread did not start, where the host's error does not. */
function withReason(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (/^E[A-Z]+$/.test(error.message)) {
    const many = "too many run, as ulimit -u or a container counts them"
    return new Error(`the system gives no thread: ${many} (${error.message})`, { cause: error })
  }
  const code: unknown = Reflect.get(error, "code")
  if (code !== "ERR_WORKER_PATH" && !isEntryMissing(error, code)) return error
  const message =
    "Heddle's files are not beside it: a bundler has moved it that had no plugin of " +
    "heddle/bundler. Use the plugin, or leave heddle out of the bundle (`external`)"
  return new Error(message, { cause: error })
}

function isEntryMissing({ message }: Error, code: unknown): boolean {
  const isMissing = code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND"
  return isMissing && message.includes(decodeURI(ENTRY.pathname))
}

/**
 * What ends a thread. The host runs finalizers after it has interrupted one, and what waits for
 * ever there cannot be ended by that: so it is interrupted until it has ended.
 */
function interrupter(worker: Worker): () => void {
  let again: Timer | undefined
  let isOver = false
  worker.on("exit", () => {
    isOver = true
    again?.stop()
  })
  return () => {
    if (isOver || again !== undefined) return
    // Each call adds a listener, and the host warns of many.
    worker.setMaxListeners(0)
    void worker.terminate()
    again = every(INTERRUPT_AGAIN_MS, () => void worker.terminate(), true)
  }
}

/** Sends to the thread that started this one. */
export function postToStarter(message: unknown): void {
  parentPort?.postMessage(message)
}

/** Listens to the thread that started this one, without keeping this one alive. */
export function onStarterMessage(listener: (message: unknown) => void): void {
  parentPort?.on("message", listener)
  parentPort?.unref()
}

/**
 * Called by a thread that has been blocked, and may go on for ever without coming to its event
 * loop: this host ends a thread wherever it is.
 */
export function leaveIfEnded(): void {}

/** Whether a thread hears its starter while it runs on: see `receiveFromStarter`. */
export const hearsStarterSync: boolean = true

/** What this thread was sent by the one that started it, without a turn of the event loop. */
export function receiveFromStarter(): unknown {
  return parentPort === null ? undefined : receiveMessageOnPort(parentPort)?.message
}

/** Listens on a port without keeping the thread alive. */
export function onPort(port: MessagePort, listener: (message: unknown) => void): void {
  port.on("message", listener)
  port.unref()
}

/** A setting from the environment. */
export function environment(name: string): string | undefined {
  return process.env[name]
}

/** Runs `fn` when the main thread's event loop has nothing left to do. */
export function beforeEnd(fn: () => void): void {
  process.on("beforeExit", fn)
}

/** Tells the user of something that went wrong where no call can report it. */
export function warn(message: string, cause: unknown): void {
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  process.emitWarning(`${message}: ${detail}`, "HeddleWarning")
}

/** What ends a program from outside, with its number. */
const INTERRUPTS = { SIGINT: 2, SIGTERM: 15 } as const

/**
 * Calls `listener` when the program is interrupted and handles that nowhere itself; until then, or
 * until what this returns is called. The second time the program ends at once.
 */
export function onInterrupt(listener: (exitCode: number) => void): () => void {
  const undo: (() => void)[] = []
  for (const [name, number] of Object.entries(INTERRUPTS)) {
    const heard = (): void => {
      if (process.listenerCount(name) > 1) return
      for (const one of undo) one()
      listener(128 + number)
    }
    process.on(name, heard)
    undo.push(() => process.off(name, heard))
  }
  return () => {
    for (const one of undo) one()
  }
}

/** Ends the program. */
export function endProgram(exitCode: number): void {
  process.exit(exitCode)
}
