/** Processes that tests start: what they print, and how they end. */
import type { ChildProcess, ChildProcessWithoutNullStreams } from "node:child_process"

/** How a process ended, and what it printed. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Sees the process, and what it has printed so far. */
export type Watch = (child: ChildProcess, stdout: string) => void

/** A hang is a failure, said in words; a machine ten times slower than ours is none. */
const BOUND_MS = 120_000

/** Resolves when a process has ended; one that hangs is ended, and the error calls it `title`. */
export function ended(
  child: ChildProcessWithoutNullStreams,
  title: string,
  watch?: Watch,
): Promise<Ended> {
  let stdout = ""
  let stderr = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text
    watch?.(child, stdout)
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL")
      reject(new Error(`${title} hangs; it printed: ${stdout}${stderr}`))
    }, BOUND_MS)
    child.on("error", reject)
    child.on("close", (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, stdout, stderr })
    })
  })
}
