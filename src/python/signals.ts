/** Signals that main sends to an interpreter. */
import { load, store } from "#platform/atomics"
import { after } from "#platform/clock"
import { PYTHON_SIGNAL_RETRY_MS } from "#platform/limits"
import { here } from "../internal/loop/here.ts"
import { interrupt, nudge } from "./natives-wait.ts"
import { ROW } from "./world.ts"

/** One after the other; the same one is pending once, as in a kernel. */
export class Signals {
  readonly #row: number
  readonly #isOver: () => boolean
  readonly #pending: number[] = []
  #tellsAgain = false

  /** To the interpreter in `row`, until its runtime is over: the row is another's then. */
  constructor(row: number, isOver: () => boolean) {
    this.#row = row
    this.#isOver = isOver
  }

  send(signal: number): void {
    if (this.#isOver() || load(here().words, this.#row + ROW.SIGNAL) === signal) return
    if (!this.#pending.includes(signal)) this.#pending.push(signal)
    this.#tell()
  }

  /** What has not been taken is over: it was meant for what the interpreter has ended. */
  forget(): void {
    this.#pending.length = 0
    store(here().words, this.#row + ROW.SIGNAL, 0)
  }

  /** Again and again until it is taken: its victim may have been about to sleep. */
  #tell(): void {
    if (this.#isOver()) return
    const { words } = here()
    if (!nudge(words, this.#row)) {
      const signal = this.#pending.shift()
      if (signal === undefined) return
      interrupt(words, this.#row, signal)
    }
    if (this.#tellsAgain) return
    this.#tellsAgain = true
    const again = (): void => {
      this.#tellsAgain = false
      this.#tell()
    }
    after(PYTHON_SIGNAL_RETRY_MS, again, true)
  }
}
