/** The suite's times as a section of `bench/RESULTS.md`, which the other benchmarks leave alone. */
import type { Machine } from "../harness/machine.ts"
import { number } from "../harness/text.ts"

/** The times of one program with one number of isolates. */
export interface Timing {
  readonly program: string
  readonly isolates: number
  /** Seconds of each run, the first being the warm-up; empty when it failed. */
  readonly seconds: readonly number[]
  readonly failure?: string
}

const BEGIN = "<!-- savina: begin -->"
const END = "<!-- savina: end -->"

/** The best of the runs after the first, in seconds; of a single run, that. */
export function best({ seconds }: Timing): number | undefined {
  const warm = seconds.length > 1 ? seconds.slice(1) : seconds
  return warm.length === 0 ? undefined : Math.min(...warm)
}

/** One line per program, one column per number of isolates. */
export function rows(timings: readonly Timing[], isolates: readonly number[]): string[][] {
  const names = [...new Set(timings.map(({ program }) => program))]
  return names.map((name) => {
    const cells = isolates.map((count) => {
      const timing = timings.find((one) => one.program === name && one.isolates === count)
      const seconds = timing === undefined ? undefined : best(timing)
      return seconds === undefined ? (timing?.failure ?? "—") : number(seconds)
    })
    return [name, ...cells]
  })
}

/** The head of a column. */
export function headOf(isolates: number): string {
  return isolates === 1 ? "1 isolate" : `${isolates} isolates`
}

/** The section, with the machine and how it was measured. */
export function section(
  timings: readonly Timing[],
  isolates: readonly number[],
  machine: Machine,
  runs: number,
): string {
  const table = rows(timings, isolates).map((row) => `| ${row.join(" | ")} |`)
  const heads = isolates.map(headOf)
  return `${BEGIN}

## savina

Written by \`npm run savina -- --write\`: the thirty programs of the Savina actor suite with its
default sizes, seconds, each in a fresh process, the best of ${runs} runs without the first. Each
checks its own result. ${machine.cpu}, ${machine.cores} cores, load before
${machine.loadBefore.toFixed(2)}, Node ${machine.node}, commit ${machine.commit}, ${machine.date}.

| program | ${heads.join(" | ")} |
|---|${isolates.map(() => "---:|").join("")}
${table.join("\n")}

${END}
`
}

/** The page with this section in the place of the one it had, or at its end. */
export function withSection(page: string, text: string): string {
  const old = sectionOf(page)
  return old === "" ? `${page.trimEnd()}\n\n${text}` : page.replace(old, () => text)
}

/** The section of a page, with its marks; empty when there is none. */
export function sectionOf(page: string): string {
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  return begin < 0 || end < begin ? "" : page.slice(begin, end + END.length + 1)
}
