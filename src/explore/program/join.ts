/**
 * `parallel.join` in an explored program: the first call runs where it was asked for, the others
 * are tasks, and whoever asked blocks until they have ended.
 */
import { checkMayBlock } from "../../internal/loop/options.ts"
import { shown } from "../../internal/wire/shown.ts"
import { FOLLOWING } from "../operation.ts"
import { outcomeOf } from "./ending.ts"
import { type Deed, labelOf } from "./entry.ts"
import { startTask } from "./go.ts"
import type { Ending, Player } from "./player.ts"
import type { StagedTask } from "./task.ts"
import type { Theatre } from "./theatre.ts"

type Callback = (...args: unknown[]) => unknown

interface Call {
  readonly fn: Callback
  readonly args: unknown[]
}

/**
 * Forks and joins.
 *
 * @throws {TypeError} when what is called is no function
 */
export function runJoin(theatre: Theatre, parts: readonly unknown[]): unknown[] {
  checkMayBlock("parallel.join")
  const [first, ...others] = callsOf(parts)
  if (first === undefined) return []
  const forks = others.map(({ fn, args }) => {
    const task = startTask(theatre, fn, args, {})
    task.player.heard = true
    return task
  })
  let result: unknown
  try {
    result = first.fn(...first.args)
  } catch (error) {
    abandon(theatre, forks)
    throw error
  }
  const results = [result]
  for (const [i, fork] of forks.entries()) {
    try {
      results.push(resultOf(theatre, fork, others[i]))
    } catch (error) {
      abandon(theatre, forks.slice(i + 1))
      throw error
    }
  }
  return results
}

/** Each function begins a call. */
function callsOf(parts: readonly unknown[]): Call[] {
  const calls: Call[] = []
  for (const part of parts) {
    if (typeof part === "function") calls.push({ fn: part as Callback, args: [] })
    else if (calls.length > 0) calls.at(-1)?.args.push(part)
    else {
      throw new TypeError(
        `parallel.join needs functions with their arguments, received ${shown(part)}`,
      )
    }
  }
  return calls
}

/** What a fork came to; one whose isolate has died is done again here. */
function resultOf(theatre: Theatre, fork: StagedTask<unknown>, { fn, args }: Call): unknown {
  const ending = endOf(theatre, fork.player)
  return ending.state === "died" ? fn(...args) : outcomeOf(fork.player, ending)
}

/** Blocks until a fork has ended. */
function endOf(theatre: Theatre, fork: Player): Ending {
  let ending: Ending | undefined
  theatre.block(
    {
      label: labelOf(fork.label, "join"),
      ready: () => fork.ending !== undefined,
      attempt: () => {
        ending = theatre.operate("join", () => {
          theatre.touched(fork.place, false, FOLLOWING)
          theatre.order.follow(theatre.player, fork)
          theatre.row(fork.label, "join", undefined, fork.ending?.state)
          return fork.ending
        })
        return ending !== undefined
      },
      touch: (into) => into.add(fork.place, false, FOLLOWING),
      waitsFor: () => [fork],
    },
    Infinity,
  )
  return ending as Ending
}

/** Forks that are wanted no more: those that have not begun never do, the others are waited for. */
function abandon(theatre: Theatre, forks: readonly StagedTask<unknown>[]): void {
  for (const { player } of forks) {
    const deed: Deed = {
      label: labelOf(player.label, "take back"),
      ready: () => true,
      attempt: () => true,
      touch: (into) => into.add(player.place, true),
    }
    const begun = theatre.choose(deed, () => {
      if (!player.begun) player.ending ??= { state: "failed", error: undefined }
      return player.begun
    })
    if (begun) endOf(theatre, player)
  }
}
