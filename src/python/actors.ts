/**
 * Python's classes as actors, and interpreters as children of supervisors.
 *
 * The actor lives where its interpreter is held; each message is a call in the interpreter. What
 * the method raises ends the actor, as everywhere; with an interpreter of its own, so does the end
 * of the interpreter, and the next life starts another.
 */
import { Actor } from "../actor/actor.ts"
import { type ActorChildOptions, child } from "../actor/child.ts"
import { monitor } from "../actor/link.ts"
import type { ActorRef } from "../actor/ref.ts"
import { type SpawnOptions, spawn } from "../actor/spawn.ts"
import type { ChildSpec } from "../actor/spec.ts"
import { InterpreterEndedError } from "../errors.ts"
import { checkNames, shown } from "../internal/wire/shown.ts"
import { checkCode, checkName, kwargs } from "./calling.ts"
import type { Interpreter, InterpreterOptions } from "./interpreter.ts"
import { interpreter } from "./open.ts"

/** The methods of a Python class, where no interface says more. */
export interface PythonMethods {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the class takes and gives
  readonly [method: string]: (...args: any[]) => any
}

/** Where a Python actor gets its interpreter. */
export interface PythonActorOptions {
  /** The interpreter it lives in, or how its own is made. */
  readonly interpreter?: Interpreter | InterpreterOptions
  /** Statements that its own interpreter runs first; they may define the class. */
  readonly setup?: string
}

/** What an actor that keeps an interpreter can be asked. */
export interface InterpreterMethods {
  /** Runs statements in `__main__`, with these names set there first. */
  exec(code: string, globals?: Readonly<Record<string, unknown>>): Promise<void>
  /** Calls a function by its name, as `Interpreter.call`. */
  call(name: string, args?: readonly unknown[], named?: Readonly<Record<string, unknown>>): unknown
}

type Place = Omit<SpawnOptions, "on">
type Named<R extends object, O extends { readonly id: string }> = ChildSpec<R> & {
  readonly id: O["id"]
}
type ChildPlace = Omit<ActorChildOptions, "on">

let lives = 0

/** An actor that keeps an interpreter, of its own or another's. */
abstract class Keeper extends Actor {
  readonly #options: PythonActorOptions
  readonly #life = ++lives
  protected py!: Interpreter

  constructor(options: PythonActorOptions) {
    super()
    this.#options = options
  }

