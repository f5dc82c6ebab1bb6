/**
 * Every error that Heddle itself throws, each with a stable `code`.
 *
 * A caller's mistake is a `TypeError` or `RangeError`; a class from here is a condition of the
 * world that a program may want to tell apart: by class, by `code`, or by the typed fields. Names
 * and codes are part of the public contract; messages are for people and may change.
 *
 * These classes cross isolates as themselves: class, fields, `cause` and stack arrive on the other
 * side, so `instanceof` works there.
 */

/// <reference lib="esnext.disposable" preserve="true" />

/** What every Heddle error has: a `code` that never changes, beside a message that may. */
export class HeddleError extends Error {
  /** `ERR_HEDDLE_…`: compare this, not the message. */
  readonly code: string = "ERR_HEDDLE"
}

/**
 * A value cannot be copied to another isolate: a function, a symbol, an instance of a class that
 * was not registered, a getter that throws, nesting without end.
 *
 * To do: send plain data, register the class with `sendable(Class, …)`, or pass a handle.
 */
export class NotSendableError extends HeddleError {
  override readonly code = "ERR_HEDDLE_NOT_SENDABLE"
  /** Where in the value the trouble sits, such as `args[0].user.onClick`. */
  readonly path: string
  /** What is wrong there, such as `is a function`. */
  readonly problem: string

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path} ${problem}`, options)
    this.path = path
    this.problem = problem
  }
}

/**
 * A value arrived whose class or kind this isolate does not know, because the module that registers
 * it was not loaded here.
 *
 * To do: import the module that calls `sendable(Class, { id, … })` where the value is received. A
 * closure imports only what its code names, and types are no code: name the class in it.
 */
export class UnknownClassError extends HeddleError {
  override readonly code = "ERR_HEDDLE_UNKNOWN_CLASS"
  /** The id given to `sendable`, or the name of a kind of handle. */
  readonly id: string

  constructor(id: string, message: string) {
    super(message)
    this.id = id
  }
}

/**
 * A handle was used after `move(handle)` gave it away.
 *
 * To do: use it before moving, or send it without `move`; `movedAt` says where it left.
 */
export class UseAfterMoveError extends HeddleError {
  override readonly code = "ERR_HEDDLE_USE_AFTER_MOVE"
  /** What was used, such as `Sender`. */
  readonly what: string
  /** The stack line of the move. */
  readonly movedAt: string

  constructor(what: string, movedAt: string) {
    super(`${what} was used after it was moved ${movedAt}`)
    this.what = what
    this.movedAt = movedAt
  }
}

/**
 * A buffer that was moved with a message is lost: the isolate that had it died before whoever was
 * to have it.
 *
 * To do: send it again where it came from. What must survive a death is copied, not moved.
 */
export class BufferLostError extends HeddleError {
  override readonly code = "ERR_HEDDLE_BUFFER_LOST"
  /** The id of the isolate that moved it. */
  readonly isolate: number

  constructor(isolate: number) {
    super(`a buffer that isolate ${isolate} moved is lost: the isolate that had it last has died`)
    this.isolate = isolate
  }
}

/** A place in a source file; lines and columns count from 1. */
export interface SourcePlace {
  /** Its path. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/**
 * A closure captures something that cannot cross to another isolate. Thrown when the module is
 * loaded.
 *
 * To do: pass the value as an argument, make it a `const` of plain data, or move it to module
 * level.
 */
export class CaptureError extends HeddleError {
  override readonly code = "ERR_HEDDLE_CAPTURE"
  readonly file: string
  readonly line: number
  readonly column: number
  /** The captured variable. */
  readonly variable: string

  constructor(place: SourcePlace, variable: string, problem: string) {
    super(`${place.file}:${place.line}:${place.column}: ${variable} ${problem}`)
    this.file = place.file
    this.line = place.line
    this.column = place.column
    this.variable = variable
  }
}

/**
 * A function was given to another isolate, but nothing says by which module and export it can be
 * found there: the transform did not run, and it was not made with `task()` or `remote()`.
 *
 * To do: start with `heddle run`, add `--import heddle/register` or the bundler plugin, or name it.
 */
export class NotCallableError extends HeddleError {
  override readonly code = "ERR_HEDDLE_NOT_CALLABLE"
  /** The function's name, or its address `module#export` when it was not found there. */
  readonly callable: string

  constructor(callable: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.callable = callable
  }
}

