/** A schedule as a timeline for trace viewers (the JSON of Chrome's `about:tracing`, Perfetto). */
import { writeTrace } from "../journal.ts"
import { short } from "./report.ts"
import type { Theatre } from "./theatre.ts"
import { whereIn } from "./where.ts"

/** Width of a step, in microseconds of the timeline. */
const STEP_US = 1_000

/** Writes what the theatre has noted of its last execution. */
export function traceTo(file: string, name: string, { all, rows }: Theatre): void {
  const process = { name: "process_name", ph: "M", pid: 1, args: { name } }
  const threads = all.map(({ isolate, title }) => ({
    name: "thread_name",
    ph: "M",
    pid: 1,
    tid: isolate,
    args: { name: title },
  }))
  const steps = rows.map(({ step, player, object, operation, value, answer, stack }, i) => ({
    name: `${operation} ${object}`,
    cat: operation,
    ph: "X",
    ts: i * STEP_US,
    dur: STEP_US,
    pid: 1,
    tid: player.isolate,
    args: { step, value: short(value), answer: short(answer), at: whereIn(stack) },
  }))
  writeTrace(file, [process, ...threads, ...steps])
}
