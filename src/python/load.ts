/** A CPython from the package `pyodide`, in this thread. */
import type { Pyodide } from "./c-api.ts"
import { type Files, putFiles } from "./files.ts"
import { bootPython } from "./startup/boot.ts"
import type { PythonImage } from "./startup/image.ts"

/** How a CPython is to be loaded. */
export interface LoadOptions {
  readonly env: Readonly<Record<string, string>>
  /** Folders of the host that the interpreter sees under the same name. */
  readonly mounts: readonly string[]
  /** A folder of the host that it sees as /tmp, unless it sees the host's own. */
  readonly temporary: string | undefined
  readonly cwd: string
  /** What lies in the memory of the interpreter. */
  readonly files: Files
  /** Most bytes of linear memory. */
  readonly memoryBytes: number
  /** What to start from, if there is something. */
  readonly image: PythonImage | undefined
  write(fd: 1 | 2, bytes: Uint8Array): void
  read(buffer: Uint8Array): number
}

/** Loads CPython with the glue in it, and with the host's folders and streams. */
export async function loadPython(options: LoadOptions): Promise<Pyodide> {
  limitMemory(options.memoryBytes)
  const python = await bootPython(options.image)
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
  const { temporary } = options
  if (temporary !== undefined && !options.mounts.some((folder) => folder === "/tmp"))
    python.mountNodeFS("/tmp", temporary)
  for (const folder of options.mounts) {
    python.FS.mkdirTree(folder)
    python.mountNodeFS(folder, folder)
  }
  putFiles(python.FS, options.files)
  if (options.env.HOME !== undefined) python.FS.mkdirTree(options.env.HOME)
  python.FS.mkdirTree(options.cwd)
  python.FS.chdir(options.cwd)
  return python
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
