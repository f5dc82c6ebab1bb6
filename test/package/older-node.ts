/**
 * What an older Node can do with the published files, told by a new one: whether it can read them,
 * and what it evaluates first.
 */
import { readFileSync } from "node:fs"
import * as acorn from "acorn"

/** The syntax of Node 18. */
const SYNTAX = 2023

/** What the published files may import by name: Node 18 has all of it. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  "node:async_hooks": ["AsyncLocalStorage", "AsyncResource"],
  "node:fs": [
    ...["appendFileSync", "existsSync", "fstatSync", "mkdtempSync", "readFileSync", "readSync"],
    ...["rmSync", "writeFileSync", "writeSync"],
  ],
  "node:fs/promises": [
    ...["mkdir", "open", "readFile", "readdir", "rename", "rm", "stat", "writeFile"],
  ],
  "node:module": ["SourceMap", "createRequire"],
  "node:os": ["availableParallelism", "homedir", "tmpdir", "totalmem"],
  "node:path": ["basename", "dirname", "join", "resolve"],
  "node:url": ["fileURLToPath", "pathToFileURL"],
  "node:util": ["inspect", "isDeepStrictEqual"],
  "node:v8": ["setFlagsFromString"],
  "node:worker_threads": [
    ...["MessageChannel", "Worker", "getEnvironmentData", "isMainThread", "parentPort"],
    ...["receiveMessageOnPort", "setEnvironmentData", "workerData"],
  ],
}

/** What in a file would keep an older Node from evaluating anything: one line each. */
export function unreadable(file: string): string[] {
  const text = readFileSync(file, "utf8")
  const options = { ecmaVersion: SYNTAX, sourceType: "module", allowHashBang: true } as const
  let program: acorn.Program
  try {
    program = acorn.parse(text, options)
  } catch (error) {
    return [`${file}: ${(error as Error).message}`]
  }
  return program.body.flatMap((statement) => {
    if (statement.type !== "ImportDeclaration") return []
    const from = String(statement.source.value)
    if (!from.startsWith("node:")) return []
    return statement.specifiers
      .filter((one) => one.type === "ImportSpecifier")
      .map(({ imported }) => (imported.type === "Identifier" ? imported.name : imported.value))
      .filter((name) => !NAMES[from]?.includes(String(name)))
      .map((name) => `${file}: ${String(name)} of ${from} by name`)
  })
}

/** The version that `PRETENCE` says this Node has. */
export const PRETENDED = "20.1.0"

/** A module that makes a Node look older: its version, and what scripts of the engine lack. */
export const PRETENCE = `
const versions = { ...process.versions, node: "${PRETENDED}" }
Object.defineProperty(process, "versions", { value: versions })
delete process.getBuiltinModule
for (const name of ["Iterator", "Float16Array", "DisposableStack", "SuppressedError"]) {
  delete globalThis[name]
}
delete Promise.withResolvers
delete Promise.try
delete Array.fromAsync
delete Object.groupBy
delete Map.groupBy
delete RegExp.escape
delete Error.isError
delete Atomics.pause
for (const name of ["union", "difference", "intersection"]) delete Set.prototype[name]
for (const name of ["fromBase64", "fromHex"]) delete Uint8Array[name]
`
