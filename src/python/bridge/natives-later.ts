/**
 * Operations that nobody's thread waits for: what asyncio awaits.
 *
 * `later_NAME` begins what `NAME` does: its result, or a tuple with a ticket when it must wait.
 * One thread of the interpreter takes the tickets of operations that are over from `later_next`,
 * and tells their event loops, which take the results.
 */
import type { Arguments, Builtin } from "../builtins.ts"
import { intTuple, none, smallInt } from "../numbers.ts"
import type { Begin } from "../threads/index.ts"
import type { Bridge } from "./bridge.ts"
import type { PendingWait } from "./waiting.ts"

/** Operations by ticket, and those that are over and not taken. */
class Tickets {
  readonly #waits = new Map<number, PendingWait>()
  readonly over: number[] = []
  #last = 0

  add(wait: PendingWait): number {
    const ticket = (++this.#last & 0x1fffffff) + 1
    this.#waits.set(ticket, wait)
    wait.whenOver(() => this.over.push(ticket))
    return ticket
  }

  take(ticket: number): PendingWait | undefined {
    const wait = this.#waits.get(ticket)
    this.#waits.delete(ticket)
    return wait
  }
}

const tickets = new WeakMap<Bridge, Tickets>()

function ticketsOf(bridge: Bridge): Tickets {
  const known = tickets.get(bridge) ?? new Tickets()
  tickets.set(bridge, known)
  return known
}

/** `later_next()`: the ticket of an operation that is over; waits for one. */
export function blockingLaterBuiltins(bridge: Bridge): Record<string, Begin> {
  const { over } = ticketsOf(bridge)
  const next = (): number | undefined => {
    const ticket = over.shift()
    return ticket === undefined ? undefined : bridge.c._PyLong_FromLong(ticket)
  }
  return {
    later_next: () =>
      next() ?? {
        get word() {
          return bridge.bell(() => over.length > 0)
        },
        resume: next,
      },
  }
}

/** The builtins that begin operations, and take their results. */
export function laterBuiltins(
  bridge: Bridge,
  waiting: Readonly<Record<string, Begin>>,
): Record<string, Builtin> {
  const { c } = bridge
  const all = ticketsOf(bridge)
  const taken = (args: Arguments): PendingWait | undefined =>
    all.take(smallInt(c, args.pointer(0)) ?? 0)
  const builtins: Record<string, Builtin> = {
    /** `later_result(ticket)`: of an operation that is over. */
    later_result: (args) => taken(args)?.resume(false) ?? none(c),
    /** `later_give_up(ticket)` */
    later_give_up: (args) => {
      taken(args)?.abandon()
      return none(c)
    },
  }
  for (const [name, begin] of Object.entries(waiting)) {
    builtins[`later_${name}`] = (args) => {
      const answer = begin(0, args.first, args.count)
      if (typeof answer === "number") return answer
      return intTuple(c, [all.add(answer as PendingWait)])
    }
  }
  return builtins
}
