/** Worker of the bare MessagePort: answers calls, sends and receives streams. */
import { type MessagePort, parentPort } from "node:worker_threads"
import { nanoseconds } from "../../harness/measure.ts"
import { factorial, increment, spin } from "../../workloads/functions.js"
import { type Message, message, weight } from "../../workloads/message.ts"

const tasks = { factorial, increment, spin }

type TaskName = keyof typeof tasks

/** What main tells a worker to do. */
export type Order =
  | { do: "answer"; port: MessagePort; name: TaskName }
  | { do: "send"; port: MessagePort; kind: "int" | "object"; count: number }
  | { do: "receive"; port: MessagePort; kind: "int" | "object"; count: number }

const main = parentPort
if (main === null) throw new Error("runs as a worker only")

main.on("message", (order: Order) => {
  if (order.do === "answer") answer(order.port, order.name)
  else if (order.do === "send") send(order.port, order.kind, order.count)
  else receive(order.port, order.kind, order.count)
})

function answer(port: MessagePort, name: TaskName): void {
  const run = tasks[name]
  port.on("message", ([id, value]: [number, number]) => port.postMessage([id, run(value)]))
}

/**
 * Messages posted before the event loop has a turn: a port has no back-pressure, and a queue of a
 * million messages is up to three times slower than a short one.
 */
const BURST = 1_000

function send(port: MessagePort, kind: "int" | "object", count: number): void {
  const start = nanoseconds()
  const post =
    kind === "int"
      ? (i: number) => port.postMessage(i)
      : (i: number) => port.postMessage(message(i))
  let sent = 0
  const burst = (): void => {
    for (const end = Math.min(sent + BURST, count); sent < end; sent++) post(sent)
    if (sent < count) setImmediate(burst)
    else main?.postMessage({ start })
  }
  burst()
}

function receive(port: MessagePort, kind: "int" | "object", count: number): void {
  if (kind === "int") add(port, count, (value: number) => value)
  else add(port, count, (value: Message) => weight(value))
}

function add<T>(port: MessagePort, count: number, weigh: (value: T) => number): void {
  let left = count
  let sum = 0
  port.on("message", (value: T) => {
    sum += weigh(value)
    if (--left > 0) return
    const end = nanoseconds()
    port.close()
    main?.postMessage({ end, sum })
  })
}
