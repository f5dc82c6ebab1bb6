/** Where and with what the figures were taken. */
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os"
import { join } from "node:path"
import { versionOf } from "./toolchain.ts"

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  /** Load over the last minute before the first run. */
  readonly loadBefore: number
  readonly node: string
  readonly v8: string
  readonly commit: string
  readonly date: string
  /** Name and version of every peer; `not installed` is a version too. */
  readonly peers: readonly (readonly [string, string])[]
}

const root = join(import.meta.dirname, "../..")

/** Reads all of it; called before the first run, for the load's sake. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    loadBefore: loadavg()[0],
    node: process.version,
    v8: process.versions.v8,
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    peers: peers(),
  }
}

function commit(): string {
  try {
    const id = git("rev-parse", "--short", "HEAD")
    const changed = git("status", "--porcelain", "--", "src", "bench", ":!bench/RESULTS.md")
    return changed === "" ? id : `${id} with uncommitted changes`
  } catch {
    return "not a git checkout"
  }
}

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim()
}

function peers(): (readonly [string, string])[] {
  const file = readFileSync(join(root, "bench/package.json"), "utf8")
  const { devDependencies } = JSON.parse(file) as { devDependencies: Record<string, string> }
  const measured = ["piscina", "tinypool", "workerpool", "poolifier", "multithreading"]
  const languages = ["go", "erlang", "java", "python"] as const
  return [
    ...measured.map((name) => [name, devDependencies[name] ?? "not installed"] as const),
    ...languages.map((language) => [language, versionOf(language) ?? "not installed"] as const),
  ]
}
