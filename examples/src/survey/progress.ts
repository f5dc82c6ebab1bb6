/** A bar that shows how far we are: on a terminal only, gone when done. */

/** Where the bar is drawn. */
export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const REDRAW_MS = 50
const BAR_COLUMNS_MAX = 30

/** Draws `done of all` at most twenty times a second. */
export class Progress {
  readonly #terminal: Terminal
  readonly #title: string
  #drawnAt = 0

  constructor(terminal: Terminal, title: string) {
    this.#terminal = terminal
    this.#title = title
  }

  /** Shows that `done` of `all` are done; `what` is the latest. */
  show(done: number, all: number, what: string): void {
    if (this.#terminal.isTTY !== true) return
    const now = performance.now()
    if (now - this.#drawnAt < REDRAW_MS) return
    this.#drawnAt = now
    this.#terminal.write(`\r\x1b[2K${bar(this.#title, done, all, what, this.#terminal.columns)}`)
  }

  /** Removes the bar. */
  clear(): void {
    if (this.#terminal.isTTY === true) this.#terminal.write("\r\x1b[2K")
  }
}

/** One line that fits the terminal. */
export function bar(title: string, done: number, all: number, what: string, columns = 0): string {
  const share = all === 0 ? 0 : done / all
  const full = Math.round(share * BAR_COLUMNS_MAX)
  const drawn = "#".repeat(full) + ".".repeat(BAR_COLUMNS_MAX - full)
  // A terminal may not know how wide it is.
  const width = columns > 0 ? columns : 80
  return `${title} [${drawn}] ${done}/${all} ${what}`.slice(0, width - 1)
}
