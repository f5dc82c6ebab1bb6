/** What the checks print: one line per step, failures in full, one last line with the sums. */

/** What became of one step: a check, a test file, or a page of documentation. */
export interface Outcome {
  readonly name: string
  readonly passed: number
  readonly skipped: number
  readonly failures: readonly { readonly title: string; readonly detail: string }[]
  readonly elapsedMs: number
  /** The command that runs this step alone. */
  readonly again: string
}

/** Where the checks write to: standard output, or a test's memory. */
export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Collects outcomes and shows them as they come. */
export class Screen {
  readonly #terminal: Terminal
  readonly #outcomes: Outcome[] = []
  #stepsDone = 0
  #stepsAll = 0

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** Says what comes next and how many steps it has. */
  begin(title: string, steps: number): void {
    if (steps === 0) return
    this.#stepsAll += steps
    this.#clear()
    this.#terminal.write(`\n${title}\n`)
  }

  /** On a terminal, shows how far we are and what runs. */
  running(names: Iterable<string>): void {
    if (this.#terminal.isTTY !== true) return
    const text = `  ${this.#stepsDone}/${this.#stepsAll}  ${[...names].join("  ")}`
    this.#terminal.write(`\r\x1b[2K${text.slice(0, (this.#terminal.columns ?? 80) - 1)}`)
  }

  /** Shows one finished step. */
  done(outcome: Outcome): void {
    this.#stepsDone++
    this.#outcomes.push(outcome)
    this.#clear()
    const failed = outcome.failures.length
    const counts = [`${outcome.passed} passed`]
    if (failed > 0) counts.push(`${failed} failed`)
    if (outcome.skipped > 0) counts.push(`${outcome.skipped} skipped`)
    const mark = failed > 0 ? "FAIL" : "ok  "
    const time = `${(outcome.elapsedMs / 1000).toFixed(1)} s`
    this.#terminal.write(
      `  ${mark}  ${outcome.name.padEnd(48)} ${time.padStart(7)}  ${counts.join(", ")}\n`,
    )
    for (const failure of outcome.failures) {
      this.#terminal.write(`\n        ${failure.title}\n${indent(failure.detail)}\n`)
    }
    if (failed > 0) this.#terminal.write(`        alone: ${outcome.again}\n\n`)
  }

  /** Prints the names of what failed and, as the last line, the sums. Returns the exit code. */
  end(): 0 | 1 {
    this.#clear()
    const sum = (of: (outcome: Outcome) => number) =>
      this.#outcomes.reduce((total, outcome) => total + of(outcome), 0)
    const passed = sum((outcome) => outcome.passed)
    const failed = sum((outcome) => outcome.failures.length)
    const skipped = sum((outcome) => outcome.skipped)
    if (failed > 0) this.#terminal.write("\nFailed:\n")
    for (const outcome of this.#outcomes) {
      for (const failure of outcome.failures) {
        this.#terminal.write(`  ${outcome.name}: ${failure.title.split("\n")[0]}\n`)
      }
    }
    if (skipped > 0) this.#terminal.write(`\n${skipped} skipped\n`)
    if (passed + failed === 0) this.#terminal.write("\nNothing was asked for.\n")
    this.#terminal.write(`\n${passed} passed, ${failed} failed\n`)
    return failed > 0 || passed === 0 ? 1 : 0
  }

  #clear(): void {
    if (this.#terminal.isTTY === true) this.#terminal.write("\r\x1b[2K")
  }
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `          ${line}`)
    .join("\n")
}