/**
 * A module that an isolate needed failed to load there. `cause` is what it threw.
 *
 * To do: repair the module; every isolate loads it for itself.
 */
export class ModuleLoadError extends HeddleError {
  override readonly code = "ERR_HEDDLE_MODULE_LOAD"
  /** The module's address. */
  readonly url: string

  constructor(url: string, cause: unknown) {
    super(`${url} failed to load: ${describe(cause)}`, { cause })
    this.url = url
  }
}

/**
 * A send on a closed channel, or a receive on one that is closed and drained.
 *
 * To do: nothing, often: it is how a pipeline ends. `unsent` is the value that was not sent;
 * `cause` is the error given to `close(error)`.
 */
export class ChannelClosedError extends HeddleError {
  override readonly code = "ERR_HEDDLE_CHANNEL_CLOSED"
  /** The channel's name, or empty. */
  readonly channel: string
  /** Present on a failed send: the value that did not leave. */
  readonly unsent?: unknown

  constructor(
    operation: "send" | "receive",
    options: ErrorOptions & { channel?: string; unsent?: unknown } = {},
  ) {
    const name = options.channel ?? ""
    super(`${operation} on a closed channel${name === "" ? "" : ` (${name})`}`, causeOf(options))
    this.channel = name
    if ("unsent" in options) this.unsent = options.unsent
  }
}

/**
 * A task was cancelled: by `cancel(reason)`, by its signal, or by its scope after a sibling failed.
 *
 * To do: nothing, when the cancellation was meant; `reason` says why.
 */
export class TaskCancelledError extends HeddleError {
  override readonly code = "ERR_HEDDLE_TASK_CANCELLED"
  /** What was given to `cancel(reason)`, or the signal's reason. */
  readonly reason: unknown
  /** The name of the task, or of a parallel loop's function; or empty. */
  readonly task: string

  constructor(reason: unknown, task = "", kind = "task") {
    const why = reason === undefined ? "" : `: ${describe(reason)}`
    super(`${kind}${task === "" ? "" : ` ${task}`} was cancelled${why}`, causeOf({ cause: reason }))
    this.reason = reason
    this.task = task
  }
}

/**
 * Something did not happen in the time given to it. Named like the DOM's, which it is not: test
 * it by class from this package or by `code`.
 *
 * To do: raise `timeoutMs`, or ask why the other side was late.
 */
export class TimeoutError extends HeddleError {
  override readonly code = "ERR_HEDDLE_TIMEOUT"
  /** What was waited for, such as `channel receive`. */
  readonly operation: string
  /** The limit that was given, in milliseconds. */
  readonly timeoutMs: number

  constructor(operation: string, timeoutMs: number, name = "") {
    super(`${operation}${name === "" ? "" : ` (${name})`} did not end within ${timeoutMs} ms`)
    this.operation = operation
    this.timeoutMs = timeoutMs
  }
}

/** How an isolate ended before its time. */
export type DeathReason = "exited" | "failed" | "killed" | "out-of-memory"

/**
 * The isolate that was doing the work ended: an uncaught error, `process.exit`, `kill`, heap
 * exhausted.
 *
 * To do: try again when the work may run twice; `reason` tells how it ended, `cause` with which
 * error.
 */
export class IsolateDiedError extends HeddleError {
  override readonly code = "ERR_HEDDLE_ISOLATE_DIED"
  /** The isolate's id. */
  readonly isolate: number
  /** How it ended. */
  readonly reason: DeathReason
  /** The exit code, where there was one. */
  readonly exitCode?: number

