/** Other languages: are they here, which version, and the programs of `peers/` built once. */
import { execFileSync, spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import type { Command } from "./scenario.ts"

type Language = Command["language"]

interface Toolchain {
  readonly version: readonly string[]
  /** Compiles the sources of `from` into the folder `to`. */
  build(from: string, to: string): void
  /** The command line that runs a workload of the built program. */
  run(to: string, args: readonly string[]): [string, string[]]
}

const bench = join(import.meta.dirname, "..")

const toolchains: Record<Language, Toolchain> = {
  go: {
    version: ["go", "version"],
    build: (from, to) => exec("go", ["build", "-o", join(to, "peer"), "."], from),
    run: (to, args) => [join(to, "peer"), [...args]],
  },
  erlang: {
    version: [
      "erl",
      "-noshell",
      "-eval",
      'io:format("Erlang/OTP ~s~n", [erlang:system_info(otp_release)]), halt().',
    ],
    build: (from, to) => exec("erlc", ["-o", to, ...sources(from, ".erl")], from),
    run: (to, args) => [
      "erl",
      ["+P", "4000000", "-noshell", "-pa", to, "-run", "heddle_peer", "main", ...args],
    ],
  },
  java: {
    version: ["java", "-version"],
    build: (from, to) => exec("javac", ["-d", to, ...sources(from, ".java")], from),
    run: (to, args) => ["java", ["-Xms1g", "-cp", to, "Peer", ...args]],
  },
  python: {
    version: ["python3", "--version"],
    build: (from, to) => copyFileSync(join(from, "peer.py"), join(to, "peer.py")),
    run: (to, args) => ["python3", [join(to, "peer.py"), ...args]],
  },
}

function exec(file: string, args: readonly string[], cwd: string): void {
  execFileSync(file, args, { cwd, stdio: ["ignore", "ignore", "pipe"] })
}

function sources(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file))
}

/** The first line a language's tool says about itself, or undefined when it is not on the PATH. */
export function versionOf(language: Language): string | undefined {
  const [file, ...args] = toolchains[language].version
  const { error, status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8" })
  if (error !== undefined || status !== 0) return undefined
  return `${stdout}${stderr}`.trim().split("\n")[0]
}

const built = new Map<Language, string>()

function build(language: Language): string {
  const known = built.get(language)
  if (known !== undefined) return known
  const from = join(bench, "peers", language)
  const to = join(bench, "dist", language)
  if (newest(from) > newest(to)) {
    mkdirSync(to, { recursive: true })
    toolchains[language].build(from, to)
  }
  built.set(language, to)
  return to
}

/** When the newest file of a folder was written; 0 for a folder that is not there. */
function newest(folder: string): number {
  if (!existsSync(folder)) return 0
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile())
  return Math.max(0, ...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs))
}

/** The command line of a contender in another language; undefined when the language is not here. */
export function commandLine(command: Command, count: number): [string, string[]] | undefined {
  if (versionOf(command.language) === undefined) return undefined
  const args = [command.workload, count, ...(command.args ?? [])].map(String)
  return toolchains[command.language].run(build(command.language), args)
}
