/** What the thread does that makes an image: see image.ts. */
import { postToStarter, startData } from "#platform/thread"
import type { Pyodide } from "../c-api.ts"
import { bootPlain, bootPython } from "./boot.ts"
import type { Made } from "./image.ts"
import { RECOMPILE } from "./recompile.ts"

interface PythonBytes {
  getBuffer(): { readonly data: Uint8Array }
}

async function make(): Promise<Made> {
  const plain = await bootPlain()
  const zip = (plain.runPython(RECOMPILE) as PythonBytes).getBuffer().data.slice()
  const wasm = startData as object
  const python = await bootPython({ wasm, zip, picture: undefined, stubs: undefined })
  return { zip, picture: trimmed(python) }
}

/** The picture without the memory that was never touched: a new one is zero there. */
function trimmed(python: Pyodide): Uint8Array {
  const picture = python.makeMemorySnapshot()
  let end = picture.length
  while (end > 0 && picture[end - 1] === 0) end--
  return picture.slice(0, Math.ceil(end / 16) * 16)
}

postToStarter(await make())
