/** The Savina programs that several languages run: their sizes, and who runs them. */
import type { Command, Contender, Measure, Target } from "./scenario.ts"

/** Actors of the ring. */
export const RING_ACTORS = 100
/** Hops of its token. */
export const RING_HOPS = 100_000
/** Actors that ping each other. */
export const BIG_ACTORS = 120
/** Pings of each. */
export const BIG_PINGS = 20_000

/** What is printed: each of ours beside Erlang with as many cores. */
export const TARGETS: readonly Target[] = [
  { ours: "heddle, one isolate", against: "erlang, one scheduler" },
  { ours: "heddle, two isolates", against: "erlang, two schedulers" },
]

/** Who runs a program; Erlang's workload is told how many schedulers it has. */
export function runners(
  ours: (isolates: number) => Measure,
  erlang: Omit<Command, "language">,
  nact: Measure,
): Readonly<Record<string, Contender>> {
  return {
    "heddle, one isolate": ours(1),
    "heddle, two isolates": ours(2),
    "erlang, one scheduler": { language: "erlang", ...erlang, args: [1] },
    "erlang, two schedulers": { language: "erlang", ...erlang, args: [2] },
    nact,
  }
}
