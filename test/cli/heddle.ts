/** Runs the command `heddle` from source, as tests need it. */
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

/** How a run of the command ended. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))

/** The folder of the programs that tests run. */
export const FIXTURES = fileURLToPath(new URL("./fixtures", import.meta.url))

/**
 * Runs `heddle` with `args` in the folder of fixtures; `watch` sees the process and its output.
 * `flags` are Node's own.
 */
export function heddle(
  args: readonly string[],
  watch?: (child: ChildProcess, stdout: string) => void,
  flags: readonly string[] = [],
): Promise<Run> {
  const all = ["--conditions=source", ...flags, MAIN, ...args]
  const child = spawn(process.execPath, all, { cwd: FIXTURES })
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
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  })
}
