/**
 * Runs contenders interleaved: A B C, A B C, …, each in a fresh process, so that no contender
 * leaves a heap, a compiled function or a thread to the next, and slow drift of the machine meets
 * all of them alike.
 */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { contextOf, median } from "./measure.ts"
import { isCommand, type Sample, type Scenario, type Size } from "./scenario.ts"
import { commandLine } from "./toolchain.ts"

/** Bounds one run of one contender; a run that needs longer did not finish. */
const RUN_LIMIT_MS: Record<Size, number> = { full: 180_000, quick: 60_000, smoke: 180_000 }

/** What a run sees: two isolates also where one core is, for scenarios are of two that work. */
const RUN_ENVIRONMENT: NodeJS.ProcessEnv =
  availableParallelism() > 1 ? process.env : { HEDDLE_ISOLATES: "2", ...process.env }

/** Characters kept of what a run prints: a failing peer may print without end. */
const KEPT_OUTPUT = 65_536

/** What came of one contender over all rounds. */
export interface Outcome {
  readonly label: string
  /** One figure a round, in the scenario's unit. */
  readonly figures: readonly number[]
  readonly median?: number
  /** Why there is no median: not installed, did not finish, wrong result. */
  readonly failure?: string
  /** Cores used by others while it ran, averaged over its rounds. */
  readonly disturbance: number
}

export interface Result {
  readonly scenario: Scenario
  readonly outcomes: readonly Outcome[]
}

export interface Plan {
  readonly size: Size
  readonly rounds: number
  readonly onRun?: (scenario: string, round: number, label: string) => void
}

/** All rounds of one scenario. */
export async function runScenario(scenario: Scenario, plan: Plan): Promise<Result> {
  const labels = Object.keys(scenario.contenders)
  const figures = new Map<string, number[]>(labels.map((label) => [label, []]))
  const disturbed = new Map<string, number[]>(labels.map((label) => [label, []]))
  const failures = new Map<string, string>()
  for (let round = 1; round <= plan.rounds; round++) {
    for (const label of labels) {
      if (failures.has(label)) continue
      plan.onRun?.(scenario.name, round, label)
      const before = cpuTimes()
      const ran = await runOnce(scenario, label, plan.size)
      if ("failure" in ran) failures.set(label, ran.failure)
      else figures.get(label)?.push(scenario.unit.figure(ran.sample))
      disturbed.get(label)?.push(coresOfOthers(before, cpuTimes()))
    }
  }
  const outcomes = labels.map((label): Outcome => {
    const own = figures.get(label) ?? []
    const failure = failures.get(label)
    return {
      label,
      figures: own,
      median: failure === undefined && own.length > 0 ? median(own) : undefined,
      failure,
      disturbance: mean(disturbed.get(label) ?? []),
    }
  })
  return { scenario, outcomes }
}

/** A sample, or why there is none. */
export type Ran = { sample: Sample } | { failure: string }

/** One run of one contender in a process of its own. */
export async function runOnce(scenario: Scenario, label: string, size: Size): Promise<Ran> {
  let line: ReturnType<typeof lineOf>
  try {
    line = lineOf(scenario, label, size)
  } catch (error) {
    return { failure: `does not build: ${lastWords(String((error as Error).message))}` }
  }
  if (line === undefined) return { failure: "not installed" }
  const { code, stdout, stderr, late } = await execute(...line, RUN_LIMIT_MS[size])
  if (late) return { failure: `did not finish in ${RUN_LIMIT_MS[size] / 1000} s` }
  if (code !== 0) return { failure: `failed: ${lastWords(stderr)}` }
  return parse(stdout)
}

function lineOf(
  scenario: Scenario,
  label: string,
  size: Size,
): readonly [string, readonly string[]] | undefined {
  const contender = scenario.contenders[label]
  if (!isCommand(contender)) return nodeLine(scenario, label, size)
  const { count, least } = contender
  const scaled = typeof count === "number" ? contextOf(size).count(count, least) : count[size]
  return commandLine(contender, scaled)
}

/** The command line of a JavaScript contender. */
export function nodeLine(scenario: Scenario, label: string, size: Size): [string, string[]] {
  const contender = scenario.contenders[label]
  const flags = "nodeArgs" in contender ? contender.nodeArgs : []
  const child = join(import.meta.dirname, "child.ts")
  const args = [...process.execArgv, ...flags, child, scenario.name, label, size]
  return [process.execPath, args]
}

interface Executed {
  code: number | null
  stdout: string
  stderr: string
  late: boolean
}

function execute(file: string, args: readonly string[], limitMs: number): Promise<Executed> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: join(import.meta.dirname, ".."),
      env: RUN_ENVIRONMENT,
      stdio: ["ignore", "pipe", "pipe"],
    })
    let stdout = ""
    let stderr = ""
    let late = false
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-KEPT_OUTPUT)
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-KEPT_OUTPUT)
    })
    const limit = setTimeout(() => {
      late = true
      child.kill("SIGKILL")
    }, limitMs)
    child.on("error", reject)
    child.on("close", (code) => {
      clearTimeout(limit)
      resolve({ code, stdout, stderr, late })
    })
  })
}

function parse(stdout: string): Ran {
  const last = stdout.trim().split("\n").at(-1) ?? ""
  try {
    const sample = JSON.parse(last) as Sample
    const numbers = Object.values(sample)
    if (numbers.length > 0 && numbers.every(Number.isFinite)) return { sample }
  } catch {
    // Falls through to the failure below, which shows the line.
  }
  return { failure: `printed no sample but: ${last.slice(0, 80)}` }
}

/** The line of an error output that says most. */
function lastWords(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim())
  const words = lines.filter((line) => /[a-z]{3}/i.test(line) && !line.startsWith("at "))
  const said =
    words.find((line) =>
      /^\w*(Error|Exception)\b.*: |^panic: |exception:? |unsettled/i.test(line),
    ) ?? words.at(-1)
  return (said ?? "without a word").slice(0, 160)
}

interface CpuTimes {
  readonly atMs: number
  /** Ticks all cores were busy, or 0 where the system does not tell. */
  readonly busy: number
  /** Ticks of this process and of its children that have ended. */
  readonly own: number
}

const TICKS_PER_SECOND = 100

function cpuTimes(): CpuTimes {
  const atMs = performance.now()
  try {
    const all = readFileSync("/proc/stat", "utf8").split("\n")[0].split(/\s+/).slice(1, 9)
    const [user, nice, system, , , irq, softirq, steal] = all.map(Number)
    const self = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ")
    const own = self.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)
    return { atMs, busy: user + nice + system + irq + softirq + steal, own }
  } catch {
    return { atMs, busy: 0, own: 0 }
  }
}

/** Cores that were busy with something else between two readings. */
function coresOfOthers(before: CpuTimes, after: CpuTimes): number {
  const elapsed = ((after.atMs - before.atMs) / 1000) * TICKS_PER_SECOND
  const others = after.busy - before.busy - (after.own - before.own)
  return Math.min(availableParallelism(), Math.max(0, others / elapsed))
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
