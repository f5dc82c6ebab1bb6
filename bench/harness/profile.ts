/** Where a contender's time goes: V8's sampling profiler on each of its threads. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { nodeLine } from "./runner.ts"
import { isCommand, type Scenario, type Size } from "./scenario.ts"

/** The parts of V8's profile format that are read here. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { functionName: string; url: string; lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const SHOWN = 20

/** The functions that took most time by themselves, thread by thread. */
export function profile(scenario: Scenario, label: string, size: Size): string {
  if (isCommand(scenario.contenders[label])) return `${label}: no JavaScript to profile`
  const folder = mkdtempSync(join(tmpdir(), "heddle-profile-"))
  try {
    const [file, args] = nodeLine(scenario, label, size)
    const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`]
    const { status, stderr } = spawnSync(file, [...flags, ...args], { encoding: "utf8" })
    if (status !== 0) return `${label}: ${stderr.trim()}`
    const threads = readdirSync(folder).map((name) => {
      return JSON.parse(readFileSync(join(folder, name), "utf8")) as Profile
    })
    return threads.map((thread, i) => `${label}, thread ${i}\n${top(thread)}`).join("\n")
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function top({ nodes, samples, timeDeltas }: Profile): string {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const own = new Map<string, number>()
  let total = 0
  for (let i = 0; i < samples.length; i++) {
    const name = names.get(samples[i]) ?? "unknown"
    own.set(name, (own.get(name) ?? 0) + timeDeltas[i])
    total += timeDeltas[i]
  }
  const largest = [...own].sort((a, b) => b[1] - a[1]).slice(0, SHOWN)
  return largest.map(([name, time]) => line(name, time, total)).join("\n")
}

function line(name: string, micros: number, total: number): string {
  const share = ((100 * micros) / total).toFixed(1).padStart(5)
  return `  ${share} % ${(micros / 1000).toFixed(0).padStart(6)} ms  ${name}`
}

function nameOf(frame: Profile["nodes"][number]["callFrame"]): string {
  const place = frame.url.split("/").slice(-3).join("/")
  const name = frame.functionName === "" ? "(anonymous)" : frame.functionName
  return place === "" ? name : `${name} ${place}:${frame.lineNumber + 1}`
}
