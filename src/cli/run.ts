/**
 * `heddle run`: makes this process the program's.
 *
 * The transform is registered and the program is started in this same process, as Node starts its
 * entry: `process.argv`, `import.meta.main`, an unsettled top-level await, an uncaught error and
 * Ctrl-C are what they would be under Node.
 */
import { type Stats, statSync } from "node:fs"
import { runMain } from "node:module"
import { dirname, extname, resolve } from "node:path"
import type { RunRequest } from "./arguments.ts"
import { loadFailure } from "./load-failure.ts"
import { rememberLoaded } from "./locate.ts"

/** Says in one line why a program cannot be started, and ends the process. */
export type Refuse = (message: string) => never

const EXTENSIONS = new Set([".py", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ""])

/** What a shell reports for a process ended by Ctrl-C. */
const INTERRUPTED = 130

/** Starts a program; it lives on after this returns. */
export async function run(request: RunRequest, refuse: Refuse): Promise<void> {
  const path = resolve(request.file)
  const python = request.module === true || extname(path) === ".py"
  const problem =
    (request.module ? undefined : problemWith(request.file, path)) ??
    (python ? problemWithFolders(request) : request.mounts && "--mount is for Python programs")
  if (problem !== undefined) refuse(problem)
  if (request.isolates !== undefined) process.env.HEDDLE_ISOLATES = String(request.isolates)
  if (request.memoryBytes !== undefined) process.env.HEDDLE_MEMORY = String(request.memoryBytes)
  if (python) {
    await runPython(path, request, refuse)
    return
  }
  process.argv = [process.argv[0], path, ...request.args]
  // A monitor only watches: every other error goes Node's own way.
  process.on("uncaughtExceptionMonitor", (error) => {
    const message = loadFailure(error, path)
    if (message !== undefined) refuse(message)
  })
  await import("../lift/register.ts")
  rememberLoaded()
  runMain(path)
}

/** Where Python's library looks for time zones. */
const ZONES = "/usr/share/zoneinfo"

/** Runs a Python script; Ctrl-C is its KeyboardInterrupt, a second one the end. */
async function runPython(path: string, request: RunRequest, refuse: Refuse): Promise<void> {
  const { file, args, mounts = [] } = request
  const { moduleScript, onPreparing, script } = await import("../python/index.ts")
  if (process.stderr.isTTY) onPreparing(showPreparing)
  const { PYTHONPATH = "" } = process.env
  const options = {
    name: file,
    argv: args,
    cwd: process.cwd(),
    mounts: [...mounts, ...[...PYTHONPATH.split(":"), ZONES].filter(isFolder)].map((one) =>
      resolve(one),
    ),
    env: process.env as Record<string, string>,
  }
  const program = request.module ? moduleScript(file, options) : script(path, options)
  let asked = false
  process.on("SIGINT", () => {
    if (asked) process.exit(INTERRUPTED)
    asked = true
    program.interrupt()
  })
  try {
    process.exit(await program.exitCode)
  } catch (error) {
    if (Reflect.get(error as object, "code") === "ERR_HEDDLE_PYTHON_MISSING")
      refuse((error as Error).message)
    throw error
  }
}

/** The first start of Python takes some seconds: a line says so, and goes when it is over. */
function showPreparing(over: Promise<unknown>): void {
  process.stderr.write("heddle: preparing Python for this and later programs…")
  void over.finally(() => process.stderr.write("\r\x1b[K"))
}

/** Why a file cannot be run, as far as its name and kind tell. */
function problemWith(file: string, path: string): string | undefined {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return `no such file: ${file}`
  if (stats.isDirectory()) return `${file} is a directory`
  const extension = extname(path)
  if (extension === ".tsx" || extension === ".jsx") {
    return `${file}: ${extension} files need a compiler: tsx --import heddle/register ${file}`
  }
  if (!EXTENSIONS.has(extension)) return `${file}: ${extension} files cannot be run`
  return undefined
}

/** Folders that hold Python's own files. */
const PYTHONS_OWN = /^\/(lib|dev|proc)?$/

/** Which folder a Python program cannot have. */
function problemWithFolders({ file, module, mounts = [] }: RunRequest): string | undefined {
  const missing = mounts.find((folder) => !isFolder(folder))
  if (missing !== undefined) return `run: --mount: no such folder: ${missing}`
  const own = module ? [] : [dirname(resolve(file))]
  const folders = [process.cwd(), ...own, ...mounts.map((one) => resolve(one))]
  const taken = folders.find((folder) => PYTHONS_OWN.test(folder))
  return taken && `${taken} cannot be seen from Python, whose own files lie there`
}

function isFolder(path: string): boolean {
  return path !== "" && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