  protected async open(): Promise<void> {
    const { interpreter: given = {}, setup } = this.#options
    if (isInterpreter(given)) this.py = given
    else {
      const py = await interpreter(given)
      this.py = py
      // However this life ends, its interpreter ends with it.
      monitor(this.self, () => py.terminate())
      void py.ended.then((reason) => this.#tellEnded(reason))
    }
    if (setup !== undefined) await this.py.exec(setup)
  }

  #tellEnded(reason: string): void {
    const tell = this.self.tell as unknown as Keeper
    Promise.resolve(tell.$interpreterEnded(this.#life, reason)).catch(() => {})
  }

  /** The interpreter of a life has ended; the life, if it is this one, has failed. */
  $interpreterEnded(life: number, reason: string): void {
    if (life === this.#life) throw new InterpreterEndedError(reason)
  }
}

function isInterpreter(given: Interpreter | InterpreterOptions): given is Interpreter {
  return "call" in given && "exec" in given
}

let objects = 0

/** An actor whose methods are those of a Python object. */
abstract class PythonObject extends Keeper {
  readonly #key = `actor ${++objects}`
  readonly #name: string
  readonly #args: readonly unknown[]

  constructor(name: string, args: readonly unknown[], options: PythonActorOptions) {
    super(options)
    this.#name = name
    this.#args = args
  }

  override async onStart(): Promise<void> {
    await this.open()
    const methods = await this.py.call("heddle:_actor_start", this.#key, this.#name, this.#args)
    for (const method of methods as string[]) {
      const value = (...args: unknown[]): Promise<unknown> =>
        this.py.call("heddle:_actor_call", this.#key, method, args)
      Object.defineProperty(this, method, { value })
    }
  }

  override async onStop({ reason }: { readonly reason: string }): Promise<void> {
    await this.py.call("heddle:_actor_stop", this.#key, reason)
  }
}

function classOf(name: string, args: readonly unknown[], options: PythonActorOptions) {
  checkName(name, "an actor of Python")
  if (!Array.isArray(args)) throw new TypeError(`args must be an array, received ${shown(args)}`)
  return class extends PythonObject {
    constructor() {
      super(name, args, options)
    }
  }
}

/**
 * Starts an actor whose class is written in Python: `"module:Class"`, or `":Class"` for one that
 * `setup` defines. Its public methods are what it can be asked and told; `on_start` and
 * `on_stop(reason)` are called at the ends of a life. It has an interpreter of its own unless one
 * is given.
 *
 * @example
 * const setup = "class Counter:\n  n = 0\n  def add(self, k): self.n += k; return self.n"
 * const counter = await pythonActor(":Counter", [], { setup })
 * console.log(await counter.ask.add(2)) // prints: 2
 * counter.stop()
 */
export function pythonActor<C extends object = PythonMethods>(
  name: string,
  args: readonly unknown[] = [],
  options: PythonActorOptions & Place = {},
): Promise<ActorRef<C>> {
  const [own, place] = apart(options, "pythonActor", PLACE)
  const Class = classOf(name, args, own)
  return spawn(Class, [], { ...place, on: "here" }) as unknown as Promise<ActorRef<C>>
}

/** A Python class as a child of a supervisor: each life has an interpreter of its own. */
export function pythonChild<const O extends PythonActorOptions & ChildPlace>(
  name: string,
  args: readonly unknown[],
  options: O,
): Named<ActorRef<PythonMethods>, O> {
  const [own, place] = apart(options, "pythonChild", CHILD_PLACE)
  const Class = classOf(name, args, own)
  const spec: unknown = child(Class, [], { ...place, on: "here" })
  return spec as Named<ActorRef<PythonMethods>, O>
}

/** An interpreter as a child of a supervisor, which is asked to `exec` and `call`. */
export function interpreterChild<const O extends PythonActorOptions & ChildPlace>(
  options: O,
): Named<ActorRef<InterpreterMethods>, O> {
  const [own, place] = apart(options, "interpreterChild", CHILD_PLACE)
  const Class = class extends InterpreterKeeper {
    constructor() {
      super(own)
    }
  }
  const spec: unknown = child(Class, [], { ...place, on: "here" })
  return spec as Named<ActorRef<InterpreterMethods>, O>
}

abstract class InterpreterKeeper extends Keeper implements InterpreterMethods {
  override onStart(): Promise<void> {
    return this.open()
  }

  exec(code: string, globals: Readonly<Record<string, unknown>> = {}): Promise<void> {
    return this.py.exec(code, { globals })
  }

  call(
    name: string,
    args: readonly unknown[] = [],
    named: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    return this.py.call(name, ...args, kwargs(named))
  }
}

/** The options of an actor that lives where its interpreter is: the type misses none. */
const PLACE = { name: true, mailbox: true, whenDies: true } satisfies Record<keyof Place, true>

const CHILD_PLACE = {
  ...{ id: true, restart: true, shutdownMs: true, significant: true },
  ...PLACE,
} satisfies Record<keyof ChildPlace, true>

/** What of the options of `what` is for the keeper of an interpreter, and the rest: `place`. */
function apart<O extends PythonActorOptions>(
  options: O,
  what: string,
  place: Readonly<Record<string, true>>,
): [PythonActorOptions, Omit<O, keyof PythonActorOptions>] {
  checkNames(options, what, ["interpreter", "setup", ...Object.keys(place)])
  const { interpreter: given, setup, ...rest } = options
  if (setup !== undefined) checkCode(setup, "setup")
  if (given !== undefined && (typeof given !== "object" || given === null)) {
    const wanted = "an interpreter or the options of one"
    throw new TypeError(`${what} takes ${wanted} as interpreter, received ${shown(given)}`)
  }
  const own = {
    ...(given === undefined ? {} : { interpreter: given }),
    ...(setup === undefined ? {} : { setup }),
  }
  return [own, rest]
}
