/** Programs of their own: what a test must see from outside. */
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

/** How a program ended, and what it printed. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A hang is a failure, said in words; a machine ten times slower than ours is none. */
const BOUND_MS = 120_000

/** Runs the fixture `name`; `watch` sees the process and what it has printed so far. */
export function program(
  name: string,
  args: readonly string[] = [],
  options: {
    env?: Record<string, string>
    flags?: readonly string[]
    watch?: (child: ChildProcess, stdout: string) => void
  } = {},
): Promise<Ended> {
  const file = fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url))
  const flags = ["--conditions=source", ...(options.flags ?? []), file, ...args]
  const child = spawn(process.execPath, flags, { env: { ...process.env, ...options.env } })
  let stdout = ""
  let stderr = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text
    options.watch?.(child, stdout)
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL")
      reject(new Error(`${name} ${args.join(" ")} hangs; it printed: ${stdout}${stderr}`))
    }, BOUND_MS)
    child.on("error", reject)
    child.on("close", (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, stdout, stderr })
    })
  })
}