  constructor(
    isolate: number,
    reason: DeathReason,
    options: ErrorOptions & { exitCode?: number } = {},
  ) {
    const detail = options.cause === undefined ? "" : `: ${describe(options.cause)}`
    const code = options.exitCode === undefined ? "" : ` with code ${options.exitCode}`
    super(`isolate ${isolate} ${ENDINGS[reason]}${code}${detail}`, causeOf(options))
    this.isolate = isolate
    this.reason = reason
    if (options.exitCode !== undefined) this.exitCode = options.exitCode
  }
}

const ENDINGS: Readonly<Record<DeathReason, string>> = {
  exited: "called process.exit",
  failed: "ended by an uncaught error",
  killed: "was killed",
  "out-of-memory": "ran out of heap",
}

/** A lock that is held until `unlock`, or until the `using` block ends. */
export interface HeldLock {
  unlock(): void
  [Symbol.dispose](): void
}

/**
 * The holder of a lock died while holding it. The next holder gets this once, and has the lock.
 *
 * To do: check and repair what the lock protects, then go on: `using guard = error.guard`. Or give
 * the repair to the call itself: `lock({ repair })`.
 */
export class LockOwnerDiedError extends HeddleError {
  override readonly code = "ERR_HEDDLE_LOCK_OWNER_DIED"
  /** The isolate that held the lock. */
  readonly isolate: number
  /** The lock's name, or empty. */
  readonly lock: string
  readonly #claim: (() => HeldLock | undefined) | undefined

  constructor(isolate: number, lock = "", claim?: () => HeldLock | undefined) {
    const name = lock === "" ? "the lock" : `lock ${lock}`
    super(`isolate ${isolate} died while holding ${name}; what it protects may be half changed`)
    this.isolate = isolate
    this.lock = lock
    this.#claim = claim
  }

  /**
   * The lock, held. Whoever asks for it has taken it over and unlocks it. When nobody has asked by
   * the next turn of the event loop, or when the error came from another isolate, it is undefined:
   * then the lock went on to the next, who gets this error in turn.
   */
  get guard(): HeldLock | undefined {
    return #claim in this ? this.#claim?.() : undefined
  }
}

/**
 * An isolate died that had arrived at a barrier, so the round can never be complete. Everybody who
 * waited in that round gets this; the next round begins with nobody in it.
 *
 * To do: start the lost work again elsewhere and `wait()` again, or give up together.
 */
export class BarrierBrokenError extends HeddleError {
  override readonly code = "ERR_HEDDLE_BARRIER_BROKEN"
  /** The isolate that died. */
  readonly isolate: number

  constructor(isolate: number) {
    super(`isolate ${isolate} died while its task waited at the barrier`)
    this.isolate = isolate
  }
}

/**
 * This isolate may not be blocked: a `…Sync` operation was called in the main isolate, whose event
 * loop serves timers, sockets and the other isolates.
 *
 * To do: use the asynchronous form, call it in a task, or allow it where the runtime is started.
 */
export class BlockingNotAllowedError extends HeddleError {
  override readonly code = "ERR_HEDDLE_BLOCKING_NOT_ALLOWED"
  /** The refused call, such as `receiveSync`. */
  readonly operation: string

  constructor(operation: string) {
    super(
      `${operation} would block the main isolate; await the asynchronous form, run it in a task, ` +
        "or allow it with start({ blockMain: true })",
    )
    this.operation = operation
  }
}

/**
 * The actor has stopped, so the message was not handled.
 *
 * To do: look at `reason`; a supervised actor's reference from `child(name)` stays valid instead.
 */
export class ActorStoppedError extends HeddleError {
  override readonly code = "ERR_HEDDLE_ACTOR_STOPPED"
  /** The actor's name or id. */
  readonly actor: string
  /** Its exit reason. */
  readonly reason: unknown

  constructor(actor: string, reason?: unknown) {
    const why = reason === undefined ? "" : `: ${describe(reason)}`
    super(`${actorTitled(actor)} has stopped${why}`, causeOf({ cause: reason }))
    this.actor = actor
    this.reason = reason
  }
}

