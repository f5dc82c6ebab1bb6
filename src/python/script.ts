/** A Python script as the `python` command runs it. */
import { PYTHON_MEMORY_BYTES_MAX } from "#platform/limits"
import { type Tuple, tupleOf } from "./foreign.ts"
import { HostInterpreter } from "./interpreter.ts"
import { PythonRuntime } from "./runtime.ts"
import { pyodidePackage } from "./startup/package.ts"

/** What a script is given. */
export interface ScriptOptions {
  /** What the script is called in `sys.argv` and in tracebacks. */
  readonly name: string
  readonly argv: readonly string[]
  readonly cwd: string
  /** Folders of the host that the script sees beside its own and the working one. */
  readonly mounts: readonly string[]
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

/** Starts the script at `path`, an absolute path of the host. */
export function script(path: string, options: ScriptOptions): Script {
  const { name, argv } = options
  const folder = path.slice(0, path.lastIndexOf("/")) || "/"
  return program(folder, options, tupleOf("main", path, name, tupleOf("l", ...argv)))
}

/** Starts a module or a package by its name, as `python -m` does. */
export function moduleScript(name: string, options: ScriptOptions): Script {
  return program(options.cwd, options, tupleOf("module", name, tupleOf("l", ...options.argv)))
}

function program(folder: string, options: ScriptOptions, request: Tuple): Script {
  const { cwd, env, mounts } = options
  let host: HostInterpreter | undefined
  let isInterrupted = false
  const run = async (): Promise<number> => {
    await pyodidePackage()
    if (isInterrupted) return INTERRUPTED
    const runtime = new PythonRuntime({
      env,
      cwd,
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

/** Those folders that lie in no other. */
function outermost(folders: readonly string[]): string[] {
  return [...new Set(folders)].filter(
    (folder) => !folders.some((other) => other !== folder && folder.startsWith(`${other}/`)),
  )
}
