/**
 * `npm run savina -- [program…] [--isolates 1,2] [--runs N] [--small] [--write]`: the Savina suite.
 *
 * A name picks that program; without names all thirty run. `--small` takes the sizes of the tests;
 * `--write` puts the table into `bench/RESULTS.md`, in a section of its own.
 */
import { execFile } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs, promisify } from "node:util"
import Table from "cli-table3"
import { runCommand } from "../harness/command.ts"
import { describeMachine } from "../harness/machine.ts"
import { machineLines } from "../harness/table.ts"
import { headOf, rows, section, type Timing, withSection } from "./page.ts"
import { NAMES } from "./programs.ts"

const RESULTS = join(import.meta.dirname, "../RESULTS.md")

/** Longer than that, and a program has failed. */
const PATIENCE_MS = 300_000

interface Options {
  readonly names: readonly string[]
  readonly isolates: readonly number[]
  readonly runs: number
  readonly small: boolean
  readonly write: boolean
}

function options(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      isolates: { type: "string", default: "1,2" },
      runs: { type: "string", default: "3" },
      small: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  })
  const unknown = positionals.find((name) => !(NAMES as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw new RangeError(`no program ${unknown}; there are ${NAMES.join(", ")}`)
  const isolates = values.isolates.split(",").map((text) => whole("--isolates", text, 63))
  const runs = whole("--runs", values.runs, 1_000)
  const names = positionals.length === 0 ? NAMES : positionals
  return { names, isolates, runs, small: values.small, write: values.write }
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new RangeError(`${name} takes whole numbers from 1 to ${most}, not ${text}`)
}

/** Runs one program in a process of its own. */
async function measure(program: string, isolates: number, { runs, small }: Options) {
  const file = join(import.meta.dirname, "measure.ts")
  const size = small ? "small" : "suite"
  const args = [...process.execArgv, file, program, String(isolates), size, String(runs)]
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: PATIENCE_MS })
    return { program, isolates, seconds: JSON.parse(stdout.trim().split("\n").at(-1) as string) }
  } catch (error) {
    const { stderr = "", killed } = error as { stderr?: string; killed?: boolean }
    const said = stderr.split("\n").find((line) => /Error/.test(line)) ?? String(error)
    return { program, isolates, seconds: [], failure: killed ? "too long" : said.trim() }
  }
}

function show(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

async function main(): Promise<void> {
  const chosen = options()
  const machine = describeMachine()
  console.log(`${machineLines(machine)}\n`)
  const timings: Timing[] = []
  for (const name of chosen.names)
    for (const count of chosen.isolates) {
      show(`${timings.length}/${chosen.names.length * chosen.isolates.length} ${name}, ${count}`)
      timings.push(await measure(name, count, chosen))
    }
  show("")
  const table = new Table({
    head: ["seconds", ...chosen.isolates.map(headOf)],
    colAligns: ["left", ...chosen.isolates.map(() => "right" as const)],
    style: { head: [], border: [], compact: true },
  })
  table.push(...rows(timings, chosen.isolates))
  console.log(table.toString())
  if (timings.some(({ failure }) => failure !== undefined)) process.exitCode = 1
  if (!chosen.write) return
  const text = section(timings, chosen.isolates, machine, chosen.runs)
  writeFileSync(RESULTS, withSection(readFileSync(RESULTS, "utf8"), text))
  console.log("written to bench/RESULTS.md")
}

await runCommand(main)
