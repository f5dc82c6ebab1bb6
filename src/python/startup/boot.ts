/** Loads a CPython in this thread, from an image or from the package as it is. */
import { readable } from "#platform/bytes"
import { exists } from "#platform/cache"
import { importPackage, packagePath } from "#platform/packages"
import type { Pyodide } from "../c-api.ts"
import { GLUE } from "../glue/all.ts"
import { SETUP } from "../glue/setup.ts"
import type { PythonImage } from "./image.ts"
import { pyodidePackage } from "./package.ts"
import { STUB } from "./stub.ts"

/** What we use of Emscripten's module while it starts. */
interface StartingModule {
  removeRunDependency(name: string): void
  readonly FS: {
    lookupPath(path: string): { node: { contents: Uint8Array; usedBytes: number } }
  }
}

type PreRun = (module: StartingModule) => void

/** What the package's loader has settled for Emscripten; the archive is put in place first. */
interface Settings {
  readonly preRun: PreRun[]
}

/** Options of the package's loader, with those that it does not declare. */
interface LoaderOptions {
  readonly env?: Record<string, string>
  readonly indexURL?: string
  readonly stdLibURL?: string
  readonly lockFileURL?: string
  readonly createPyodideModule?: (settings: Settings) => Promise<unknown>
  readonly _makeSnapshot?: boolean
  readonly _loadSnapshot?: Uint8Array
}

/** Emscripten's part of the package, which has no types. */
const FACTORY: string = "pyodide/pyodide.asm.mjs"

interface Factory {
  readonly default: (settings: Settings) => Promise<unknown>
}

interface Engine {
  instantiate(source: unknown, imports?: object): Promise<unknown>
  instantiateStreaming(source: Promise<Response>, imports: object): Promise<unknown>
}

/** The package's loader; throws when the package is not there. */
async function importLoader(): Promise<(options: LoaderOptions) => Promise<Pyodide>> {
  const { loadPyodide } = await pyodidePackage()
  return loadPyodide as (options: object) => Promise<Pyodide>
}

/** A CPython with the glue in it. */
export async function bootPython(image: PythonImage | undefined): Promise<Pyodide> {
  const python = image === undefined ? await bootPlain() : await bootFrom(image)
  if (image?.picture !== undefined) return python
  const globals = python.toPy({ sources: GLUE, __name__: "_heddle_setup" })
  python.runPython(SETUP, { globals, filename: "<heddle setup>" })
  globals.destroy()
  return python
}

/** A CPython from the package as it is. */
export async function bootPlain(): Promise<Pyodide> {
  const loadPyodide = await importLoader()
  return await loadPyodide({ env: {} })
}

async function bootFrom({ wasm, zip, picture, stubs }: PythonImage): Promise<Pyodide> {
  const loadPyodide = await importLoader()
  const { default: create } = (await importPackage(FACTORY)) as Factory
  const giveBack = giveCompiled(wasm)
  try {
    return await loadPyodide({
      env: {},
      createPyodideModule: async (settings) => {
        const [install, ...others] = settings.preRun
        return await create({
          ...settings,
          preRun: [withArchive(install, zip), ...others],
        })
      },
      ...sparing(stubs),
      ...(picture === undefined ? { _makeSnapshot: true } : { _loadSnapshot: readable(picture) }),
    })
  } finally {
    giveBack()
  }
}

/** Spares reading what the image has already; the loader insists on reading something. */
function sparing(stubs: string | undefined): LoaderOptions {
  const lockFileURL = packagePath("pyodide/pyodide-lock.json")
  if (stubs === undefined || !exists(`${stubs}/${STUB}`)) return { stdLibURL: lockFileURL }
  return { indexURL: stubs, stdLibURL: `${stubs}/${STUB}`, lockFileURL }
}

/** Until what this returns is called, WebAssembly that wants imports is made of `wasm`. */
function giveCompiled(wasm: object): () => void {
  const engine = Reflect.get(globalThis, "WebAssembly") as Engine
  const { instantiate, instantiateStreaming } = engine
  const ours = async (imports: object): Promise<unknown> => {
    return { instance: await instantiate(wasm, imports), module: wasm }
  }
  engine.instantiate = (source, imports) =>
    imports === undefined ? instantiate(source) : ours(imports)
  engine.instantiateStreaming = (source, imports) => {
    // What comes is not needed, and need not come.
    source.then(({ body }) => body?.cancel()).catch(() => {})
    return ours(imports)
  }
  return () => {
    Object.assign(engine, { instantiate, instantiateStreaming })
  }
}

/** Lets the package put its archive of the standard library in place, and then ours instead. */
function withArchive(install: PreRun, zip: Uint8Array): PreRun {
  return (module) => {
    const { removeRunDependency } = module
    module.removeRunDependency = (name) => {
      if (name === "install-stdlib") {
        const { node } = module.FS.lookupPath("/lib/python314.zip")
        node.contents = zip
        node.usedBytes = zip.length
        module.removeRunDependency = removeRunDependency
      }
      removeRunDependency(name)
    }
    install(module)
  }
}
