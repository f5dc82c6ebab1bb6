/** A Python script as the `python` command runs it. */
import { PYTHON_MEMORY_BYTES_MAX } from "#platform/limits"
import { checkNames, shown } from "../internal/wire/shown.ts"
import { type Tuple, tupleOf } from "./foreign.ts"
import { HostInterpreter } from "./interpreter.ts"
import { PythonRuntime } from "./runtime.ts"
import { pyodidePackage } from "./startup/package.ts"

/** What a script is given. */
export interface ScriptOptions {
  /** What the script is called in `sys.argv`. */
  readonly name: string
  /** The rest of `sys.argv`. */
  readonly argv: readonly string[]
  /** Its working directory, an absolute path of the host. */
  readonly cwd: string
  /** Folders of the host that the script sees beside its own and the working one. */
  readonly mounts: readonly string[]
  /** What `os.environ` begins with. */
  readonly env: Readonly<Record<string, string>>
}

/** A running script. */
export interface Script {
  /**
   * Resolves with the exit code when the script has ended, and its threads; rejects with
   * PythonMissingError where there is no Python.
   */
  readonly exitCode: Promise<number>
  /** Raises KeyboardInterrupt in the script; one that has not begun does not begin. */
  interrupt(): void
}

/** Exit code of a program that KeyboardInterrupt has ended. */
const INTERRUPTED = 130

/**
 * Starts the script at `path`, an absolute path of the host.
 *
 * @throws {TypeError} when an argument has not its type, {RangeError} when a path is not absolute
 */
export function script(path: string, options: ScriptOptions): Script {
  checkPath(path, "script")
  checkScript(options, "script")
  const folder = path.slice(0, path.lastIndexOf("/")) || "/"
  return program(folder, options, options.name, tupleOf("main", path))
}

/**
 * Starts a module or a package by its name, as `python -m` does.
 *
 * @throws {TypeError} when an argument has not its type, {RangeError} when a path is not absolute
 */
export function moduleScript(name: string, options: ScriptOptions): Script {
  checkText(name, "moduleScript takes a name")
  checkScript(options, "moduleScript")
  return program(options.cwd, options, "-m", tupleOf("module", name))
}

function program(folder: string, options: ScriptOptions, name: string, request: Tuple): Script {
  const { argv, cwd, env, mounts } = options
  let host: HostInterpreter | undefined
  let isInterrupted = false
  const run = async (): Promise<number> => {
    await pyodidePackage()
    if (isInterrupted) return INTERRUPTED
    const runtime = new PythonRuntime({
      env,
      cwd,
      argv: [name, ...argv],
      path: [folder, ...(env.PYTHONPATH ?? "").split(":").filter((one) => one !== "")],
      files: {},
      mounts: outermost([cwd, folder, ...mounts]),
      stdin: "process",
      memoryBytes: PYTHON_MEMORY_BYTES_MAX,
    })
    host = new HostInterpreter(runtime)
    try {
      return (await host.ask(request)) as number
    } catch (error) {
      if (runtime.exitStatus !== undefined) return runtime.exitStatus
      // The program itself had not begun: what it raises does not come here.
      if (isInterrupted) return INTERRUPTED
      throw error
    } finally {
      runtime.terminate()
    }
  }
  const interrupt = (): void => {
    isInterrupted = true
    if (host?.isReady) host.interrupt()
    else host?.terminate()
  }
  return { exitCode: run(), interrupt }
}

function checkText(text: unknown, wanted: string): void {
  if (typeof text !== "string") throw new TypeError(`${wanted}, received ${shown(text)}`)
}

function checkPath(path: unknown, what: string): void {
  checkText(path, `${what} takes an absolute path`)
  if (!(path as string).startsWith("/"))
    throw new RangeError(`${what} takes an absolute path, received ${shown(path)}`)
}

function checkScript(options: ScriptOptions, what: string): void {
  checkNames(options, what, ["name", "argv", "cwd", "mounts", "env"])
  const { name, argv, cwd, mounts, env } = options
  checkText(name, `${what} takes a string as name`)
  for (const [key, list] of Object.entries({ argv, mounts })) {
    const wanted = `${what} takes an array of strings as ${key}`
    if (!Array.isArray(list)) throw new TypeError(`${wanted}, received ${shown(list)}`)
    for (const text of list) checkText(text, wanted)
  }
  for (const folder of [cwd, ...mounts]) checkPath(folder, `${what}, for cwd and mounts,`)
  if (typeof env !== "object" || env === null)
    throw new TypeError(`${what} takes an object as env, received ${shown(env)}`)
  for (const [key, value] of Object.entries(env))
    checkText(value, `${what}: env.${key} is a string`)
}

/** Those folders that lie in no other. */
function outermost(folders: readonly string[]): string[] {
  return [...new Set(folders)].filter(
    (folder) => !folders.some((other) => other !== folder && folder.startsWith(`${other}/`)),
  )
}
