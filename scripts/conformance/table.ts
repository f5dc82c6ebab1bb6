/** The page that says what of CPython's tests passes, is skipped, cannot be, or fails. */
import { IMPOSSIBLE } from "./impossible.ts"
import type { Outcome } from "./run.ts"

/** Where a test stands in the table. */
export type Kind = "passed" | "skipped" | "impossible" | "failing"

const KINDS: readonly Kind[] = ["passed", "skipped", "impossible", "failing"]

/** Where a test stands, and why it does not pass. */
export function kindOf({ test, how, why }: Outcome): { kind: Kind; reason: string } {
  if (how === "passed") return { kind: "passed", reason: "" }
  for (const [pattern, reason] of IMPOSSIBLE)
    if (pattern.test(test) || (how === "skipped" && pattern.test(why)))
      return { kind: "impossible", reason }
  if (how === "skipped") return { kind: "skipped", reason: why }
  return { kind: "failing", reason: how === "failed" ? lastLine(why) : how }
}

function lastLine(text: string): string {
  const lines = text.trim().split("\n")
  const said = lines.findLast((line) =>
    /^[A-Za-z_.]+(Error|Exception|Warning|Exit)?\b.*/.test(line),
  )
  return (said ?? lines.at(-1) ?? "").slice(0, 160)
}

/** The page, for the modules in their order. */
export function table(modules: readonly string[], results: ReadonlyMap<string, Outcome[]>): string {
  const rows = modules.map((module) => row(module, results.get(module) ?? []))
  const all = [...results.values()].flat()
  return `# CPython's own tests

Made by \`npm run python:conformance\`, which fetches the tests of CPython 3.14 from Debian and runs
them against this runtime, unmodified but for one number: that of an error, where a test of pipes
writes Linux's. *Impossible* are those that need what WebAssembly or our
kind of interpreter does not have; *skipped* those that CPython itself skips on such a host.

| tests | passed | skipped | impossible | failing |
|---|---|---|---|---|
${[...rows, row("**together**", all)].join("\n")}

${list("Failing", "failing", all)}
${list("Impossible", "impossible", all)}
${list("Skipped", "skipped", all)}`
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const counts = KINDS.map((kind) => outcomes.filter((one) => kindOf(one).kind === kind).length)
  const shown = name.replace(/^test\./, "").replaceAll("_", "\\_")
  return `| ${shown} | ${counts.join(" | ")} |`
}

/** Tests of one kind below the reason they share. */
function list(title: string, kind: Kind, outcomes: readonly Outcome[]): string {
  const byReason = Map.groupBy(
    outcomes.filter((one) => kindOf(one).kind === kind),
    (one) => kindOf(one).reason,
  )
  const names = (tests: readonly Outcome[]): string =>
    tests.map(({ test }) => `- \`${test.replace(/^test\./, "")}\`\n`).join("")
  const parts = [...byReason]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, tests]) => `${escaped(reason)}\n\n${names(tests)}`)
  return `## ${title}\n\n${parts.length === 0 ? "None.\n" : parts.join("\n")}`
}

function escaped(text: string): string {
  return text.replace(/[_*<>`|]/g, "\\$&")
}
