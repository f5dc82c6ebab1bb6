/** The kinds of test, by the end of their file names: how each is run, how long a file may take. */
import { globSync } from "node:fs"
import { join } from "node:path"

/** A kind of test file. */
export interface Suite {
  readonly name: "test" | "model" | "stress"
  /** What a file of this kind ends with. */
  readonly suffix: string
  readonly nodeFlags: readonly string[]
  /** The bound of one file; a file that needs more is named in `SLOW_FILES`. */
  readonly boundMs: number
  /** Whether files run beside each other. Stress owns the machine. */
  readonly beside: boolean
}

/** Ordinary behaviour on real threads. */
export const TEST: Suite = {
  name: "test",
  suffix: ".test.ts",
  nodeFlags: ["--conditions=source"],
  boundMs: 60_000,
  beside: true,
}

/** All schedules, under the explorer's floor 0. */
export const MODEL: Suite = {
  name: "model",
  suffix: ".model.ts",
  nodeFlags: ["--conditions=model", "--conditions=source"],
  boundMs: 180_000,
  beside: true,
}

/** Real threads under load, in the short form. */
export const STRESS: Suite = {
  name: "stress",
  suffix: ".stress.ts",
  nodeFlags: ["--conditions=source"],
  boundMs: 120_000,
  beside: false,
}

/** All suites, in the order they run. */
export const SUITES: readonly Suite[] = [TEST, MODEL, STRESS]

/** Files that may take longer than their kind, with the reason. */
export const SLOW_FILES: Readonly<Record<string, { boundMs: number; reason: string }>> = {
  "test/browser/python.test.ts": {
    boundMs: 120_000,
    reason: "a new browser makes what interpreters start from",
  },
  "test/package/pack.test.ts": { boundMs: 180_000, reason: "builds, packs and installs" },
}

/** The bound of one file. */
export function boundMs(suite: Suite, file: string): number {
  return SLOW_FILES[file]?.boundMs ?? suite.boundMs
}

/** The files of a suite, sorted; with `filters`, those whose path contains one of them. */
export function filesOf(root: string, suite: Suite, filters: readonly string[]): string[] {
  return globSync(`test/**/*${suite.suffix}`, { cwd: root, exclude: ["**/fixtures/**"] })
    .map((file) => file.split("\\").join("/"))
    .filter((file) => matches(file, filters))
    .sort()
}

/** Whether a path is asked for: no filter asks for all. */
export function matches(path: string, filters: readonly string[]): boolean {
  return filters.length === 0 || filters.some((filter) => path.includes(filter))
}

/** Where runs leave files: ignored by git, inside the repository so that imports resolve. */
export function temporary(root: string): string {
  return join(root, ".tmp")
}
