/** A CPython from the package `pyodide`, in this thread. */
import { PythonMissingError } from "../errors.ts"
import type { Pyodide } from "./c-api.ts"
import { CHANNELS } from "./glue/channels.ts"
import { HEDDLE } from "./glue/heddle.ts"
import { HOST } from "./glue/host.ts"
import { INTERPRETERS } from "./glue/interpreters.ts"
import { LOOP } from "./glue/loop.ts"
import { PACK } from "./glue/pack.ts"
import { PIPES } from "./glue/pipes.ts"
import { QUEUES } from "./glue/queues.ts"
import { SERVE } from "./glue/serve.ts"
import { SETUP } from "./glue/setup.ts"

/** How a CPython is to be loaded. */
export interface LoadOptions {
  readonly env: Readonly<Record<string, string>>
  /** Folders of the host that the interpreter sees under the same name. */
  readonly mounts: readonly string[]
  readonly cwd: string
  /** Most bytes of linear memory. */
  readonly memoryBytes: number
  write(fd: 1 | 2, bytes: Uint8Array): void
  read(buffer: Uint8Array): number
}

/** Loads CPython, with the host's folders and streams; takes a second. */
export async function loadPython(options: LoadOptions): Promise<Pyodide> {
  limitMemory(options.memoryBytes)
  const { loadPyodide } = await importPyodide()
  const python = (await loadPyodide({ env: { ...options.env } })) as Pyodide
  for (const fd of [1, 2] as const) {
    const write = (bytes: Uint8Array): number => {
      options.write(fd, bytes.slice())
      return bytes.length
    }
    const stream = { write, isatty: false }
    if (fd === 1) python.setStdout(stream)
    else python.setStderr(stream)
  }
  python.setStdin({ read: (buffer) => options.read(buffer), isatty: false })
  for (const folder of options.mounts) {
    python.FS.mkdirTree(folder)
    python.mountNodeFS(folder, folder)
  }
  python.FS.chdir(options.cwd)
  return python
}

async function importPyodide(): Promise<typeof import("pyodide")> {
  try {
    return await import("pyodide")
  } catch (error) {
    throw new PythonMissingError({ cause: error })
  }
}

const PAGE_BYTES = 65_536

interface GrowingMemory {
  readonly buffer: ArrayBufferLike
  grow(pages: number): number
}

/** The engine's own class of memories, of which we bound the growth. */
declare const WebAssembly: { readonly Memory: { readonly prototype: GrowingMemory } }

/** From here on no memory of this thread grows past `bytes`; CPython then raises MemoryError. */
function limitMemory(bytes: number): void {
  const { grow } = WebAssembly.Memory.prototype
  WebAssembly.Memory.prototype.grow = function (pages: number): number {
    if (this.buffer.byteLength + pages * PAGE_BYTES > bytes)
      throw new RangeError(`memory is bounded to ${bytes} bytes`)
    return grow.call(this, pages)
  }
}

/** The modules of the glue, in the order in which they are made. */
const GLUE: readonly (readonly [string, string])[] = [
  ["_heddle_pack", PACK],
  ["_heddle_serve", SERVE],
  ["_heddle_loop", LOOP],
  ["_heddle_pipes", PIPES],
  ["_heddle_host", HOST],
  ["heddle", HEDDLE],
  ["_interpreters", INTERPRETERS],
  ["_interpqueues", QUEUES],
  ["_interpchannels", CHANNELS],
]

/**
 * Makes the glue's modules; `_heddle` is there by then. Modules are looked for in `path0` first,
 * as in each interpreter of a CPython that runs a script.
 */
export function installGlue(python: Pyodide, path0: string): void {
  const globals = python.toPy({ sources: GLUE, path0, __name__: "_heddle_setup" })
  python.runPython(SETUP, { globals, filename: "<heddle setup>" })
}
