/**
 * Processes of a Python: what `subprocess` starts is a Python of its own, with interpreters of its
 * own, which main starts, watches and ends. It has the pipes that its parent left it, and lives no
 * longer than that.
 */
import { load } from "#platform/atomics"
import { NoFreeIsolateError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { answerToMain, askFromMain } from "./asking.ts"
import { CHILD_STATE, settleChild } from "./children.ts"
import { type Simple, SimpleReader, type Tuple } from "./foreign.ts"
import type { AskedProcess } from "./from-thread.ts"
import { leaveEnds } from "./pipe.ts"
import { PythonRuntime, type RuntimeOptions } from "./runtime.ts"
import { Signals } from "./signals.ts"
import { ROW, STATE, WORLD } from "./world.ts"

const SIGKILL = 9
const SIGSEGV = 11
const SIGSTOP = 19
/** Those that do nothing where nobody heeds them: CHLD, CONT, URG, WINCH. */
const HARMLESS = [17, 18, 23, 28]
/** Signals from here on cannot be heeded. */
const SIGNALS_END = 32

/** The programs of a Python may start processes from here on. */
export function serveProcesses(parent: PythonRuntime): void {
  const children = new Map<number, Process>()
  parent.whenProcesses(
    (asked) => {
      const child = startProcess(parent, asked)
      if (child === undefined) return
      children.set(asked.child, child)
      void parent.outlive(child.runtime, () => {
        children.delete(asked.child)
        settleChild(here().words, asked.child, CHILD_STATE.ENDED, child.status)
      })
    },
    (child, signal) => children.get(child)?.signal(signal),
  )
}

function startProcess(parent: PythonRuntime, asked: AskedProcess): Process | undefined {
  const at = here()
  const { child, block, streams, kept } = asked
  try {
    const runtime = new PythonRuntime(optionsFor(parent, asked))
    leaveEnds(at, parent.world, runtime.world, [...streams, ...kept])
    serveProcesses(runtime)
    const process = new Process(runtime, block)
    settleChild(at.words, child, CHILD_STATE.RUNNING)
    return process
  } catch (error) {
    if (!(error instanceof NoFreeIsolateError)) throw error
    at.arena.release(block)
    settleChild(at.words, child, CHILD_STATE.REFUSED)
    return undefined
  }
}

function optionsFor(parent: PythonRuntime, { block, pid, streams }: AskedProcess): RuntimeOptions {
  const { options } = parent
  const [, cwd, path, env, , , argv] = itemsOf(new SimpleReader(here().memory, block).next())
  return {
    ...options,
    cwd: cwd as string,
    path: itemsOf(path) as string[],
    argv: itemsOf(argv) as string[],
    env: Object.fromEntries(itemsOf(env).map((pair) => itemsOf(pair) as [string, string])),
    stdin: options.stdin === "process" ? "process" : "none",
    origin: { parent, pid, streams },
  }
}

function itemsOf(tuple: Simple | undefined): readonly Simple[] {
  return (tuple as Tuple).items
}

/** One process, as main holds it. */
class Process {
  readonly runtime: PythonRuntime
  /** How it has ended, as `waitpid` has it. */
  status = SIGSEGV
  readonly #signals: Signals

  constructor(runtime: PythonRuntime, request: number) {
    this.runtime = runtime
    runtime.ref(false)
    runtime.whenAnswered(() => {
      this.status = this.#answer()
      runtime.terminate()
    })
    runtime.whenMainEnds(() => {
      const { exitStatus } = runtime
      if (exitStatus !== undefined) this.status = exited(exitStatus)
    })
    this.#signals = new Signals(runtime.main, () => runtime.over)
    askFromMain(here().words, runtime.main, request)
  }

  #answer(): number {
    const [how, code] = answerToMain(here(), this.runtime.main)
    if (how !== "ok") return exited(1)
    return (code as number) < 0 ? -(code as number) : exited(code as number)
  }

  /** Raises a signal in a program that heeds it, and does what it does by itself in others. */
  signal(signal: number): void {
    if (this.#heeds(signal)) {
      this.#signals.send(signal)
    } else if (!HARMLESS.includes(signal)) {
      this.status = signal
      this.runtime.terminate()
    }
  }

  #heeds(signal: number): boolean {
    const { words } = here()
    const { main, world } = this.runtime
    if (signal === SIGKILL || signal === SIGSTOP || signal >= SIGNALS_END) return false
    if (load(words, main + ROW.STATE) !== STATE.READY) return false
    return (load(words, world + WORLD.SIGNALS) & (1 << signal)) !== 0
  }
}

/** The status of a process that has ended with an exit code. */
function exited(code: number): number {
  return (code & 0xff) << 8
}
