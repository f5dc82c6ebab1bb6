/**
 * How long a supervisor waits before it starts a child again: a pure function of the attempt.
 *
 * The delay grows by a factor from `minMs` up to `maxMs`, and its upper half is left to chance, so
 * that children who failed together do not all come back in the same moment.
 */

/**
 * Restart delays: the first is about `minMs`, each next `factor` times as long, none over `maxMs`.
 */
export interface Backoff {
  readonly minMs: number
  readonly maxMs: number
  readonly factor: number
}

/**
 * The delay before the `attempt`-th restart in a row, which counts from 1. `random` is from 0 to
 * below 1; the delay lies between half of the full delay and the full delay, and never below
 * `minMs`.
 */
export function backoffDelayMs(backoff: Backoff, attempt: number, random: number): number {
  const grown = backoff.minMs * backoff.factor ** (attempt - 1)
  const full = Math.min(backoff.maxMs, grown)
  const half = Math.max(backoff.minMs, full / 2)
  return Math.min(full, half + (full - half) * random)
}
