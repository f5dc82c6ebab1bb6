/** Runs the examples of the documentation through `heddle run`, each in a program of its own. */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Ended, run } from "../ci/process.ts"
import type { Outcome } from "../ci/screen.ts"
import { matches, temporary } from "../ci/suites.ts"
import { type Example, ExampleError, examplesOfPage, examplesOfSource } from "./extract.ts"
import { exportedNames } from "./names.ts"
import { type Runnable, runnable } from "./rewrite.ts"

/** How long one example may take: far longer than it needs on a slow machine that is shared. */
const EXAMPLE_BOUND_MS = 180_000

type Failure = Outcome["failures"][number]

/** All pages and sources that may hold examples, relative to the root. */
export function documents(root: string, filters: readonly string[]): string[] {
  const pages = ["README.md", ...globSync("docs/guide/**/*.md", { cwd: root })]
  const sources = globSync("src/**/*.ts", { cwd: root, exclude: ["src/internal/**"] }).filter(
    (path) => readFileSync(join(root, path), "utf8").includes("@example"),
  )
  return [...pages, ...sources]
    .map((path) => path.split("\\").join("/"))
    .filter((path) => existsSync(join(root, path)) && matches(path, filters))
    .sort()
}

/** Extracts and runs the examples of one page or source. */
export async function runDocument(root: string, path: string): Promise<Outcome> {
  const begun = performance.now()
  const failures: Failure[] = []
  let passed = 0
  let skipped = 0
  const folder = join(temporary(root), "docs", path.replaceAll("/", "-"))
  rmSync(folder, { recursive: true, force: true })
  try {
    for (const example of read(root, path)) {
      if (example.notRun !== undefined) {
        skipped++
        continue
      }
      const failure = await runExample(root, path, folder, example)
      if (failure === undefined) passed++
      else failures.push(failure)
    }
  } catch (error) {
    if (!(error instanceof ExampleError)) throw error
    failures.push({ title: `${path}:${error.line}`, detail: error.message })
  }
  const again = `npm run ci -- docs ${path}`
  return { name: path, passed, skipped, failures, elapsedMs: performance.now() - begun, again }
}

function read(root: string, path: string): Example[] {
  const text = readFileSync(join(root, path), "utf8")
  return path.endsWith(".md") ? examplesOfPage(text) : examplesOfSource(path, text)
}

/** What an example need not import: nothing on a page, whose readers type it as it stands. */
function namesGiven(root: string, path: string): ReadonlyMap<string, string> {
  return path.endsWith(".md") ? new Map() : exportedNames(root)
}

async function runExample(
  root: string,
  path: string,
  folder: string,
  example: Example,
): Promise<Failure | undefined> {
  const title = `${path}:${example.line}`
  const ready = runnable(example.code, namesGiven(root, path))
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `line-${example.line}.ts`)
  writeFileSync(file, ready.code)
  const cli = join(root, "src", "cli", "main.ts")
  const flags = ["--conditions=source", cli, "run", file]
  const ended = await run(process.execPath, flags, { cwd: root, boundMs: EXAMPLE_BOUND_MS })
  if (ended.timedOut)
    return { title: `${title} did not end within ${EXAMPLE_BOUND_MS / 1000} s`, detail: file }
  if (ended.code !== 0)
    return { title: `${title} ended with exit code ${ended.code}`, detail: ended.output }
  return compare(title, ready, ended)
}

/**
 * Compares what an example printed with what its comments promise; on standard error that is
 * nothing.
 */
export function compare(
  title: string,
  ready: Runnable,
  { stdout, stderr }: Pick<Ended, "stdout" | "stderr">,
): Failure | undefined {
  if (ready.prints === undefined) return undefined
  if (stderr !== "") return { title: `${title} prints to standard error`, detail: stderr }
  const printed = stdout.split("\n").map((line) => line.trimEnd())
  if (printed.at(-1) === "") printed.pop()
  const promised = ready.prints
  if (promised.length === printed.length && promised.every((line, at) => line === printed[at]))
    return undefined
  return {
    title: `${title} prints something else`,
    detail: `promised:\n${promised.join("\n")}\nprinted:\n${printed.join("\n")}`,
  }
}
