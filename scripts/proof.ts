/**
 * Writes docs/proof.md: every structure that is explored, and how much of it.
 *
 * Runs all model tests, which note what they have run.
 */
import { spawnSync } from "node:child_process"
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { ProofLine } from "../src/explore/journal.ts"

const ROOT = fileURLToPath(new URL("..", import.meta.url))

/** Tests of the explorer itself: what they run is meant to fail, or to be slow. */
const NOT_PROOF = /^test.explore.(failures|litmus|reduction|speed|classics)/

const INTRODUCTION = `# What has been explored

Every structure in shared memory is run by the explorer in all its orders of steps, within the bound
named here, with deaths where the table counts kills. A row is one program: which threads do what is
in its name, and in the test.

*Exhaustive* means all schedules, up to the order of steps that do not depend on each other. With a
number of preemptions it means all schedules that take the turn from a thread that could go on at
most that often. What a proof of this kind does not see is told in
[internals/model-checking.md](internals/model-checking.md).

Made by \`npm run proof\`; the times are those of the machine that made it.
`

function explored(file: string): ProofLine[] {
  const folder = mkdtempSync(join(tmpdir(), "heddle-proof-"))
  const notes = join(folder, "lines")
  const flags = ["--conditions=model", "--conditions=source", "--test", file]
  try {
    const { status } = spawnSync(process.execPath, flags, {
      cwd: ROOT,
      env: { ...process.env, HEDDLE_PROOF: notes },
    })
    if (status !== 0) throw new Error(`${file} fails: npm run ci -- ${file}`)
    if (!existsSync(notes)) return []
    const lines = readFileSync(notes, "utf8").trim().split("\n")
    return lines.map((line) => JSON.parse(line) as ProofLine)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function section(file: string, lines: readonly ProofLine[]): string {
  const count = (value: number): string => Math.round(value).toLocaleString("en-US")
  const rows = lines.map(
    ({ name, threads, bound, schedules, steps, kills, milliseconds }) =>
      `| ${name.replaceAll("|", "\\|")} | ${threads} | ${bound} | ${count(schedules)} | ` +
      `${count(steps)} | ${count(kills)} | ${count(milliseconds)} |`,
  )
  const title = file.replace(/^test\//, "").replace(/\.model\.ts$/, "")
  return [
    `## ${title}`,
    "",
    "| operations | threads | bound | schedules | steps | kills | ms |",
    "|---|--:|---|--:|--:|--:|--:|",
    ...rows,
    "",
  ].join("\n")
}

function total(lines: readonly ProofLine[]): string {
  const sum = (of: (line: ProofLine) => number): string =>
    lines.reduce((all, line) => all + of(line), 0).toLocaleString("en-US")
  return (
    `${lines.length} programs, ${sum(({ schedules }) => schedules)} schedules, ` +
    `${sum(({ steps }) => steps)} steps, ${sum(({ kills }) => kills)} kills.\n`
  )
}

const files = globSync("test/**/*.model.ts", { cwd: ROOT })
  .map((file) => file.split("\\").join("/"))
  .filter((file) => !NOT_PROOF.test(file))
  .sort()
const found = files.map((file) => {
  process.stderr.write(`${file}\n`)
  return { file, lines: explored(file) }
})
const all = found.flatMap(({ lines }) => lines)
const sections = found
  .filter(({ lines }) => lines.length > 0)
  .map(({ file, lines }) => section(file, lines))
writeFileSync(join(ROOT, "docs/proof.md"), [INTRODUCTION, total(all), ...sections].join("\n"))
