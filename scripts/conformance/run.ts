/**
 * Runs a module or a class of CPython's tests in a process of its own, and a fresh one after each
 * test that did not end, until every test has its outcome.
 */
import { spawn } from "node:child_process"
import { copyFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** What became of one test. */
export interface Outcome {
  readonly test: string
  readonly how: "passed" | "skipped" | "failed" | "hung" | "died"
  readonly why: string
  readonly ms: number
}

/** What one process runs. */
export interface Part {
  readonly module: string
  readonly classes: readonly string[]
}

interface Line {
  readonly start?: string
  readonly end?: boolean
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const SCRIPT = fileURLToPath(new URL("suite.py", import.meta.url))
const WORD = "HEDDLE-TEST "
/** A test that says nothing for so long has hung; the slowest take 20 s, more on a busy machine. */
const QUIET_MS = 180_000
const RESTARTS_MAX = 60

/** Runs one part; `lib` holds CPython's package `test`. */
export async function runPart(lib: string, part: Part): Promise<Outcome[]> {
  copyFileSync(SCRIPT, join(lib, "suite.py"))
  const outcomes: Outcome[] = []
  for (let round = 0; round < RESTARTS_MAX; round++) {
    const doneFile = `done-${part.module}-${part.classes.join("-")}`
    writeFileSync(join(lib, doneFile), outcomes.map(({ test }) => test).join("\n"))
    const { seen, running, output, ended, quiet } = await oneProcess(lib, doneFile, part)
    outcomes.push(...seen)
    if (ended) return outcomes
    const test = running ?? part.module
    const how = quiet ? "hung" : "died"
    outcomes.push({ test, how, why: output.trim().split("\n").slice(-12).join("\n"), ms: QUIET_MS })
    if (running === undefined) return outcomes
  }
  return outcomes
}

interface Process {
  readonly seen: Outcome[]
  readonly running: string | undefined
  readonly output: string
  readonly ended: boolean
  readonly quiet: boolean
}

function oneProcess(lib: string, doneFile: string, part: Part): Promise<Process> {
  const cli = join(ROOT, "src/cli/main.ts")
  const words = ["run", "suite.py", WORD, doneFile, part.module, ...part.classes]
  const child = spawn(process.execPath, ["--conditions=source", cli, ...words], {
    cwd: lib,
    stdio: ["ignore", "pipe", "pipe"],
  })
  const state = { seen: [] as Outcome[], running: undefined as string | undefined, output: "" }
  let ended = false
  let quiet = false
  let rest = ""
  let timer: NodeJS.Timeout
  const listen = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      quiet = true
      child.kill("SIGKILL")
    }, QUIET_MS)
  }
  const take = (line: string): void => {
    if (!line.startsWith(WORD)) {
      state.output = `${state.output}${line}\n`.slice(-4000)
      return
    }
    listen()
    const said = JSON.parse(line.slice(WORD.length)) as Line & Outcome
    if (said.end) ended = true
    else if (said.start !== undefined) state.running = said.start
    else {
      state.running = undefined
      state.output = ""
      state.seen.push(said)
    }
  }
  child.stdout.on("data", (data) => {
    const lines = (rest + data).split("\n")
    rest = lines.pop() as string
    for (const line of lines) take(line)
  })
  child.stderr.on("data", (data) => {
    state.output = (state.output + data).slice(-4000)
  })
  listen()
  return new Promise((resolve) => {
    child.on("close", () => {
      clearTimeout(timer)
      resolve({ ...state, ended, quiet })
    })
  })
}
