/**
 * Interpreters that main keeps for other isolates: only main starts threads. What happens to each
 * is told in order, through a channel to the isolate that asked for it; when that isolate ends, so
 * does its interpreter.
 */
import type { Sender } from "../channel/index.ts"
import { InterpreterEndedError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { isAlive } from "../internal/memory/owners.ts"
import { onEnd } from "../isolate/roster.ts"
import { kwargs } from "./calling.ts"
import type { HostInterpreter, InterpreterOptions } from "./interpreter.ts"
import { startInterpreter } from "./interpreter.ts"

/** What happened in an interpreter: text that it wrote, or why it has ended. */
export type KeptEvent =
  | { readonly to: "stdout" | "stderr"; readonly text: string }
  | { readonly ended: string }

/** Options that can be sent, and which of the two streams somebody listens to. */
export interface KeptOptions extends Pick<InterpreterOptions, "stdin" | "memoryBytes" | "files"> {
  readonly stdout: boolean
  readonly stderr: boolean
}

/** An answer, and how many events were sent before it. */
export interface KeptAnswer {
  readonly value: unknown
  readonly events: number
}

interface Kept {
  readonly py: HostInterpreter
  /** The isolate that asked for it. */
  readonly owner: number
  events: number
}

const kept = new Map<number, Kept>()
let made = 0
let watching = false

/** Ends what an isolate that has ended had asked for. */
function watch(): void {
  if (watching) return
  watching = true
  onEnd(() => {
    for (const { py, owner } of kept.values()) if (!isAlive(here().words, owner)) py.terminate()
  })
}

/** Starts an interpreter for the isolate with this token; its number. */
export async function open(
  owner: number,
  options: KeptOptions,
  events: Sender<KeptEvent>,
): Promise<number> {
  watch()
  let one: Kept | undefined
  const tell = (event: KeptEvent): void => {
    if (one !== undefined) one.events++
    // It fails when the receiver has died: nobody misses anything.
    events.send(event).catch(() => {})
  }
  const { stdin, memoryBytes, files, stdout, stderr } = options
  const py = await startInterpreter({
    ...(stdin === undefined ? {} : { stdin }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(files === undefined ? {} : { files }),
    ...(stdout ? { stdout: (text: string) => tell({ to: "stdout", text }) } : {}),
    ...(stderr ? { stderr: (text: string) => tell({ to: "stderr", text }) } : {}),
  })
  one = { py, owner, events: 0 }
  const number = ++made
  kept.set(number, one)
  if (!isAlive(here().words, owner)) py.terminate()
  void py.ended.then((reason) => {
    kept.delete(number)
    tell({ ended: reason })
    events.close()
  })
  return number
}

async function ask(number: number, how: (py: HostInterpreter) => Promise<unknown>) {
  const one = kept.get(number)
  if (one === undefined) throw new InterpreterEndedError("it was terminated")
  const value = await how(one.py)
  return { value, events: one.events } satisfies KeptAnswer
}

/** Runs statements. */
export function exec(
  number: number,
  code: string,
  globals: Readonly<Record<string, unknown>>,
): Promise<KeptAnswer> {
  return ask(number, (py) => py.exec(code, { globals }))
}

/** Calls a function. */
export function call(
  number: number,
  name: string,
  args: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
): Promise<KeptAnswer> {
  return ask(number, (py) => py.call(name, ...args, kwargs(named)))
}

/** Raises KeyboardInterrupt in what runs. */
export function interrupt(number: number): void {
  kept.get(number)?.py.interrupt()
}

/** Ends the interpreter; resolves when its threads have ended. */
export async function terminate(number: number): Promise<void> {
  await kept.get(number)?.py[Symbol.asyncDispose]()
}
