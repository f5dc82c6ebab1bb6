/** The parser task: takes paths, gives summaries, until the paths end. */
import type { Channel } from "heddle"
import { current } from "heddle"
import { readSummary } from "./read.ts"
import type { Summary } from "./summarise.ts"

/** What one parser task did. */
export interface Shift {
  readonly isolate: string
  readonly files: number
  /** Time that this thread had a processor. */
  readonly processorMs: number
}

/** Summarises files as long as there are paths; once it is over, takes paths and does nothing. */
export async function parse(
  folder: string,
  paths: Channel<string>,
  summaries: Channel<Summary>,
  over: Int32Array,
): Promise<Shift> {
  const begun = processorMs()
  let files = 0
  for await (const path of paths) {
    if (Atomics.load(over, 0) !== 0) continue
    await summaries.send(readSummary(folder, path))
    files++
  }
  return { isolate: String(current().isolate), files, processorMs: processorMs() - begun }
}

/** Processor time of this thread, in milliseconds. */
export function processorMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
