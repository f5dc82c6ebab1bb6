/** A head and its body are two messages; whoever sends them dies between the two. */
import { type Channel, channel, go, select } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "kill while holding",
  finds: "deadlock",
  source: "Gray, Reuter: Transaction processing: all or nothing",
  options: { kill: true },
}

async function sendInTwo(out: Channel<number[]>): Promise<void> {
  await out.send([1])
  await out.send([42])
}

async function sendInOne(out: Channel<number[]>): Promise<void> {
  await out.send([1, 42])
}

async function run(fn: typeof sendInTwo): Promise<void> {
  const parts = channel<number[]>(2)
  const task = go(fn, parts)
  const late = task.catch(() => {})
  const hit = await select({ part: parts, none: ended(late) })
  if (hit.case === "part" && hit.value?.length === 1) await parts.receive()
  await late
}

function ended(task: Promise<void>): AbortSignal {
  const ending = new AbortController()
  void task.then(() => ending.abort())
  return ending.signal
}

export const broken = () => run(sendInTwo)
export const fixed = () => run(sendInOne)
