/**
 * Runs one test file in a process of its own and says what became of it.
 *
 * A file passes when its process ends by itself with exit code 0, within its bound, having reported
 * at least one result. Everything else is at least one failure: a crash, a hang, silence.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { type Ended, run } from "./process.ts"
import type { TestEvent } from "./reporter.ts"
import type { Outcome } from "./screen.ts"
import { type Suite, temporary } from "./suites.ts"

const REPORTER = new URL("./reporter.ts", import.meta.url).href

/** Runs `file` (relative to `root`) as a test of `suite`. */
export async function runTestFile(root: string, suite: Suite, file: string): Promise<Outcome> {
  const results = join(temporary(root), "results", `${file}.${process.pid}.jsonl`)
  mkdirSync(dirname(results), { recursive: true })
  rmSync(results, { force: true })
  const reporter = [`--test-reporter=${REPORTER}`, `--test-reporter-destination=${results}`]
  const ended = await run(process.execPath, [...suite.nodeFlags, ...reporter, file], {
    cwd: root,
    boundMs: suite.boundMs,
  })
  const events = readEvents(results)
  rmSync(results, { force: true })
  return judge(file, events, ended, suite.boundMs, `node ${suite.nodeFlags.join(" ")} ${file}`)
}

/** Turns what a file reported, and how its process ended, into counts and failures. */
export function judge(
  file: string,
  events: readonly TestEvent[],
  ended: Ended,
  bound: number,
  again: string,
): Outcome {
  const passed = events.filter((event) => event.type === "pass" && !event.skipped).length
  const skipped = events.filter((event) => event.type === "pass" && event.skipped).length
  const failures = events
    .filter((event) => event.type === "fail")
    .map((event) => ({ title: event.name, detail: event.error }))
  const trouble = troubleOf(events, ended, bound, failures.length > 0)
  if (trouble !== undefined) failures.push({ title: trouble, detail: tail(ended.output) })
  return { name: file, passed, skipped, failures, elapsedMs: ended.elapsedMs, again }
}

function troubleOf(
  events: readonly TestEvent[],
  ended: Ended,
  bound: number,
  alreadyFailed: boolean,
): string | undefined {
  if (ended.timedOut) {
    const open = unfinished(events)
    const where = open.length > 0 ? `in: ${open.join(", ")}` : "after its last test"
    return `did not end within ${bound / 1000} s; it hung ${where}`
  }
  if (!events.some((event) => event.type === "summary"))
    return `ended without a result (${ending(ended)})`
  if (!events.some((event) => event.type === "pass" || event.type === "fail"))
    return "contains no test"
  if (ended.code !== 0 && !alreadyFailed)
    return `all tests passed, but it crashed (${ending(ended)})`
  return undefined
}

function ending(ended: Ended): string {
  return ended.signal === null ? `exit code ${ended.code}` : `signal ${ended.signal}`
}

function unfinished(events: readonly TestEvent[]): string[] {
  const open: string[] = []
  for (const event of events) {
    if (event.type === "begin") open.push(event.name)
    if (event.type === "pass" || event.type === "fail") {
      const at = open.lastIndexOf(event.name.split(" > ").at(-1) as string)
      if (at >= 0) open.splice(at, 1)
    }
  }
  return open
}

const TAIL_LINES = 40

function tail(output: string): string {
  return output.trimEnd().split("\n").slice(-TAIL_LINES).join("\n")
}

function readEvents(path: string): TestEvent[] {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch {
    return []
  }
  // A killed process may leave half a line at the end.
  const whole = text.slice(0, text.lastIndexOf("\n") + 1)
  return whole.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as TestEvent]))
}
