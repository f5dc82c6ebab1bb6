/** Heddle's Python, measured from inside by `workloads/python.py`, and its starts and ends. */
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as rest } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { type Interpreter, interpreter } from "heddle/python"
import { median } from "../harness/measure.ts"
import type { Context, Sample } from "../harness/scenario.ts"

const SOURCE = readFileSync(join(import.meta.dirname, "../workloads/python.py"), "utf8")
/** The command line beside the door of the package: built, or as source. */
const HEDDLE = [
  ...process.execArgv,
  fileURLToPath(import.meta.resolve("heddle")).replace(/index(\.[jt]s)$/, "cli/main$1"),
]

async function withPython<T>(work: (py: Interpreter) => Promise<T>): Promise<T> {
  await using py = await interpreter()
  await py.exec(SOURCE)
  return await work(py)
}

/** The median of the seconds that a function of the workload gives, for this much work. */
export function inside(
  context: Context,
  work: number,
  name: string,
  ...args: number[]
): Promise<Sample> {
  return withPython(async (py) => {
    const all: number[] = []
    for (let i = 0; i < context.repeats; i++)
      all.push((await py.call(`:${name}`, ...args)) as number)
    return { seconds: median(all), count: work }
  })
}

/** Waits until the spare interpreter is loaded; nobody tells, so it is long. */
const SPARE_MS = 1500

/** Milliseconds until one more interpreter has run something. */
export function furtherReady(spare: boolean): Promise<Sample> {
  return withPython(async (py) => {
    if (spare) {
      await py.call(":ready")
      await rest(SPARE_MS)
    }
    return { value: 1000 * ((await py.call(":ready")) as number) }
  })
}

const FURTHER = 4

/** MiB that the process grows by with each further interpreter, the spare one counted. */
export function furtherMemory(): Promise<Sample> {
  return withPython(async (py) => {
    await py.call(":ready")
    await rest(SPARE_MS)
    const before = process.memoryUsage.rss()
    await py.exec("kept = [interpreters.create() for _ in range(4)]\nfor i in kept: i.exec('')")
    await rest(SPARE_MS)
    return { value: (process.memoryUsage.rss() - before) / FURTHER / (1 << 20) }
  })
}

/** Milliseconds of a process that prints one line, its start and end included. */
export function hello(command: "heddle" | "python3"): Sample {
  const file = join(tmpdir(), "heddle-hello.py")
  writeFileSync(file, 'print("hello")\n')
  const [program, args] =
    command === "heddle" ? [process.execPath, [...HEDDLE, "run", file]] : ["python3", [file]]
  const run = (): number => {
    const since = performance.now()
    const { stdout, error } = spawnSync(program, args, { encoding: "utf8" })
    if (error !== undefined || stdout !== "hello\n") throw new Error(`it printed ${stdout}`)
    return performance.now() - since
  }
  run()
  return { value: run() }
}

const PROGRAMS = join(import.meta.dirname, "../workloads/python_programs.py")

/**
 * Milliseconds of one program's fastest run, whose result both sides must agree on; in tiny form
 * when `times` is 0.
 */
export async function program(
  side: "heddle" | "python3",
  name: string,
  times: number,
): Promise<Sample> {
  const native = nativeRun(name, side === "heddle" ? Math.min(times, 1) : times)
  if (side === "python3") {
    if (native === undefined) throw new Error("python3 is not on the PATH")
    return { value: 1000 * native[0] }
  }
  await using py = await interpreter()
  // Its last lines are for the command line.
  await py.exec(readFileSync(PROGRAMS, "utf8").split("\nif __name__")[0])
  const [seconds, result] = (await py.call(":run", name, times)) as [number, string]
  if (native !== undefined && native[1] !== result) throw new Error(`it came to ${result}`)
  return { value: 1000 * seconds }
}

/** The seconds and the result of a native run; undefined where there is no native Python. */
function nativeRun(name: string, times: number): [number, string] | undefined {
  const { stdout, status, error } = spawnSync("python3", [PROGRAMS, name, String(times)], {
    encoding: "utf8",
  })
  if (error !== undefined) return undefined
  if (status !== 0) throw new Error(`python3 ended with ${status}`)
  return JSON.parse(stdout) as [number, string]
}

/** Milliseconds until an endless loop has ended. */
export function stop(how: "interrupt" | "terminate"): Promise<Sample> {
  return withPython(async (py) => {
    const running = py.exec("while True: pass").catch((error: unknown) => error)
    await rest(200)
    const since = performance.now()
    py[how]()
    const error = await running
    const value = performance.now() - since
    if (!(error instanceof Error)) throw new Error("the loop has ended without an error")
    return { value }
  })
}
