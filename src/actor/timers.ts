/**
 * What actors tell themselves later. Like the actor itself, a timer of it does not keep the program
 * alive.
 */
import { after, every, type Timer } from "#platform/clock"
import { cells } from "../internal/loop/cell.ts"
import type { Call } from "./calls.ts"
import { bind, type Living } from "./living.ts"
import { isImmutable } from "./outcome.ts"

/**
 * Tells an actor something after some time. Returns what stops it.
 *
 * @throws {NotSendableError} when an argument cannot be sent
 */
export function tellAfter(life: Living, ms: number, method: string, args: unknown[]): () => void {
  measure(args)
  const timer: Timer = after(
    ms,
    () => {
      life.bound?.delete(timer)
      tell(life, method, args)
    },
    true,
  )
  return bind(life, timer)
}

/**
 * Tells it again and again.
 *
 * @throws {NotSendableError} when an argument cannot be sent; {TypeError} when it can be sent once
 */
export function tellEvery(life: Living, ms: number, method: string, args: unknown[]): () => void {
  if (!measure(args))
    throw new TypeError(
      "every sends its arguments many times, and a moved buffer goes once: copy it",
    )
  return bind(
    life,
    every(ms, () => tell(life, method, args), true),
  )
}

/** Whether arguments can be sent many times. Nobody would hear later that they cannot at all. */
function measure(args: unknown[]): boolean {
  if (args.every(isImmutable)) return true
  const tag = cells().prepare(args, "args")
  const isForAll = cells().isForAll(tag)
  cells().unprepare(tag)
  return isForAll
}

function tell({ self }: Living, method: string, args: unknown[]): void {
  const calls = self.tell as unknown as Record<string, Call>
  calls[method]?.(...args).catch(() => {})
}
