/** The checks that are no tests: the tidy rules, lint and format, types, type tests. */
import { globSync } from "node:fs"
import { join } from "node:path"
import { type Ended, run } from "./process.ts"
import type { Outcome } from "./screen.ts"

const CHECK_BOUND_MS = 600_000

/** A check by name, ready to run. */
export interface Check {
  readonly name: string
  run(): Promise<Outcome[]>
}

/** Tidy, lint and format, and the type check with its type tests. */
export function checks(root: string): Check[] {
  const bin = (name: string) => join(root, "node_modules", ".bin", name)
  return [
    simple(root, "tidy", process.execPath, ["scripts/tidy.ts"], "npm run tidy"),
    simple(root, "lint and format", bin("biome"), ["check", "."], "npx biome check --write ."),
    { name: "types", run: () => typeCheck(root, bin("tsc")) },
  ]
}

/** The types of the examples that were run before, where they were written. */
export function docsCheck(root: string): Check {
  const args = ["-p", "tsconfig.docs.json", "--pretty", "false"]
  const tsc = join(root, "node_modules", ".bin", "tsc")
  return simple(root, "examples", tsc, args, "npm run ci -- docs")
}

function simple(root: string, name: string, command: string, args: string[], again: string): Check {
  return {
    name,
    run: async () => [outcome(name, await run(command, args, bounds(root)), again)],
  }
}

/** Type errors count once for the whole project, and once for each `*.types.ts` they lie in. */
async function typeCheck(root: string, tsc: string): Promise<Outcome[]> {
  const again = "npx tsc -p tsconfig.json"
  const ended = await run(tsc, ["-p", "tsconfig.json", "--pretty", "false"], bounds(root))
  const files = globSync("test/**/*.types.ts", { cwd: root }).sort()
  const errors = ended.output.split("\n")
  const typeTests = files.map((file): Outcome => {
    const own = errors.filter((line) => line.startsWith(`${file}(`))
    return outcome(
      file,
      { ...ended, code: own.length === 0 ? 0 : 1, output: own.join("\n") },
      again,
    )
  })
  return [outcome("types", ended, again), ...typeTests]
}

function bounds(root: string): { cwd: string; boundMs: number } {
  return { cwd: root, boundMs: CHECK_BOUND_MS }
}

function outcome(name: string, ended: Ended, again: string): Outcome {
  const ok = ended.code === 0 && !ended.timedOut
  const title = ended.timedOut ? `did not end within ${CHECK_BOUND_MS / 1000} s` : `${name} failed`
  return {
    name,
    passed: ok ? 1 : 0,
    skipped: 0,
    failures: ok ? [] : [{ title, detail: ended.output.trimEnd() }],
    elapsedMs: ended.elapsedMs,
    again,
  }
}