/**
 * Another actor has this name, or this actor has one already.
 *
 * To do: choose another name, or stop the actor that has it: its name is free when it is gone.
 */
export class NameTakenError extends HeddleError {
  override readonly code = "ERR_HEDDLE_NAME_TAKEN"
  /** The name that was asked for; a field of its own, for `name` is the class's. */
  readonly taken: string

  constructor(taken: string, problem: string) {
    super(`the name ${JSON.stringify(taken)} cannot be given: ${problem}`)
    this.taken = taken
  }
}

/**
 * A mailbox with `whenFull: "fail"` was full.
 *
 * To do: slow down, raise `mailbox.capacity`, or let senders wait (`whenFull: "wait"`).
 */
export class MailboxFullError extends HeddleError {
  override readonly code = "ERR_HEDDLE_MAILBOX_FULL"
  /** The actor's name or id. */
  readonly actor: string
  /** Messages that may wait in the mailbox. */
  readonly capacity: number

  constructor(actor: string, capacity: number) {
    super(`the mailbox of ${actorTitled(actor)} is full (capacity ${capacity})`)
    this.actor = actor
    this.capacity = capacity
  }
}

/**
 * A supervisor gave up: its children failed more often than `intensity` allows.
 *
 * To do: repair the cause (`cause` is the last failure), or raise `intensity`.
 */
export class RestartIntensityError extends HeddleError {
  override readonly code = "ERR_HEDDLE_RESTART_INTENSITY"
  /** The supervisor's name, or empty. */
  readonly supervisor: string
  /** The bound of `intensity`: so many restarts within `withinMs` milliseconds. */
  readonly restarts: number
  readonly withinMs: number
  /** The id of the child that needed the last one; empty when nobody knows. */
  readonly child: string

  constructor(
    supervisor: string,
    restarts: number,
    withinMs: number,
    { child = "", reason = "failed", ...options }: LastChild = {},
  ) {
    const allowed = `${restarts} ${restarts === 1 ? "restart" : "restarts"} in ${withinMs} ms`
    const why = options.cause === undefined ? "" : `: ${describe(options.cause)}`
    const last = child === "" ? "" : `, the last child ${child}, which ${END_WORDS[reason]}${why}`
    const advice = options.cause instanceof RestartIntensityError ? "" : `; ${INTENSITY_ADVICE}`
    super(
      `${titled(supervisor)} gave up: its children needed more than ${allowed}${last}${advice}`,
      options,
    )
    this.supervisor = supervisor
    this.restarts = restarts
    this.withinMs = withinMs
    this.child = child
  }
}

const INTENSITY_ADVICE = "mend what fails, or raise intensity"

/** Who needed the restart that was too many, and why. */
interface LastChild extends ErrorOptions {
  readonly child?: string
  /** How it had ended. */
  readonly reason?: keyof typeof END_WORDS
}

/** Exits of actors as verbs. */
const END_WORDS = {
  normal: "ended",
  shutdown: "ended",
  killed: "was killed",
  failed: "failed",
  "isolate-died": "died with its isolate",
} as const

/**
 * A child did not start, so its supervisor did not start it, or did not start itself.
 *
 * To do: look at `cause`, the child's own error. The children that had started were stopped again.
 */
export class ChildStartError extends HeddleError {
  override readonly code = "ERR_HEDDLE_CHILD_START"
  /** The supervisor's name, or empty. */
  readonly supervisor: string
  /** The child's id. */
  readonly child: string

  constructor(supervisor: string, child: string, options: ErrorOptions = {}) {
    const why = options.cause === undefined ? "" : `: ${describe(options.cause)}`
    super(`child ${child} of ${titled(supervisor)} did not start${why}`, causeOf(options))
    this.supervisor = supervisor
    this.child = child
  }
}

/** What stands in the way of a request to a supervisor. */
export type ChildProblem =
  | "not found"
  | "already started"
  | "already present"
  | "running"
  | "restarting"
  | "stopped"

