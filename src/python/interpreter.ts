/** One Python, as TypeScript holds it. */
import { compareExchange, load, read, store, write } from "#platform/atomics"
import { after, type Timer } from "#platform/clock"
import { hold, letGo, waitThen } from "#platform/park"
import { InterpreterEndedError, PythonError } from "../errors.ts"
import { acquire, type Here, here } from "../internal/loop/here.ts"
import {
  fromSimple,
  type Simple,
  SimpleReader,
  type Tuple,
  toSimple,
  tupleOf,
  wordsOf,
} from "./foreign.ts"
import { interrupt } from "./natives-wait.ts"
import { PythonRuntime } from "./runtime.ts"
import { bump, CLAIM, ROW, STATE } from "./world.ts"

/** How an interpreter is made. */
export interface InterpreterOptions {
  /** Gets what Python writes to its standard output, as text; the process's own unless given. */
  readonly stdout?: (text: string) => void
  /** Likewise for standard error. */
  readonly stderr?: (text: string) => void
}

/** A CPython with its own lock in its own isolate. */
export interface Interpreter extends AsyncDisposable {
  /** Runs statements in `__main__`; resolves when they have ended. Top-level `await` works. */
  exec(code: string): Promise<void>
  /** Calls `"module:function"`, or a name in `__main__` or a builtin, and copies the result. */
  call(name: string, ...args: unknown[]): Promise<unknown>
  /** Raises KeyboardInterrupt in what runs now. */
  interrupt(): void
  /** Ends the interpreter and those it made, whatever they do. */
  terminate(): void
}

const SIGINT = 2
const INTERRUPT_RETRY_MS = 1

/** The host's side of a main interpreter. */
export class HostInterpreter implements Interpreter {
  readonly #runtime: PythonRuntime
  readonly #at: Here = here()
  #ended: string | undefined
  #last: Promise<unknown> = Promise.resolve()
  #retry: Timer | undefined

  constructor(runtime: PythonRuntime) {
    this.#runtime = runtime
    runtime.whenMainEnds((reason) => {
      this.#ended = reason
    })
  }

  async exec(code: string): Promise<void> {
    if (typeof code !== "string") throw new TypeError(`exec takes source text, received ${code}`)
    await this.ask(tupleOf("host-exec", code, "<exec>"))
  }

  async call(name: string, ...args: unknown[]): Promise<unknown> {
    if (typeof name !== "string") throw new TypeError(`call takes a name, received ${name}`)
    const simple = args.map((arg, i) => toSimple(arg, `args[${i}]`))
    return fromSimple(await this.ask(tupleOf("host-call", name, tupleOf("l", ...simple))))
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
    compareExchange(words, row + ROW.CLAIM, 0, CLAIM.HOST)
    const encoded = wordsOf(request)
    const block = acquire(this.#at, encoded.length * 4)
    words.set(encoded, block)
    write(words, row + ROW.REQUEST, block)
    const done = load(words, row + ROW.DONE)
    bump(words, row + ROW.TURN)
    await changed(words, row + ROW.DONE, done)
    return this.#answer(row)
  }

  #answer(row: number): Simple {
    const { words, memory, arena } = this.#at
    const block = read(words, row + ROW.REPLY)
    write(words, row + ROW.REPLY, 0)
    store(words, row + ROW.CLAIM, 0)
    if (block === 0) throw new InterpreterEndedError(this.#ended ?? "it was terminated")
    const [how, what] = (new SimpleReader(memory, block).next() as Tuple).items
    arena.release(block)
    if (how === "ok") return what
    const [name, , , message, , display] = (what as Tuple).items as string[]
    throw new PythonError(name, message, display ?? "")
  }

  interrupt(): void {
    const { words } = this.#at
    const row = this.#runtime.main
    if (load(words, row + ROW.CLAIM) === 0 || load(words, row + ROW.STATE) !== STATE.READY) return
    interrupt(words, row, SIGINT)
    this.#retry?.stop()
    this.#retry = after(INTERRUPT_RETRY_MS, () => this.#insist(), true)
  }

  /** The victim may have been about to sleep when it was notified. */
  #insist(): void {
    if (load(this.#at.words, this.#runtime.main + ROW.SIGNAL) !== 0) this.interrupt()
  }

  terminate(): void {
    this.#ended ??= "it was terminated"
    this.#runtime.terminate()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate()
  }
}

/** Resolves when the word is no longer `seen`; keeps the program alive meanwhile. */
async function changed(words: Int32Array, word: number, seen: number): Promise<void> {
  hold()
  try {
    while (load(words, word) === seen)
      await new Promise<void>((resolve) => waitThen(words, word, seen, resolve))
  } finally {
    letGo()
  }
}

/** Starts a CPython in an isolate of its own; resolves when it runs. */
export async function interpreter(options: InterpreterOptions = {}): Promise<Interpreter> {
  const { stdout, stderr } = options
  const decoders = [new TextDecoder(), new TextDecoder()] as const
  const runtime = new PythonRuntime({
    env: {},
    mounts: [],
    cwd: "/",
    stdin: "none",
    path0: "",
    onOutput(fd, bytes) {
      const text = decoders[fd - 1].decode(bytes, { stream: true })
      if (fd === 1) (stdout ?? console.log)(text)
      else (stderr ?? console.error)(text)
    },
  })
  const host = new HostInterpreter(runtime)
  runtime.ref(false)
  await host.exec("pass")
  return host
}
