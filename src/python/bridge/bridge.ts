/** What the builtins beneath `import heddle` share, in one interpreter. */
import { notify } from "#platform/atomics"
import { ActorRef } from "../../actor/ref.ts"
import { Channel } from "../../channel/channel.ts"
import { Receiver, Sender } from "../../channel/ends.ts"
import { ReceivingEnd } from "../../channel/receiving-end.ts"
import { NotSendableError } from "../../errors.ts"
import { listen } from "../../internal/loop/pump.ts"
import { doorbell } from "../../internal/memory/doorbell.ts"
import { type Arguments, type Builtin, raise } from "../builtins.ts"
import { OFFSET } from "../c-api.ts"
import type { Inside } from "../inside.ts"
import { smallInt } from "../numbers.ts"
import type { WaitWord } from "../threads/index.ts"
import { type BridgeApi, Raised } from "./c-api.ts"
import { Carried } from "./carried.ts"
import { Classes, type HandleClass } from "./classes.ts"
import { Handles } from "./handles.ts"
import { landInPython } from "./landed-bytes.ts"
import { NoCounterpart } from "./no-counterpart.ts"
import { ToJs } from "./to-js.ts"
import { ToPython } from "./to-python.ts"

/** Values, handles and errors of one interpreter. */
export class Bridge {
  readonly inside: Inside
  readonly c: BridgeApi
  readonly classes: Classes
  readonly handles = new Handles()
  readonly carried: Carried
  readonly toJs: ToJs
  readonly toPython: ToPython

  constructor(inside: Inside) {
    this.inside = inside
    // The module has every function of the C API; the room's own type names those it needs.
    this.c = inside.c as BridgeApi
    this.classes = new Classes(this.c)
    this.carried = new Carried(inside)
    landInPython(this.c)
    this.toJs = new ToJs(this.c, this.classes, (n) => this.handles.get(n))
    this.toPython = new ToPython(this.c, this.classes, (value) => this.#newHandle(value))
  }

  #newHandle(value: object): number {
    const name = handleClassOf(value)
    if (name === undefined) return 0
    const buffer = sharedIn(value)
    if (buffer !== undefined) this.carried.hold(buffer)
    return this.classes.newHandle(name, this.handles.add(value))
  }

  /** The Python object with this number is no more. */
  drop(n: number): void {
    const handle = this.handles.get(n)
    this.handles.drop(n)
    const buffer = handle === undefined ? undefined : sharedIn(handle)
    if (buffer !== undefined) this.carried.letGo(buffer)
  }

  /** Runs a builtin; what it throws becomes Python's exception. */
  guarded<T>(run: () => T): T | 0 {
    try {
      return run()
    } catch (error) {
      return this.raise(error)
    }
  }

  /** A builtin whose errors become Python's. */
  builtin(run: Builtin): Builtin {
    return (args) => this.guarded(() => run(args))
  }

  /** Sets Python's exception for an error. */
  raise(error: unknown): 0 {
    const { c } = this
    if (error instanceof Raised) return 0
    if (error instanceof NoCounterpart || error instanceof NotSendableError)
      return this.#raiseUnshareable(error.message)
    if (error instanceof TypeError) return raise(c, c._PyExc_TypeError, error.message)
    if (error instanceof RangeError) return raise(c, c._PyExc_ValueError, error.message)
    return this.raiseRemote(error)
  }

  #raiseUnshareable(message: string): 0 {
    const { c, classes } = this
    const text = this.toPython.value(message, "message")
    c._PyErr_SetObject(classes.find("_heddle_pack", "NotShareableError"), text)
    c._Py_DecRef(text)
    return 0
  }

  /** Sets an exception for an error of the other side. */
  raiseRemote(error: unknown): 0 {
    const { c, toPython } = this
    const known = error instanceof Error ? error : new Error(String(error))
    const exception = toPython.value(known, "error")
    c._PyErr_SetObject(c.HEAPU32[(exception + OFFSET.TYPE) >>> 2], exception)
    c._Py_DecRef(exception)
    return 0
  }

  /** A value of the module `heddle` that builtins answer with: a new reference. */
  answer(name: "_CLOSED" | "_LATE" | "_FULL" | "_EMPTY"): number {
    const object = this.classes.own(name)
    this.c._Py_IncRef(object)
    return object
  }

  /** What an argument stands for. */
  handle(args: Arguments, index: number): object {
    const n = smallInt(this.c, args.pointer(index)) ?? 0
    const handle = this.handles.get(n)
    if (handle === undefined) throw new TypeError("this handle was closed")
    return handle
  }

  /**
   * The word to sleep on until this isolate is told something, unless `over` says that what was
   * awaited has come with what it was told so far.
   */
  bell(over: () => boolean): WaitWord {
    const { words, me } = this.inside.at
    const seen = listen()
    return { words, index: doorbell(me), expected: over() ? seen - 1 : seen }
  }

  /** Something has come to another green thread: it is not the one that was told. */
  ring(): void {
    const { words, me } = this.inside.at
    notify(words, doorbell(me))
  }
}

/** The shared memory under a view. */
function sharedIn(value: object): SharedArrayBuffer | undefined {
  if (!ArrayBuffer.isView(value)) return undefined
  return value.buffer instanceof SharedArrayBuffer ? value.buffer : undefined
}

function handleClassOf(value: object): HandleClass | undefined {
  if (value instanceof Channel) return "Channel"
  if (value instanceof ActorRef) return "ActorRef"
  if (value instanceof Sender) return "Sender"
  if (value instanceof Receiver || value instanceof ReceivingEnd) return "Receiver"
  return sharedIn(value) === undefined ? undefined : "SharedBytes"
}
