/** The kinds of test, by the end of their file names: how each is run, how long a file may take. */
import { globSync } from "node:fs"
import { join } from "node:path"

/** A kind of test file. */
export interface Suite {
  readonly name: "test" | "model" | "stress"
  /** What a file of this kind ends with. */
  readonly suffix: string
  readonly nodeFlags: readonly string[]
  /** The bound of one file. */
  readonly boundMs: number
  /** Whether files run beside each other. Stress owns the machine. */
  readonly beside: boolean
}

/** Ten times what the slowest file takes on two cores: only what hangs takes so long. */
const FILE_BOUND_MS = 600_000

/** Ordinary behaviour on real threads. */
export const TEST: Suite = {
  name: "test",
  suffix: ".test.ts",
  nodeFlags: ["--conditions=source"],
  boundMs: FILE_BOUND_MS,
  beside: true,
}

/** All schedules, under the explorer's floor 0. */
export const MODEL: Suite = {
  name: "model",
  suffix: ".model.ts",
  nodeFlags: ["--conditions=model", "--conditions=source"],
  boundMs: FILE_BOUND_MS,
  beside: true,
}

/** Real threads under load, in the short form. */
export const STRESS: Suite = {
  name: "stress",
  suffix: ".stress.ts",
  nodeFlags: ["--conditions=source"],
  boundMs: FILE_BOUND_MS,
  beside: false,
}

/** All suites, in the order they run. */
export const SUITES: readonly Suite[] = [TEST, MODEL, STRESS]

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