/**
 * A supervisor was asked for something that the child's state does not allow: to restart one that
 * runs, to remove one that was not stopped, to add one that is there, to find one that is not.
 *
 * To do: look at `problem`; `supervisor.children()` tells how the children are.
 */
export class ChildStateError extends HeddleError {
  override readonly code = "ERR_HEDDLE_CHILD_STATE"
  /** The child's id, or the supervisor's name when it has ended. */
  readonly child: string
  /** What was in the way. */
  readonly problem: ChildProblem

  constructor(child: string, problem: ChildProblem) {
    super(CHILD_PROBLEMS[problem](child))
    this.child = child
    this.problem = problem
  }
}

const CHILD_PROBLEMS: Readonly<Record<ChildProblem, (child: string) => string>> = {
  "not found": (child) => `there is no child ${child}: children() tells who is there`,
  "already started": (child) => `child ${child} is there already, and runs`,
  "already present": (child) =>
    `child ${child} is there already, stopped: use restartChild(), or removeChild() first`,
  running: (child) => `child ${child} runs: stopChild() first`,
  restarting: (child) => `child ${child} is being restarted: stopChild() first`,
  stopped: (supervisor) => `${titled(supervisor)} has ended`,
}

/** One edge of a deadlock: who waits, where, for what. */
export interface DeadlockEdge {
  /** The waiting task, actor or isolate. */
  readonly who: string
  /** `file:line` of the wait, or empty. */
  readonly where: string
  /** What it waits for, and who could end the wait. */
  readonly waitsFor: string
}

/**
 * Some of the program waits in a circle and can never go on.
 *
 * To do: break the circle named by `cycle`: one order for locks, room in a channel, a timeout.
 */
export class DeadlockError extends HeddleError {
  override readonly code = "ERR_HEDDLE_DEADLOCK"
  /** Who waits for whom, each for the next, the last for the first. */
  readonly cycle: readonly DeadlockEdge[]

  constructor(cycle: readonly DeadlockEdge[]) {
    const lines = cycle.map((edge) => {
      const place = edge.where === "" ? "" : ` at ${edge.where}`
      return `\n  ${edge.who} waits${place} for ${edge.waitsFor}`
    })
    super(`deadlock:${lines.join("")}`)
    this.cycle = cycle
  }
}

/**
 * The shared memory is used up: messages in flight, channels, tables and locks all live in it. Or
 * the system did not have it to give, when the first of them was made.
 *
 * To do: raise `memoryBytes` in `start({ memoryBytes })`, or bound what is in flight. Nothing was
 * lost, and the operation may be tried again when something was freed. Where the system has less
 * (a limit of address space, as `ulimit -v` sets it), ask for less.
 */
export class OutOfSharedMemoryError extends HeddleError {
  override readonly code = "ERR_HEDDLE_OUT_OF_SHARED_MEMORY"
  /** How much was asked for. */
  readonly requestedBytes: number
  /** The bound, as given by the option of the same name. */
  readonly memoryBytes: number

  constructor(requestedBytes: number, memoryBytes: number, options: ErrorOptions = {}) {
    super(
      options.cause === undefined
        ? `no ${requestedBytes} bytes of shared memory left of memoryBytes = ${memoryBytes}; ` +
            "raise it with start({ memoryBytes }) or keep less in flight"
        : `the system has no room for memoryBytes = ${memoryBytes}; ` +
            "ask for less with start({ memoryBytes }) or the environment's HEDDLE_MEMORY",
      causeOf(options),
    )
    this.requestedBytes = requestedBytes
    this.memoryBytes = memoryBytes
  }
}

/**
 * A handle was used after it was closed or disposed, or what is held was given back twice.
 *
 * To do: keep the handle open as long as it is used; `using` gives back once.
 */
export class HandleClosedError extends HeddleError {
  override readonly code = "ERR_HEDDLE_HANDLE_CLOSED"
  /** What was used, such as `Receiver`. */
  readonly what: string

