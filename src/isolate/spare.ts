/**
 * A thread that has loaded the runtime and has no place in the shared memory: it takes that of an
 * isolate that dies, sooner than a thread that is started then.
 *
 * It is kept where one isolate runs alone and somebody waits for its successor; of several, the
 * others take over meanwhile.
 */
import { startThread, type Thread, type ThreadExit, type ThreadOptions } from "#platform/thread"

/** What a spare is told when it is started: what to load meanwhile. */
export interface SpareData {
  readonly spare: readonly string[]
}

/** What a spare is told when it becomes an isolate; as `D` for one that is started for that. */
export interface BeginMessage<D> {
  readonly begin: D
}

/** Who hears of a thread. */
export type Hearers = Pick<ThreadOptions, "onMessage" | "onExit">

interface Spare {
  readonly thread: Thread
  hearers: Hearers | undefined
  readonly ended: Promise<void>
}

let spare: Spare | undefined

/** Starts the spare unless there is one; it does not keep the process alive. */
export function provideSpare(
  options: Omit<ThreadOptions, "data" | "transfer" | keyof Hearers>,
  entries: readonly string[],
): void {
  if (spare !== undefined) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const data: SpareData = { spare: entries }
  const thread = startThread({
    ...options,
    data,
    transfer: [],
    onMessage: (message) => fresh.hearers?.onMessage(message),
    onExit(exit: ThreadExit) {
      if (spare === fresh) spare = undefined
      fresh.hearers?.onExit(exit)
      resolve()
    },
  })
  thread.ref(false)
  const fresh: Spare = { thread, hearers: undefined, ended: promise }
  spare = fresh
}

/** The spare, which becomes an isolate as `data` says; undefined when there is none. */
export function takeSpare<D>(
  data: D,
  transfer: ThreadOptions["transfer"],
  hearers: Hearers,
): Thread | undefined {
  if (spare === undefined) return undefined
  const { thread } = spare
  spare.hearers = hearers
  spare = undefined
  const message: BeginMessage<D> = { begin: data }
  thread.post(message, transfer)
  return thread
}

/** Ends the spare. */
export async function endSpare(): Promise<void> {
  if (spare === undefined) return
  spare.thread.ref(true)
  spare.thread.terminate()
  await spare.ended
}
