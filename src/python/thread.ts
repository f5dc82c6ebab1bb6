/**
 * What the thread of an interpreter does: joins the shared memory, loads a CPython, makes all
 * ready, waits until it is given a row, and serves it until somebody ends it.
 */
import { hold } from "#platform/park"
import { inputIsFile, readStream, writeStream } from "#platform/stdio"
import { onStarterMessage, startData } from "#platform/thread"
import { attach, type Here } from "../internal/loop/here.ts"
import { memoryOver } from "../internal/memory/memory.ts"
import { Bridge, blockingBridgeBuiltins, bridgeBuiltins } from "./bridge/index.ts"
import { addBuiltins, addFunction, cString } from "./builtins.ts"
import type { Pyodide } from "./c-api.ts"
import type { Files } from "./files.ts"
import { tellHost } from "./host.ts"
import { readInput } from "./input.ts"
import type { Seated } from "./inside.ts"
import { loadPython } from "./load.ts"
import { channelBuiltins } from "./natives-channels.ts"
import { interpreterBuiltins } from "./natives-interpreters.ts"
import { installPipes, pipeBuiltins, Users } from "./natives-pipes.ts"
import { processBuiltins } from "./natives-processes.ts"
import { Queues, queueBuiltins } from "./natives-queues.ts"
import { beginWait, block, threadBuiltins, waitBuiltins } from "./natives-wait.ts"
import type { PythonImage } from "./startup/image.ts"
import { installThreads } from "./threads/index.ts"
import { Values } from "./values.ts"
import { ROW } from "./world.ts"

/** What a thread is started with. */
export interface PythonStart {
  readonly buffer: SharedArrayBuffer
  readonly token: number
  readonly world: number
  /** Where it lives until it is given a row. */
  readonly seat: number
  readonly env: Readonly<Record<string, string>>
  readonly mounts: readonly string[]
  /** A folder of the host that is /tmp there. */
  readonly temporary: string | undefined
  readonly cwd: string
  /** What its standard streams are: see Inside. */
  readonly streams: readonly number[]
  /** Whether output goes to the process's own streams, or to the host as messages. */
  readonly stdout: "process" | "host"
  readonly stdin: "process" | "none" | Uint8Array
  readonly memoryBytes: number
  /** Whether `env` is the whole environment. */
  readonly wholeEnv: boolean
  /** Where modules are looked for first. */
  readonly path: readonly string[]
  /** What `sys.argv` is. */
  readonly argv: readonly string[]
  readonly files: Files
}

const start = startData as PythonStart

/** Writes to a stream of the first process, which this one has for its own. */
function write(own: 1 | 2, bytes: Uint8Array): void {
  const fd = start.streams[own] === -2 ? 1 : 2
  if (start.stdout === "process") writeStream(fd, bytes)
  else tellHost({ type: "output", fd, bytes })
}

let interpreter: Seated | undefined

/** Reads standard input; 0 bytes are its end. */
function reader(): (buffer: Uint8Array) => number {
  const { stdin } = start
  if (stdin === "process") {
    const ask = (): void => tellHost({ type: "input" })
    return (buffer) =>
      interpreter === undefined || inputIsFile()
        ? readStream(buffer)
        : readInput(interpreter, buffer, ask)
  }
  let rest = stdin === "none" ? new Uint8Array() : stdin
  return (buffer) => {
    const part = rest.subarray(0, buffer.length)
    buffer.set(part)
    rest = rest.subarray(part.length)
    return part.length
  }
}

/** Gives the interpreter what is its own: environment, folders, chance. */
function begin(python: Pyodide): void {
  const module = python.pyimport("_heddle_serve")
  const own = [start.env, start.path, start.streams, start.argv].map((one) => python.toPy(one))
  const [env, path, streams, argv] = own
  module.begin(env, start.wholeEnv, path, streams, argv)
  for (const one of own) one.destroy()
  module.destroy()
}

/** An interpreter in its seat; it heeds no signal before it is told to. */
function seated(python: Pyodide, at: Here, signal: { index: number }): Seated {
  const c = python._module
  const values = new Values(at.memory, c)
  let [row, id] = [start.seat, -1]
  return {
    at,
    c,
    values,
    world: start.world,
    streams: start.streams,
    get row() {
      return row
    },
    get id() {
      return id
    },
    get signal() {
      return signal.index
    },
    take: (given, number) => {
      row = given
      id = number
    },
    heed: (yes) => {
      const before = signal.index !== start.seat + ROW.SIGNAL
      signal.index = (yes ? row : start.seat) + ROW.SIGNAL
      return before
    },
  }
}

/** Makes all ready, waits for a row, and serves it until the interpreter is asked to finish. */
async function serve(python: Pyodide, at: Here): Promise<void> {
  const signal = { words: at.words, index: start.seat + ROW.SIGNAL }
  const inside = seated(python, at, signal)
  interpreter = inside
  const { c } = inside
  const threads = installThreads(python, {
    signal,
    block: (word, ms) => block(inside, word, ms),
  })
  const queues = new Queues(inside)
  const users = new Users(inside, threads)
  const bridge = new Bridge(inside)
  addBuiltins(c, "_heddle", {
    ...waitBuiltins(inside),
    ...queueBuiltins(inside, queues),
    ...channelBuiltins(inside),
    ...pipeBuiltins(inside, users),
    ...processBuiltins(inside),
    ...interpreterBuiltins(inside, queues),
    ...threadBuiltins(inside, threads),
    ...bridgeBuiltins(bridge),
  })
  for (const [name, begin] of Object.entries(blockingBridgeBuiltins(bridge)))
    addFunction(c, "_heddle", name, threads.blocking(begin))
  addFunction(c, "_heddle", "wait", threads.blocking(beginWait(inside)))
  installPipes(python, inside, users)
  begin(python)
  tellHost({ type: "loaded" })
  const module = c._PyImport_AddModuleRef(cString(c, "_heddle_serve"))
  const body = c._PyObject_GetAttrString(module, cString(c, "serve"))
  await threads.run(body, {
    main: true,
    settle: (result) => {
      if (result !== 0) return c._Py_DecRef(result)
      tellHost({ type: "fatal", message: "it could not go on: no memory was left to answer with" })
    },
  })
}

/** What the host knows to start from; it says so when it knows. */
function receiveImage(): Promise<PythonImage | undefined> {
  return new Promise((resolve) => {
    onStarterMessage((message) => resolve((message as { image: PythonImage | undefined }).image))
  })
}

async function live(): Promise<void> {
  const at = attach(memoryOver(start.buffer), start.token)
  const image = await receiveImage()
  const python = await loadPython({ ...start, image, write, read: reader() })
  await serve(python, at)
}

hold()
live().catch((error: unknown) => {
  const status: unknown = Reflect.get(Object(error), "status")
  const message = error instanceof Error ? String(error.stack) : String(error)
  tellHost(typeof status === "number" ? { type: "exit", status } : { type: "fatal", message })
})