  constructor(what: string, problem = "was used after it was closed") {
    super(`${what} ${problem}`)
    this.what = what
  }
}

/**
 * The runtime was shut down, so nothing can be started any more.
 *
 * To do: call `shutdown()` last.
 */
export class RuntimeStoppedError extends HeddleError {
  override readonly code = "ERR_HEDDLE_RUNTIME_STOPPED"

  constructor(operation: string) {
    super(`${operation} after shutdown()`)
  }
}

/**
 * The system does not let isolates start, or they end while they load: `cause` is the last reason.
 * Whatever would need one rejects with this.
 *
 * To do: what the cause says. Threads may be limited (`ulimit -u`, a container's number of
 * processes), forbidden (`--permission` without `--allow-worker`), or end by a module that is
 * loaded into all of them (`--import`).
 */
export class IsolateStartError extends HeddleError {
  override readonly code = "ERR_HEDDLE_ISOLATE_START"

  constructor(attempts: number, options: ErrorOptions = {}) {
    const detail = options.cause === undefined ? "" : `: ${describe(options.cause)}`
    super(`no isolate could be started: ${attempts} ended while loading${detail}`, causeOf(options))
  }
}

/**
 * `shutdown({ graceMs })` ran out of time. What was still running has been ended.
 *
 * To do: look at `busy`: who did not listen to `current().signal`?
 */
export class ShutdownTimeoutError extends HeddleError {
  override readonly code = "ERR_HEDDLE_SHUTDOWN_TIMEOUT"
  /** The limit that was given, in milliseconds. */
  readonly graceMs: number
  /** Names of the tasks, actors and isolates that had not ended. */
  readonly busy: readonly string[]

  constructor(graceMs: number, busy: readonly string[]) {
    super(`still busy after ${graceMs} ms: ${busy.join(", ")}`)
    this.graceMs = graceMs
    this.busy = busy
  }
}

/**
 * A page may not share memory between its threads.
 *
 * To do: serve the page and all that it loads with the headers that the message names.
 */
export class NotCrossOriginIsolatedError extends HeddleError {
  override readonly code = "ERR_HEDDLE_NOT_CROSS_ORIGIN_ISOLATED"

  constructor() {
    super(
      "Heddle needs shared memory, which a browser gives to pages that are cross-origin " +
        "isolated: serve the page with the headers Cross-Origin-Opener-Policy: same-origin and " +
        "Cross-Origin-Embedder-Policy: require-corp",
    )
  }
}

/**
 * Two versions of Heddle met in one process, and their shared memory is laid out differently.
 *
 * To do: install one version (`npm ls heddle`).
 */
export class LayoutVersionError extends HeddleError {
  override readonly code = "ERR_HEDDLE_LAYOUT_VERSION"
  /** The version that this file of Heddle has. */
  readonly expected: number
  /** The version that the memory was made with. */
  readonly found: number

  constructor(expected: number, found: number) {
    super(`shared memory has layout ${found}, this copy of heddle knows ${expected}`)
    this.expected = expected
    this.found = found
  }
}

/**
 * A thread is wanted and there is no place for it: isolates that run tasks and interpreters of
 * Python share one number of places.
 *
 * To do: `start()` with fewer isolates, or close interpreters; start isolates before Python takes
 * places.
 */
export class NoFreeIsolateError extends HeddleError {
  override readonly code = "ERR_HEDDLE_NO_FREE_ISOLATE"
  /** Places that there are, main's not counted. */
  readonly places: number
  /** Those that isolates which run tasks have, or are kept for them. */
  readonly isolates: number
  /** Those that interpreters of Python have. */
  readonly interpreters: number

  constructor(places: number, isolates: number, interpreters: number) {
    super(
      `no place for another isolate: of ${places} places ${isolates} are for isolates that run ` +
        `tasks, and Python's interpreters have ${interpreters}`,
    )
    this.places = places
    this.isolates = isolates
    this.interpreters = interpreters
  }
}

