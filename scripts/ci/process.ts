/** Child processes with an end: every step of the checks runs under a bound that has a name. */
import { type ChildProcess, spawn } from "node:child_process"

/** How a child process ended, and all it printed. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The bound was reached and the whole process group was killed. */
  readonly timedOut: boolean
  /** Standard output and standard error, as they came: the order between the two is chance. */
  readonly output: string
  readonly stdout: string
  readonly stderr: string
  readonly elapsedMs: number
}

/** What a child process may use. */
export interface Bounds {
  readonly cwd: string
  readonly boundMs: number
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** A test that prints without end must not fill the memory of its watcher. */
const OUTPUT_CHARACTERS_MAX = 1_000_000

const running = new Set<ChildProcess>()

/** Runs a command to its end or its bound. Never rejects: what cannot start has failed. */
export function run(command: string, args: readonly string[], bounds: Bounds): Promise<Ended> {
  const begun = performance.now()
  return new Promise((resolve) => {
    // A group of its own, so that a hanging test is killed together with what it started.
    const child = spawn(command, args, {
      cwd: bounds.cwd,
      env: { ...process.env, ...bounds.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    })
    running.add(child)
    const texts = { output: "", stdout: "", stderr: "" }
    let timedOut = false
    const keep = (stream: "stdout" | "stderr") => (text: string) => {
      if (texts.output.length >= OUTPUT_CHARACTERS_MAX) return
      texts.output += text
      texts[stream] += text
    }
    child.stdout.setEncoding("utf8").on("data", keep("stdout"))
    child.stderr.setEncoding("utf8").on("data", keep("stderr"))
    const timer = setTimeout(() => {
      timedOut = true
      killGroup(child)
      // What has left the group may hold the pipes for ever.
      child.stdout.destroy()
      child.stderr.destroy()
    }, bounds.boundMs)
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      clearTimeout(timer)
      running.delete(child)
      resolve({ code, signal, timedOut, ...texts, elapsedMs: performance.now() - begun })
    }
    child.on("error", (error) => {
      keep("stderr")(String(error))
      end(127, null)
    })
    child.on("close", end)
  })
}

/** Ends every child still running: for Ctrl-C, since the groups of their own do not hear it. */
export function killAll(): void {
  for (const child of running) killGroup(child)
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL")
  } catch {
    // It ended between our look and our signal.
  }
}
