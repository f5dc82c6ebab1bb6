/**
 * The interpreters of one Python, as the host knows them: their threads are started, watched and
 * ended here, and one is kept loaded in advance.
 *
 * Only main starts threads, so it must not block: an interpreter that waits for another's start
 * waits for main.
 */
import { load, notify, store } from "#platform/atomics"
import { ISOLATE_HEAP_MB, PYTHON_EAGER_PER_CORE, PYTHON_INTERPRETERS_MAX } from "#platform/limits"
import { ownUrl } from "#platform/module"
import { allowSwitchedStacks } from "#platform/stacks"
import { makeTemporaryFolder, removeTemporaryFolder } from "#platform/temporary"
import { cores, startThread, type Thread, type ThreadExit } from "#platform/thread"
import { type Here, here } from "../internal/loop/here.ts"
import { condemn } from "../internal/memory/guard.ts"
import { exitReason } from "../isolate/exit.ts"
import { beginLife } from "../isolate/life.ts"
import { reap } from "../isolate/reap.ts"
import { fetchFor, heedFrom } from "./carrier.ts"
import { destroyChannels, unbindChannels } from "./channel.ts"
import { claimRow, orphanClaim, takeAnswer, unclaim } from "./claims.ts"
import type { Files } from "./files.ts"
import { dropAnswer } from "./freight.ts"
import type { AskedProcess, FromThread } from "./from-thread.ts"
import { dropHold, type Hold, takeHolds } from "./holds.ts"
import { InputFeed } from "./input.ts"
import { rouse } from "./natives-wait.ts"
import { closeEnds, forgetUser } from "./pipe.ts"
import { freeSlot, noFreeIsolate } from "./places.ts"
import { destroyQueues, unbindItems } from "./queue.ts"
import { pythonImage } from "./startup/image.ts"
import type { PythonStart } from "./thread.ts"
import {
  CLAIM,
  endRow,
  endWorld,
  firstOf,
  giveRow,
  makeSeat,
  makeWorld,
  ROW,
  rowAt,
  STATE,
  takeRow,
  WHENCE,
} from "./world.ts"

/** Threads up to which an interpreter gets one before anybody uses it. */
const EAGER = cores * PYTHON_EAGER_PER_CORE

/** What the interpreters of one Python have in common. */
export interface RuntimeOptions {
  readonly env: Readonly<Record<string, string>>
  readonly mounts: readonly string[]
  readonly cwd: string
  /** What is read from standard input: the process's own, nothing, or these bytes. */
  readonly stdin: "process" | "none" | Uint8Array
  /** Most bytes of memory of each interpreter. */
  readonly memoryBytes: number
  /** Where modules are looked for first, in all interpreters. */
  readonly path: readonly string[]
  /** What `sys.argv` is in all interpreters. */
  readonly argv: readonly string[]
  /** What lies in the memory of each. */
  readonly files: Files
  /** Where output goes; to the process's own streams unless given. */
  readonly onOutput?: (fd: 1 | 2, bytes: Uint8Array) => void
  /** Who started it, if it is a process of another Python. */
  readonly origin?: Origin
}

/** What a process has from the Python that started it. */
export interface Origin {
  readonly parent: PythonRuntime
  readonly pid: number
  /** What its standard streams are: see Inside. */
  readonly streams: readonly number[]
}

const OWN_STREAMS = [-1, -2, -3]

/** A thread, and the interpreter in it once it has one. */
interface Member {
  readonly token: number
  readonly seat: number
  readonly thread: Thread
  row: number
  id: number
  loaded: boolean
  asked: boolean
  fatal: string | undefined
}

/** The interpreters of one Python. */
export class PythonRuntime {
  readonly #at: Here = here()
  readonly options: RuntimeOptions
  readonly #members = new Map<number, Member>()
  readonly world: number
  /** A folder of the host that all interpreters see as /tmp, and that ends with them. */
  readonly #temporary: string | undefined
  /** The row of the main interpreter. */
  readonly main: number
  /** What the main interpreter gave to os._exit, once it has. */
  exitStatus: number | undefined
  #spare: Member | undefined
  #wantsSpare = false
  #input: InputFeed | undefined
  #ended = false
  #onMainEnd: (reason: string) => void = () => {}
  #onAnswer: () => void = () => {}
  #onProcess: (asked: AskedProcess) => void = () => {}
  #onSignal: (child: number, signal: number) => void = () => {}
  /** Processes that it has started and that have not ended. */
  readonly #children = new Set<PythonRuntime>()
  readonly #whenEnded = Promise.withResolvers<void>()

