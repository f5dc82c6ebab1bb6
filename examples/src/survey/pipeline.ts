/**
 * The survey as a pipeline: a walker sends paths, parser tasks turn them into summaries, and
 * whoever called adds the summaries up.
 *
 *   walker -> paths -> parser, parser, ... -> summaries -> aggregate
 *
 * Both channels are bounded: a walker that is faster than the parsers waits for them.
 */
import { type Channel, channel, go, sharedArray } from "heddle"
import { Aggregate, type Result } from "./aggregate.ts"
import { parse, type Shift } from "./parser.ts"
import type { Summary } from "./summarise.ts"
import { walk } from "./walk.ts"

/** How a survey is run. */
export interface Run {
  readonly folder: string
  /** How many parser tasks work side by side. */
  readonly parsers: number
  /** All of them in the isolate that calls, and so one after the other. */
  readonly here: boolean
  readonly signal: AbortSignal
  /** Called after each file. */
  progress(done: number, known: number, path: string): void
}

/** What came of a run. */
export interface Survey {
  readonly result: Result
  readonly elapsedMs: number
  /** Processor time of the whole process: the isolates, and what V8 does for them beside them. */
  readonly processorMs: number
  readonly shifts: readonly Shift[]
  /** The signal came before the end: the result is of the files until then. */
  readonly stopped: boolean
}

/** Short strings: enough of them that the walker is mostly done early and the bar knows its end. */
const PATHS_WAITING_MAX = 4_096
const SUMMARIES_WAITING_MAX = 64

/** Surveys a folder. */
export async function survey(run: Run): Promise<Survey> {
  const begun = performance.now()
  const used = process.cpuUsage()
  const paths = channel<string>(PATHS_WAITING_MAX)
  const summaries = channel<Summary>(SUMMARIES_WAITING_MAX)
  const known = { files: 0 }
  // After the signal the paths that wait are passed over, and everything behind them runs dry.
  const over = sharedArray(Int32Array, 1)
  const stop = () => void Atomics.store(over, 0, 1)
  run.signal.addEventListener("abort", stop, { once: true })
  const walker = send(run, paths, known)
  const tasks = Array.from({ length: run.parsers }, () =>
    run.here
      ? go.with({ on: "main" })(parse, run.folder, paths, summaries, over)
      : go(parse, run.folder, paths, summaries, over),
  )
  const parsers = Promise.all(tasks).finally(() => summaries.close())
  const aggregate = new Aggregate()
  for await (const summary of summaries) {
    aggregate.add(summary)
    run.progress(aggregate.size, known.files, summary.path)
  }
  run.signal.removeEventListener("abort", stop)
  await walker
  const shifts = await parsers
  const result = aggregate.result()
  const elapsedMs = performance.now() - begun
  const { user, system } = process.cpuUsage(used)
  const processorMs = (user + system) / 1000
  return { result, elapsedMs, processorMs, shifts, stopped: run.signal.aborted }
}

/** The walker: it waits while the channel is full, and closes it behind the last path. */
async function send(run: Run, paths: Channel<string>, known: { files: number }): Promise<void> {
  for (const path of walk(run.folder)) {
    if (run.signal.aborted) break
    known.files++
    await paths.send(path)
  }
  paths.close()
}
