/**
 * What all interpreters of a process start from: the WebAssembly compiled once, the standard
 * library as compiled Python, and a picture of the memory of a CPython that has just started.
 *
 * Made at the first use, which takes some seconds, and kept in the user's cache. Where nothing can
 * be kept, or another process is making it right now, interpreters start from the package as it is.
 */
import {
  beginCache,
  type CachedFiles,
  cachePlace,
  checksum,
  endCache,
  engineBuild,
  readBytes,
  readCache,
  standInFolder,
  timeZone,
} from "#platform/cache"
import { ISOLATE_HEAP_MB } from "#platform/limits"
import { ownUrl } from "#platform/module"
import { packagePath } from "#platform/packages"
import { startThread } from "#platform/thread"
import { GLUE } from "../glue/all.ts"
import { SETUP } from "../glue/setup.ts"
import { pyodidePackage } from "./package.ts"
import { RECOMPILE } from "./recompile.ts"
import { STUB } from "./stub.ts"

/** What an interpreter starts from. */
export interface PythonImage {
  /** The compiled WebAssembly. */
  readonly wasm: object
  /** The standard library. */
  readonly zip: Uint8Array
  /** The picture of memory; none while it is taken. */
  readonly picture: Uint8Array | undefined
  /** A folder in which the package's loader finds an empty file for the one that we bring. */
  readonly stubs: string | undefined
}

/** Names of the files of an image. */
const ZIP = "stdlib.zip"
const MEMORY = "memory.bin"

interface Engine {
  compile(bytes: Uint8Array): Promise<object>
}

let image: Promise<PythonImage | undefined> | undefined
let whenMaking: (over: Promise<unknown>) => void = () => {}

/** `listener` learns when an image is being made, which takes seconds, and when that is over. */
export function onPreparing(listener: (over: Promise<unknown>) => void): void {
  whenMaking = listener
}

/** The image; found or made once for this process. */
export function pythonImage(): Promise<PythonImage | undefined> {
  image ??= findImage().catch(() => undefined)
  return image
}

async function findImage(): Promise<PythonImage | undefined> {
  const { version } = await pyodidePackage()
  // In the picture lie the zone that the time module saw, and all of our own texts.
  const build = checksum(
    [version, engineBuild, timeZone, RECOMPILE, SETUP, ...GLUE.flat()].join("\0"),
  )
  const place = cachePlace(`python-${version}-${build.toString(16)}`)
  if (place === undefined) return undefined
  const engine = Reflect.get(globalThis, "WebAssembly") as Engine
  const compiled = readBytes(packagePath("pyodide/pyodide.asm.wasm")).then((bytes) =>
    engine.compile(bytes),
  )
  const [found, wasm] = await Promise.all([readCache(place), compiled])
  const files = found ?? (await makeImage(place, wasm))
  const [zip, picture] = [files?.[ZIP], files?.[MEMORY]]
  if (zip === undefined || picture === undefined) return undefined
  return { wasm, zip, picture, stubs: standInFolder(place) }
}

/** Makes the files in a thread of its own, if nobody else does, or has done meanwhile. */
async function makeImage(place: string, wasm: object): Promise<CachedFiles | undefined> {
  if (!(await beginCache(place))) return undefined
  let found: CachedFiles | undefined
  let made: CachedFiles | undefined
  try {
    found = await readCache(place)
    if (found === undefined) made = await runMaker(wasm)
  } finally {
    await endCache(place, made && { ...made, [STUB]: new Uint8Array() })
  }
  return found ?? (await readCache(place))
}

/** What the thread that makes an image sends. */
export interface Made {
  readonly zip: Uint8Array
  readonly picture: Uint8Array
}

async function runMaker(wasm: object): Promise<CachedFiles | undefined> {
  const making = startMaker(wasm)
  whenMaking(making)
  const parts = await making
  return parts && { [ZIP]: parts.zip, [MEMORY]: parts.picture }
}

function startMaker(wasm: object): Promise<Made | undefined> {
  const { promise, resolve } = Promise.withResolvers<Made | undefined>()
  const thread = startThread({
    entry: ownUrl("python/startup/maker"),
    name: "heddle python image",
    data: wasm,
    transfer: [],
    heapMb: ISOLATE_HEAP_MB,
    onMessage: (message) => {
      resolve(message as Made)
      thread.terminate()
    },
    onExit: () => resolve(undefined),
  })
  return promise
}