/**
 * Python raised an exception that nothing caught there. Its cause is what Python raised it from.
 *
 * @example
 * const error = new PythonError("ValueError", "bad", "Traceback …")
 * console.log(error.message) // prints: ValueError: bad
 */
export class PythonError extends HeddleError {
  override readonly code = "ERR_HEDDLE_PYTHON"
  /** Name of the exception's class. */
  readonly type: string
  /** The traceback as Python prints it. */
  readonly traceback: string

  constructor(type: string, message: string, traceback: string, options: ErrorOptions = {}) {
    super(message === "" ? type : `${type}: ${message}`, causeOf(options))
    this.type = type
    this.traceback = traceback
  }
}

/**
 * What Python needs is not there: the package `pyodide`, or WebAssembly, without which Node was
 * started.
 *
 * To do: what the message says.
 */
export class PythonMissingError extends HeddleError {
  override readonly code = "ERR_HEDDLE_PYTHON_MISSING"

  constructor(options: ErrorOptions = {}, missing: "pyodide" | "WebAssembly" = "pyodide") {
    super(
      missing === "pyodide"
        ? "Python needs the package pyodide beside heddle: npm install pyodide@314.0.7"
        : "Python needs WebAssembly: start Node without --jitless",
      causeOf(options),
    )
  }
}

/**
 * The Python interpreter has ended: it was terminated, its program called for its end, or CPython
 * could not go on.
 */
export class InterpreterEndedError extends HeddleError {
  override readonly code = "ERR_HEDDLE_INTERPRETER_ENDED"

  constructor(reason: string) {
    super(`The interpreter has ended: ${reason}`)
  }
}

/**
 * All classes by the name under which they cross isolates; `name` lives on the prototype, as in
 * the language.
 */
export const errorClasses: Readonly<Record<string, { readonly prototype: HeddleError }>> = {
  HeddleError,
  NotSendableError,
  UnknownClassError,
  UseAfterMoveError,
  BufferLostError,
  CaptureError,
  NotCallableError,
  ModuleLoadError,
  ChannelClosedError,
  TaskCancelledError,
  TimeoutError,
  IsolateDiedError,
  LockOwnerDiedError,
  BarrierBrokenError,
  BlockingNotAllowedError,
  ActorStoppedError,
  NameTakenError,
  MailboxFullError,
  RestartIntensityError,
  ChildStartError,
  ChildStateError,
  DeadlockError,
  OutOfSharedMemoryError,
  HandleClosedError,
  RuntimeStoppedError,
  IsolateStartError,
  ShutdownTimeoutError,
  LayoutVersionError,
  NoFreeIsolateError,
  PythonError,
  PythonMissingError,
  InterpreterEndedError,
  NotCrossOriginIsolatedError,
}

for (const [name, Class] of Object.entries(errorClasses)) {
  Object.defineProperty(Class.prototype, "name", {
    value: name,
    writable: true,
    configurable: true,
  })
}

/** An actor whose code has no name is called "actor" already. */
function actorTitled(name: string): string {
  return name.startsWith("actor#") ? name : `actor ${name}`
}

/** `options` without a `cause` key when there is none, so that none is shown. */
function causeOf(options: ErrorOptions): ErrorOptions | undefined {
  return options.cause === undefined ? undefined : { cause: options.cause }
}

/** How a message names a supervisor; one that was given no name is called just that. */
function titled(supervisor: string): string {
  return supervisor === "supervisor" ? "the supervisor" : `supervisor ${supervisor}`
}

/** One line for a reason of any type; never throws. */
function describe(reason: unknown): string {
  try {
    if (reason instanceof Error) return reason.message
    if (typeof reason !== "object" || reason === null) return String(reason)
    const word: unknown = Reflect.get(reason, "reason")
    const error: unknown = Reflect.get(reason, "error")
    if (typeof word !== "string") return String(reason)
    return error instanceof Error ? `${word} (${error.message})` : word
  } catch {
    return "a value that cannot be shown"
  }
}
