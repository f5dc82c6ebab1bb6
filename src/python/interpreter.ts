/** One Python, as TypeScript holds it. */
import { load } from "#platform/atomics"
import { PYTHON_MEMORY_BYTES_MAX } from "#platform/limits"
import { hold, letGo } from "#platform/park"
import { writeStream } from "#platform/stdio"
import { InterpreterEndedError } from "../errors.ts"
import { acquire, type Here, here } from "../internal/loop/here.ts"
import { schedule } from "../internal/loop/pump.ts"
import { answerToMain, askFromMain } from "./asking.ts"
import { Exchange } from "./bridge/host-values.ts"
import { checkCode, checkGlobals, checkName, type ExecOptions, namedOf } from "./calling.ts"
import { type Files, placesOf } from "./files.ts"
import { type Simple, type Tuple, tupleOf, wordsOf } from "./foreign.ts"
import { serveProcesses } from "./processes.ts"
import { awaitedAt, placeOf, placeOfCall, raisedIn } from "./raised.ts"
import { PythonRuntime } from "./runtime.ts"
import { Signals } from "./signals.ts"
import { pyodidePackage } from "./startup/package.ts"
import { ROW, SIGINT, STATE } from "./world.ts"

/** How an interpreter is made. */
export interface InterpreterOptions {
  /** Gets what Python writes to its standard output, as text; the process's own unless given. */
  readonly stdout?: (text: string) => void
  /** Likewise for standard error. */
  readonly stderr?: (text: string) => void
  /** What Python reads from its standard input; nothing unless given. */
  readonly stdin?: string | Uint8Array
  /**
   * Most bytes of memory of this interpreter, and of each that it makes: what needs more raises
   * MemoryError. From 48 MiB; 4 GiB unless given.
   */
  readonly memoryBytes?: number
  /**
   * Files that this interpreter finds in its working folder, and each that it makes: contents by
   * relative path. Modules among them can be imported. They lie in memory, each interpreter has its
   * own.
   */
  readonly files?: Files
}

/** A CPython with its own lock in its own isolate. */
export interface Interpreter extends AsyncDisposable {
  /** Runs statements in `__main__`; resolves when they have ended. Top-level `await` works. */
  exec(code: string, options?: ExecOptions): Promise<void>
  /**
   * Calls `"module:function"`, or a name in `__main__` or a builtin, and copies the result; what is
   * awaitable is awaited. Keyword arguments come last, as `kwargs({ … })`.
   */
  call(name: string, ...args: unknown[]): Promise<unknown>
  /** Resolves with the reason when the interpreter has ended. */
  readonly ended: Promise<string>
  /** Raises KeyboardInterrupt in what runs now; when nothing does any more, nowhere. */
  interrupt(): void
  /** Ends the interpreter and those it made, whatever they do. */
  terminate(): void
}

/** The host's side of a main interpreter. */
export class HostInterpreter implements Interpreter {
  readonly #runtime: PythonRuntime
  readonly #at: Here = here()
  #ended: string | undefined
  #last: Promise<unknown> = Promise.resolve()
  readonly #signals: Signals
  #wake: () => void = () => {}
  readonly #whenEnded = Promise.withResolvers<string>()

  constructor(runtime: PythonRuntime) {
    this.#runtime = runtime
    this.#signals = new Signals(runtime.main, () => runtime.over)
    runtime.whenMainEnds((reason) => {
      this.#ended = reason
      this.#whenEnded.resolve(reason)
      this.#wake()
    })
    runtime.whenAnswered(() => this.#wake())
    serveProcesses(runtime)
    // Python tells actors of this isolate: it listens from here on, whatever else it does.
    schedule()
  }

  get ended(): Promise<string> {
    return this.#whenEnded.promise
  }

  async exec(code: string, options: ExecOptions = {}): Promise<void> {
    checkCode(code, "exec")
    const globals = checkGlobals(options)
    const place = placeOf(this.exec)
    const exchange = new Exchange(this.#at, globals, "globals")
    try {
      await this.ask(tupleOf("host-exec", code, "<exec>", exchange.asked))
    } catch (error) {
      throw awaitedAt(error, place)
    } finally {
      exchange.end()
    }
  }

  async call(name: string, ...args: unknown[]): Promise<unknown> {
    checkName(name, "call")
    const named = namedOf(args)
    const place = placeOfCall(name, this.call)
    const exchange = new Exchange(this.#at, [...args, named], "args")
    try {
      await this.ask(tupleOf("host-call", name, exchange.asked))
      return exchange.answer()
    } catch (error) {
      throw awaitedAt(error, place)
    } finally {
      exchange.end()
    }
  }

  /** Sends a request when those before it are answered; gives its result. */
  ask(request: Tuple): Promise<Simple> {
    const answer = this.#last.then(() => this.#ask(request))
    this.#last = answer.catch(() => {})
    return answer
  }

  async #ask(request: Tuple): Promise<Simple> {
    const { words } = this.#at
    const row = this.#runtime.main
    if (this.#ended !== undefined) throw new InterpreterEndedError(this.#ended)
    const encoded = wordsOf(request)
    const block = acquire(this.#at, encoded.length * 4)
    words.set(encoded, block)
    askFromMain(words, row, block)
    await this.#answered()
    if (this.#ended !== undefined) throw new InterpreterEndedError(this.#ended)
    return this.#answer(row)
  }

  /** Resolves when the interpreter has answered or ended; keeps the program alive meanwhile. */
  async #answered(): Promise<void> {
    hold()
    try {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    } finally {
      letGo()
    }
  }

  /** The answer, which lies in the row of an interpreter that lives. */
  #answer(row: number): Simple {
    // An interrupt that came too late for this request is none for the next.
    this.#signals.forget()
    const [how, ...what] = answerToMain(this.#at, row)
    if (how === "ok") return what[0]
    throw raisedIn(what as Tuple[])
  }

  /** Whether it has been loaded. */
  get isReady(): boolean {
    return load(this.#at.words, this.#runtime.main + ROW.STATE) === STATE.READY
  }

  interrupt(): void {
    const { words } = this.#at
    const row = this.#runtime.main
    const { isReady } = this
    if (this.#ended !== undefined || load(words, row + ROW.CLAIM) === 0 || !isReady) return
    this.#signals.send(SIGINT)
  }

  terminate(): void {
    this.#ended ??= "it was terminated"
    this.#runtime.terminate()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate()
    await this.#runtime.ended
  }
}

/** Starts an interpreter that this isolate, which is main, holds. */
export async function startInterpreter(options: InterpreterOptions): Promise<HostInterpreter> {
  await pyodidePackage()
  const { stdout, stderr, stdin, files, memoryBytes = PYTHON_MEMORY_BYTES_MAX } = options
  const runtime = new PythonRuntime({
    env: {},
    mounts: [],
    argv: [""],
    ...placesOf(files),
    stdin: typeof stdin === "string" ? new TextEncoder().encode(stdin) : (stdin ?? "none"),
    memoryBytes,
    ...(stdout === undefined && stderr === undefined ? {} : { onOutput: toText(stdout, stderr) }),
  })
  const host = new HostInterpreter(runtime)
  runtime.ref(false)
  await host.exec("")
  return host
}

/** Turns bytes of both streams into text; what nobody takes goes to the process's own stream. */
function toText(...takers: (((text: string) => void) | undefined)[]) {
  const decoders = takers.map(() => new TextDecoder())
  return (fd: 1 | 2, bytes: Uint8Array): void => {
    const take = takers[fd - 1]
    if (take === undefined) writeStream(fd, bytes)
    else take(decoders[fd - 1].decode(bytes, { stream: true }))
  }
}
