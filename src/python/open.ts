/** Starting an interpreter, from whichever isolate. */
import { PYTHON_MEMORY_BYTES_MAX, PYTHON_MEMORY_BYTES_MIN } from "#platform/limits"
import { isMainThread } from "#platform/thread"
import { checkFunction } from "../internal/wire/given.ts"
import { checkNames, shown } from "../internal/wire/shown.ts"
import { checkFiles } from "./files.ts"
import { type Interpreter, type InterpreterOptions, startInterpreter } from "./interpreter.ts"
import { remoteInterpreter } from "./remote.ts"

const KNOWN_OPTIONS = ["stdout", "stderr", "stdin", "memoryBytes", "files"]

/**
 * Starts a CPython in an isolate of its own; resolves when it runs, after a second or less. What it
 * makes with `concurrent.interpreters` ends with it. An isolate other than main holds it through
 * main, which costs a task for each call; the interpreter ends with the isolate that asked for it.
 *
 * @throws {PythonMissingError} when the package `pyodide` is not installed, or WebAssembly missing
 * @throws {NoFreeIsolateError} when isolates and interpreters have taken all places for threads
 * @throws {TypeError} when an option is not known, {RangeError} when `memoryBytes` is out of range
 * @example
 * await using py = await interpreter()
 * console.log(await py.call("math:sqrt", 2)) // prints: 1.4142135623730951
 */
export async function interpreter(options: InterpreterOptions = {}): Promise<Interpreter> {
  checkOptions(options)
  if (isMainThread) return await startInterpreter(options)
  return await remoteInterpreter(options)
}

function checkOptions(options: InterpreterOptions): void {
  checkNames(options, "interpreter", KNOWN_OPTIONS)
  const { memoryBytes: bytes, stdin, stdout, stderr, files } = options
  if (stdout !== undefined) checkFunction(stdout, "stdout")
  if (stderr !== undefined) checkFunction(stderr, "stderr")
  if (files !== undefined) checkFiles(files)
  if (stdin !== undefined && typeof stdin !== "string" && !(stdin instanceof Uint8Array))
    throw new TypeError(`stdin must be a string or a Uint8Array, received ${shown(stdin)}`)
  if (bytes === undefined) return
  const fits = bytes >= PYTHON_MEMORY_BYTES_MIN && bytes <= PYTHON_MEMORY_BYTES_MAX
  if (Number.isInteger(bytes) && fits) return
  const range = `from ${PYTHON_MEMORY_BYTES_MIN} to ${PYTHON_MEMORY_BYTES_MAX}`
  throw new RangeError(`memoryBytes must be a whole number ${range}, received ${shown(bytes)}`)
}
