/** Weighing this process. */
import { readFileSync } from "node:fs"
import { setTimeout as rest } from "node:timers/promises"
import type { Context, Sample, Size } from "./scenario.ts"

/** Workers that are started to be weighed. */
export const WORKERS = 8

/** V8 gives an idle isolate's spare memory back some ten seconds after it has become idle. */
const SETTLE_MS: Record<Size, number> = { full: 15_000, quick: 15_000, smoke: 50 }

/** MiB per worker that `start` brings, once it has settled. */
export async function mebibytesOf(
  context: Context,
  start: () => Promise<unknown>,
): Promise<Sample> {
  const before = anonymousMebibytes()
  await start()
  await rest(SETTLE_MS[context.size])
  return { value: (anonymousMebibytes() - before) / WORKERS }
}

/** Anonymous resident memory of this process in MiB. */
function anonymousMebibytes(): number {
  const line = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))
  if (line === null) throw new Error("/proc/self/status does not tell RssAnon")
  return Number(line[1]) / 1024
}
