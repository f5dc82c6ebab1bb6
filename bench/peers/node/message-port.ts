/** Bare worker_threads with MessagePort: the floor that every pool stands on. */
import { once } from "node:events"
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads"
import { check, repeated, sumBelow } from "../../harness/measure.ts"
import type { Context, Sample } from "../../harness/scenario.ts"
import type { Run } from "../../workloads/calls.ts"
import { totalWeight } from "../../workloads/message.ts"
import type { Order } from "./message-port-worker.ts"
import type { TaskName } from "./pools.ts"

const file = new URL("./message-port-worker.ts", import.meta.url)

/** One-way stream between two workers, `pairs` times at once; main only looks on. */
export async function stream(
  context: Context,
  kind: "int" | "object",
  count: number,
  pairs = 1,
): Promise<Sample> {
  const workers = Array.from({ length: 2 * pairs }, () => new Worker(file))
  const expected = kind === "int" ? sumBelow(count) : totalWeight(count)
  return repeated(context, count * pairs, async () => {
    const runs = Array.from({ length: pairs }, async (_, pair) => {
      const run = await oneStream(workers[2 * pair], workers[2 * pair + 1], kind, count)
      check("sum", run.sum, expected)
      return run
    })
    const all = await Promise.all(runs)
    const start = Math.min(...all.map((run) => run.start))
    return (Math.max(...all.map((run) => run.end)) - start) / 1e9
  })
}

async function oneStream(
  sender: Worker,
  receiver: Worker,
  kind: "int" | "object",
  count: number,
): Promise<{ start: number; end: number; sum: number }> {
  const { port1, port2 } = new MessageChannel()
  const started = once(sender, "message")
  const ended = once(receiver, "message")
  tell(receiver, { do: "receive", port: port2, kind, count })
  tell(sender, { do: "send", port: port1, kind, count })
  const [{ start }] = await started
  const [{ end, sum }] = await ended
  return { start, end, sum }
}

function tell(worker: Worker, order: Order): void {
  worker.postMessage(order, [order.port])
}

/** Calls over bare ports: an id, a map of promises, workers taken in turn. */
export function openPortPool(name: TaskName, size: number): Run {
  const waiting = new Map<number, (value: number | bigint) => void>()
  const workers = Array.from({ length: size }, () => new Worker(file))
  const ports = workers.map((worker): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    tell(worker, { do: "answer", port: port2, name })
    port1.on("message", ([id, value]: [number, number | bigint]) => {
      waiting.get(id)?.(value)
      waiting.delete(id)
    })
    return port1
  })
  let next = 0
  return (value) =>
    new Promise((resolve) => {
      const id = next++
      waiting.set(id, resolve)
      ports[id % size].postMessage([id, value])
    })
}
