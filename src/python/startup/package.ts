/** The package `pyodide`, which is there only where somebody asked for Python. */
import { importPackage } from "#platform/packages"
import { PythonMissingError } from "../../errors.ts"

/** The package; throws what tells how to get it when it cannot be loaded. */
export async function pyodidePackage(): Promise<typeof import("pyodide")> {
  try {
    return (await importPackage("pyodide")) as typeof import("pyodide")
  } catch (error) {
    throw new PythonMissingError({ cause: error })
  }
}
