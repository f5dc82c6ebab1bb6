/** Weighing this process. */
import { readFileSync } from "node:fs"
import { setTimeout as rest } from "node:timers/promises"
import type { Sample } from "./scenario.ts"

/** Workers that are started to be weighed. */
export const WORKERS = 8

const SETTLE_MS = 500

/** MiB per worker that `start` brings, once it has settled. */
export async function mebibytesOf(start: () => Promise<unknown>): Promise<Sample> {
  const before = anonymousMebibytes()
  await start()
  await rest(SETTLE_MS)
  return { value: (anonymousMebibytes() - before) / WORKERS }
}

/** Anonymous resident memory of this process in MiB. */
function anonymousMebibytes(): number {
  const line = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))
  if (line === null) throw new Error("/proc/self/status does not tell RssAnon")
  return Number(line[1]) / 1024
}
