/** The package `pyodide`, which is there only where somebody asked for Python. */
import { importPackage } from "#platform/packages"
import { PythonMissingError } from "../../errors.ts"

/** The package; throws what tells how to get it when it cannot be loaded, or be of no use. */
export async function pyodidePackage(): Promise<typeof import("pyodide")> {
  if (!Reflect.has(globalThis, "WebAssembly")) throw new PythonMissingError({}, "WebAssembly")
  try {
    return (await importPackage("pyodide")) as typeof import("pyodide")
  } catch (error) {
    throw new PythonMissingError({ cause: error })
  }
}
