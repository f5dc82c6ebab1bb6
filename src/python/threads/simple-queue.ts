/**
 * `_queue.SimpleQueue`: CPython's own queue, whose `get` would wait where no thread can be woken.
 */
import { type Calls, deadlineIn } from "./calls.ts"
import type { LockTools } from "./locks.ts"
import type { CFunction } from "./module.ts"
import type { Native } from "./natives.ts"
import type { Pointer } from "./seam.ts"

/** Replaces `get` and `put`. */
export function installSimpleQueue(tools: LockTools): void {
  const { natives, parking } = tools
  const empty = natives.find("_queue", "SimpleQueue.empty")
  for (const name of ["put", "put_nowait"])
    natives.replace("_queue", `SimpleQueue.${name}`, (before) => (queue, ...rest) => {
      const result = before(queue, ...rest)
      if (result !== 0) parking.wakeOne(queue)
      return result
    })
  natives.replaceWaiting("_queue", "SimpleQueue.get", (before) => get(tools, empty, before))
}

function get({ calls, parking }: LockTools, empty: CFunction, before: CFunction): Native {
  const isEmpty = (queue: Pointer) => empty(queue, 0) === calls.true
  return (...given) => {
    const [queue, type, args, count, names] = given as [number, number, number, number, number]
    const wait = isEmpty(queue) ? patience(calls, args, count, names) : "theirs"
    if (wait === "raised") return 0
    if (wait === "theirs") return before(queue, type, args, count, names)
    /** C's `get` takes an item, or raises Empty: without waiting either way. */
    const take = () => before(queue, type, calls.variadic(calls.false), 1, 0)
    return parking.wait({
      key: queue,
      take: () => (isEmpty(queue) ? undefined : take()),
      late: take,
      // Two puts may have woken one thread twice: what is left is the next one's.
      left: () => {
        if (!isEmpty(queue)) parking.wakeOne(queue)
      },
      deadline: deadlineIn(wait),
    })
  }
}

/** How long `get(block=True, timeout=None)` may wait; "theirs" when C answers without waiting. */
function patience(
  calls: Calls,
  args: Pointer,
  count: number,
  names: Pointer,
): number | undefined | "raised" | "theirs" {
  const { module } = calls
  const values = new Map<string, Pointer>()
  const word = (at: number) => module.HEAPU32[(args >> 2) + at]
  if (count > 2) return "theirs"
  for (let i = 0; i < count; i++) values.set(i === 0 ? "block" : "timeout", word(i))
  for (let i = 0; i < calls.length(names); i++) {
    const name = ["block", "timeout"].find((one) => calls.isName(names, i, one))
    if (name === undefined || values.has(name)) return "theirs"
    values.set(name, word(count + i))
  }
  const block = values.get("block") ?? calls.true
  const truth = block === calls.true ? 1 : module._PyObject_IsTrue(block)
  if (truth < 0) return "raised"
  if (truth === 0) return "theirs"
  const timeout = values.get("timeout") ?? calls.none
  if (timeout === calls.none) return undefined
  const ms = calls.milliseconds(timeout)
  if (ms === undefined) return "raised"
  return ms < 0 ? "theirs" : ms
}
