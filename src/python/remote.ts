/** An interpreter that main keeps for another isolate, as that isolate holds it: see kept.ts. */
import { ownUrl } from "#platform/module"
import { channel, type Receiver } from "../channel/index.ts"
import { InterpreterEndedError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { go, task } from "../task/index.ts"
import { checkCode, checkGlobals, checkName, type ExecOptions, namedOf } from "./calling.ts"
import type { Interpreter, InterpreterOptions } from "./interpreter.ts"
import * as kept from "./kept.ts"
import { awaitedAt, type Place, placeOf, placeOfCall } from "./raised.ts"

const URL = ownUrl("python/kept").href

function named<F extends (...args: never[]) => unknown>(name: string, fn: F): F {
  return task(URL, name, fn)
}

const open = named("open", kept.open)
const exec = named("exec", kept.exec)
const call = named("call", kept.call)
const interrupt = named("interrupt", kept.interrupt)
const terminate = named("terminate", kept.terminate)

/** What main does for an isolate. */
const main = go.with({ on: "main" })

/** The asking isolate's side. */
class RemoteInterpreter implements Interpreter {
  readonly #number: number
  readonly #take: (event: kept.KeptEvent) => void
  readonly #whenEnded = Promise.withResolvers<string>()
  readonly #awaited: { readonly events: number; readonly resolve: () => void }[] = []
  #last: Promise<unknown> = Promise.resolve()
  #events = 0
  #ended: string | undefined

  constructor(number: number, events: Receiver<kept.KeptEvent>, options: InterpreterOptions) {
    this.#number = number
    this.#take = (event) => {
      if ("ended" in event) this.#end(event.ended)
      else options[event.to]?.(event.text)
    }
    void this.#listen(events)
  }

  async #listen(events: Receiver<kept.KeptEvent>): Promise<void> {
    for await (const event of events) {
      this.#take(event)
      this.#events++
      while (this.#events >= (this.#awaited[0]?.events ?? Infinity))
        this.#awaited.shift()?.resolve()
    }
    for (const { resolve } of this.#awaited) resolve()
  }

  #end(reason: string): void {
    this.#ended ??= reason
    this.#whenEnded.resolve(this.#ended)
  }

  get ended(): Promise<string> {
    return this.#whenEnded.promise
  }

  async exec(code: string, options: ExecOptions = {}): Promise<void> {
    checkCode(code, "exec")
    const globals = checkGlobals(options)
    await this.#ask(placeOf(this.exec), () => main(exec, this.#number, code, globals))
  }

  async call(name: string, ...args: unknown[]): Promise<unknown> {
    checkName(name, "call")
    const named = namedOf(args)
    const place = placeOfCall(name, this.call)
    return await this.#ask(place, () => main(call, this.#number, name, args, named))
  }

  /** Asks in order; what was written before an answer has been heard before it. */
  async #ask(place: Place, how: () => Promise<kept.KeptAnswer>): Promise<unknown> {
    const answer = this.#last.then(async () => {
      if (this.#ended !== undefined) throw new InterpreterEndedError(this.#ended)
      const { value, events } = await how()
      if (this.#events < events)
        await new Promise<void>((resolve) => this.#awaited.push({ events, resolve }))
      return value
    })
    this.#last = answer.catch(() => {})
    try {
      return await answer
    } catch (error) {
      throw awaitedAt(error, place)
    }
  }

  interrupt(): void {
    main(interrupt, this.#number).catch(() => {})
  }

  terminate(): void {
    this.#ended ??= "it was terminated"
    main(terminate, this.#number).catch(() => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended ??= "it was terminated"
    await main(terminate, this.#number)
  }
}

/** Starts an interpreter in main for the calling isolate. */
export async function remoteInterpreter(options: InterpreterOptions): Promise<Interpreter> {
  const events = channel<kept.KeptEvent>({ name: "events of an interpreter" })
  const { stdin, memoryBytes, files, stdout, stderr } = options
  const given = {
    ...(stdin === undefined ? {} : { stdin }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(files === undefined ? {} : { files }),
    stdout: stdout !== undefined,
    stderr: stderr !== undefined,
  }
  const number = await main(open, here().me, given, events.sender)
  return new RemoteInterpreter(number, events.receiver, options)
}