  constructor(options: RuntimeOptions) {
    this.options = options
    const { origin } = options
    const first = origin === undefined ? 0 : firstOf(this.#at.words, origin.parent.world)
    this.world = makeWorld(this.#at, first, origin?.pid)
    this.#temporary = origin === undefined ? makeTemporaryFolder() : origin.parent.#temporary
    this.main = takeRow(this.#at, this.world, WHENCE.RUNTIME, false)
    this.#give(this.main, true)
    if (this.#members.size > 0) return
    this.#close()
    throw noFreeIsolate(this.#at.words)
  }

  /** Whether it was ended: its threads end, or have ended. */
  get over(): boolean {
    return this.#ended
  }

  /** Resolves when all threads have ended. */
  get ended(): Promise<void> {
    return this.#whenEnded.promise
  }

  /** `listener` learns that the main interpreter has ended, and why. */
  whenMainEnds(listener: (reason: string) => void): void {
    this.#onMainEnd = listener
  }

  /** `listener` learns that the main interpreter has answered a request of the host. */
  whenAnswered(listener: () => void): void {
    this.#onAnswer = listener
  }

  /** The listeners learn that a process is to be started, or to hear of a signal. */
  whenProcesses(
    onProcess: (asked: AskedProcess) => void,
    onSignal: (child: number, signal: number) => void,
  ): void {
    this.#onProcess = onProcess
    this.#onSignal = onSignal
  }

  /** Ends one that it has started when it ends itself, and not before that; then calls `settle`. */
  async outlive(child: PythonRuntime, settle: () => void): Promise<void> {
    this.#children.add(child)
    if (this.#ended) child.terminate()
    await child.ended
    this.#children.delete(child)
    settle()
    this.#closeWhenOver()
  }

  /** Begins to read standard input for all processes. */
  feed(): void {
    const { origin } = this.options
    if (origin !== undefined) origin.parent.feed()
    else this.#input ??= new InputFeed(this.#at, this.world)
  }

  /** Keeps the process alive, or not. */
  ref(alive: boolean): void {
    for (const { thread } of this.#members.values()) thread.ref(alive)
  }

  /** Ends all interpreters at once. */
  terminate(): void {
    this.#ended = true
    for (const child of this.#children) child.terminate()
    for (const member of this.#members.values()) this.#end(member)
  }

  /**
   * Gives a row that has no thread yet the spare one, or starts one. Where that cannot be, the row
   * is refused if somebody needs it now; otherwise it waits until somebody does.
   */
  #give(row: number, now: boolean): void {
    const { words } = this.#at
    if (this.#ended || load(words, row + ROW.STATE) !== STATE.COLD) return
    const member = this.#spare ?? this.#start()
    if (member === undefined) {
      if (now) endRow(this.#at, this.world, row, STATE.REFUSED)
      return
    }
    const id = giveRow(this.#at, this.world, row, member.token)
    // Somebody has destroyed it meanwhile.
    this.#spare = id === undefined ? member : undefined
    if (id === undefined) return
    member.row = row
    member.id = id
    store(words, member.seat + ROW.GIVEN, row)
    notify(words, member.seat + ROW.GIVEN)
    if (row !== this.main) this.#wantsSpare = true
    this.#keepSpare()
  }

  /** Starts a spare where one is wanted, when no thread that somebody waits for is loading. */
  #keepSpare(): void {
    if (!this.#wantsSpare || this.#spare !== undefined) return
    for (const { loaded } of this.#members.values()) if (!loaded) return
    this.#wantsSpare = false
    this.#spare = this.#start()
  }

  #start(): Member | undefined {
    const { words, memory } = this.#at
    const slot = freeSlot(words)
    if (slot === 0 || this.#ended) return undefined
    const token = beginLife(words, slot, true)
    const seat = makeSeat(this.#at)
    const { onOutput, origin, ...shared } = this.options
    const data: PythonStart = {
      buffer: memory.buffer,
      token,
      world: this.world,
      seat,
      stdout: onOutput === undefined ? "process" : "host",
      streams: origin?.streams ?? OWN_STREAMS,
      wholeEnv: origin !== undefined,
      temporary: this.#temporary,
      ...shared,
    }
    allowSwitchedStacks()
    const thread = startThread({
      entry: ownUrl("python/thread"),
      name: "heddle python",
      data,
      transfer: [],
      heapMb: ISOLATE_HEAP_MB,
      onMessage: (message) => this.#heard(member, message as FromThread),
      onExit: (exit) => this.#gone(member, exit),
    })
    const member: Member = {
      token,
      seat,
      thread,
      row: 0,
      id: -1,
      loaded: false,
      asked: false,
      fatal: undefined,
    }
    // Thread and image are made at the same time.
    pythonImage().then((image) => thread.post({ image }))
    this.#members.set(token, member)
    return member
  }

  #heard(member: Member, message: FromThread): void {
    switch (message.type) {
      case "start":
        if (message.now || this.#members.size < EAGER) this.#give(message.row, message.now)
        return
      case "end": {
        const victim = this.#members.get(message.token)
        if (victim !== undefined) this.#end(victim)
        return
      }
      case "output":
        this.options.onOutput?.(message.fd, message.bytes)
        return
      case "loaded":
        member.loaded = true
        this.#keepSpare()
        return
      case "asks":
        void fetchFor(this.#at, member, message.asked)
        return
      case "said":
        heedFrom(this.#at, member.token, message.said)
        return
      case "input":
        this.feed()
        return
      case "process":
        if (this.#ended) this.#at.arena.release(message.asked.block)
        else this.#onProcess(message.asked)
        return
      case "signal":
        this.#onSignal(message.child, message.signal)
        return
      case "answered":
        this.#onAnswer()
        return
      case "exit":
        if (member.row === this.main) this.exitStatus = message.status
        member.fatal = `it called os._exit(${message.status})`
        this.#end(member)
        return
      case "fatal":
        member.fatal = message.message
        this.#end(member)
    }
  }

  /** Gives back what all interpreters had in common. */
  #close(): void {
    const at = this.#at
    this.#input?.stop()
    for (let i = 0; i < PYTHON_INTERPRETERS_MAX; i++)
      dropAnswer(at, takeAnswer(at.words, rowAt(this.world, i)))
    destroyQueues(at, this.world)
    destroyChannels(at, this.world)
    closeEnds(at, this.world)
    endWorld(at, this.world)
    if (this.#temporary !== undefined && this.options.origin === undefined)
      removeTemporaryFolder(this.#temporary)
  }

  #end(member: Member): void {
    if (member.asked) return
    member.asked = true
    condemn(this.#at.words, member.token)
    member.thread.terminate()
    // Some hosts end a thread only when it comes to its event loop.
    rouse(this.#at.words, member.row === 0 ? member.seat : member.row)
  }

  /** The interpreter `id` has died: its claims are over, and those that it just destroyed end. */
  #orphan(id: number): void {
    const at = this.#at
    const { words } = at
    for (let i = 0; i < PYTHON_INTERPRETERS_MAX; i++) {
      const left = orphanClaim(at, this.world, rowAt(this.world, i), id)
      if (left !== undefined) dropAnswer(at, left)
    }
    for (const other of this.#members.values())
      if (other.row !== 0 && load(words, other.row + ROW.ID) === 0) this.#end(other)
  }

  /** References of a dead interpreter are over; one that only they kept ends, unless it runs. */
  #drop(hold: Hold): void {
    const at = this.#at
    const row = dropHold(at, this.world, hold)
    if (row === 0 || claimRow(at.words, row, hold.id, CLAIM.HOST) !== "claimed") return
    const token = endRow(at, this.world, row)
    unclaim(at.words, row)
    unbindItems(at, this.world, hold.id)
    unbindChannels(at, this.world, hold.id)
    const member = this.#members.get(token)
    if (member !== undefined) this.#end(member)
  }

  /** A thread has ended: whoever waits for its interpreter, or for what it held, is told. */
  #gone(member: Member, exit: ThreadExit): void {
    const at = this.#at
    this.#members.delete(member.token)
    // First: its row may be given out again as soon as it is buried.
    const holds = member.row === 0 ? [] : takeHolds(at, member.row)
    if (!member.loaded) this.#keepSpare()
    if (this.#spare === member) this.#spare = undefined
    reap(at, member.token, exitReason(exit, member.asked))
    at.arena.release(member.seat)
    forgetUser(at, this.world, member.token)
    if (member.row !== 0) {
      // Who waits for its answer wakes last: by then all it left is in order.
      unbindItems(at, this.world, member.id)
      unbindChannels(at, this.world, member.id)
      for (const hold of holds) this.#drop(hold)
      this.#orphan(member.id)
      if (load(at.words, member.row + ROW.ID) === member.id + 1) endRow(at, this.world, member.row)
    }
    if (member.row === this.main) {
      this.#onMainEnd(member.fatal ?? String(exit.error ?? "it was terminated"))
      this.terminate()
    }
    this.#closeWhenOver()
  }

  #closeWhenOver(): void {
    if (!this.#ended || this.#members.size > 0 || this.#children.size > 0) return
    this.#close()
    this.#whenEnded.resolve()
  }
}
