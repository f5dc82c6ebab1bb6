/** Hands files to a pool of workers until all are indexed, whatever happens to the workers. */
import { ActorStoppedError, bus, IsolateDiedError, pool } from "heddle"
import { Assassin, type Toll } from "./assassin.ts"
import { Index } from "./index.ts"
import { Indexer, Mishap, type News } from "./indexer.ts"
import type { Page } from "./page.ts"

/** What is to be done. */
export interface Task {
  readonly folder: string
  readonly paths: readonly string[]
  readonly kills: number
  readonly workers: number
  /** Hears of each file that was read, and how many were indexed by then. */
  readonly progress: (done: number, path: string) => void
}

const FILES_PER_JOB = 8
/** Jobs under way per worker: one in hand, one that waits in its mailbox. */
const JOBS_PER_WORKER = 2

/** Indexes everything; rejects with what a worker threw of itself. */
export async function crew(task: Task): Promise<{ index: Index; toll: Toll }> {
  const { folder, paths, kills, workers, progress } = task
  const index = new Index()
  const news = bus<News>()
  const reading = await news.listen("read", ({ path }) => progress(index.files, path))
  await using indexers = await pool(Indexer, [folder, news], {
    size: workers,
    route: "least-loaded",
    // Each death of an isolate takes several workers: more than a healthy program would allow.
    intensity: { restarts: 3 + kills * workers, withinMs: 60_000 },
  })
  const jobs = chunks(paths, FILES_PER_JOB)
  const assassin = new Assassin(indexers, kills, jobs.length)

  /** Asks until a worker has lived long enough to answer. */
  const ask = async (job: readonly string[]): Promise<Page[]> => {
    for (;;) {
      try {
        return await indexers.ask.index(job)
      } catch (error) {
        if (!isCasualty(error) || indexers.statistics().gone > 0) throw error
        assassin.toll.repeated++
      }
    }
  }
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < jobs.length) {
      const asked = ask(jobs[next] as readonly string[])
      assassin.strike(next++)
      for (const page of await asked) index.add(page)
    }
  }
  await Promise.all(Array.from({ length: workers * JOBS_PER_WORKER }, lane))
  reading.unsubscribe()
  assassin.toll.restarts = indexers.statistics().restarts
  return { index, toll: assassin.toll }
}

/** Whether the worker's end is the reason, so that another may do it. */
function isCasualty(error: unknown): boolean {
  return (
    error instanceof ActorStoppedError ||
    error instanceof IsolateDiedError ||
    error instanceof Mishap
  )
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const all: T[][] = []
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size))
  return all
}
