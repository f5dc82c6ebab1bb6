/**
 * Reads the command line: pure, from words to what is asked for.
 *
 * Options of `heddle run` stand before the file; everything after the file is the program's.
 */
import { parseArgs } from "node:util"
import { ISOLATES_MAX, MEMORY_BYTES_MAX, MEMORY_BYTES_MIN } from "#platform/limits"
import { formatSize, parseSize } from "./size.ts"

/** What the user asks for; a `mistake` is the one line to print. */
export type Request =
  | { readonly kind: "run"; readonly program: RunRequest }
  | { readonly kind: "help"; readonly topic: "heddle" | "run" }
  | { readonly kind: "version" }
  | { readonly kind: "mistake"; readonly message: string }

/** A program, its arguments, and the runtime it gets. */
export interface RunRequest {
  /** As the user wrote it: a file, or a module of Python's. */
  readonly file: string
  /** Whether `file` names a module, as `python -m` takes it. */
  readonly module?: boolean
  /** Folders that a Python program sees beside its own. */
  readonly mounts?: readonly string[]
  readonly args: readonly string[]
  readonly isolates?: number
  readonly memoryBytes?: number
}

/** Reads the words after `heddle`. */
export function readCommand(words: readonly string[]): Request {
  const [first, ...rest] = words
  switch (first) {
    case undefined:
      return mistake("no command; try heddle --help")
    case "--help":
    case "-h":
    case "help":
      return { kind: "help", topic: rest[0] === "run" ? "run" : "heddle" }
    case "--version":
    case "-v":
      return { kind: "version" }
    case "run":
      return readRun(rest)
  }
  if (first.startsWith("-")) return mistake(`unknown option ${first}; try heddle --help`)
  const meant = /\.([cm]?[jt]s|py)$/.test(first) ? `; did you mean heddle run ${first}?` : ""
  return mistake(`unknown command ${first}${meant || "; try heddle --help"}`)
}

const RUN_OPTIONS = {
  isolates: { type: "string" },
  memory: { type: "string" },
  mount: { type: "string", multiple: true },
  module: { type: "string", short: "m" },
  help: { type: "boolean", short: "h" },
} as const

type RunOption = keyof typeof RUN_OPTIONS

/** What options may set, while they are read. */
interface Settings {
  isolates?: number
  memoryBytes?: number
  mounts?: string[]
}

function readRun(words: readonly string[]): Request {
  // Not strict: everything behind the file is not ours to judge, so we judge word by word.
  const { tokens } = parseArgs({
    args: [...words],
    options: RUN_OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const settings: Settings = {}
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue
    if (token.kind === "positional") {
      if (token.value === "") break
      const program = { file: token.value, args: words.slice(token.index + 1), ...settings }
      return { kind: "run", program }
    }
    if (token.name === "help") return { kind: "help", topic: "run" }
    if (token.name === "module" && token.value) {
      const rest = words.slice(token.index + (token.inlineValue ? 1 : 2))
      return {
        kind: "run",
        program: { file: token.value, module: true, args: rest, ...settings },
      }
    }
    const problem = takeOption(settings, token.name, token.rawName, token.value)
    if (problem !== undefined) return mistake(problem)
  }
  return mistake("run: no file given; try heddle run --help")
}

/** Takes one option into `settings`; returns what is wrong with it, if anything. */
function takeOption(
  settings: Settings,
  name: string,
  rawName: string,
  value: string | undefined,
): string | undefined {
  if (!Object.hasOwn(RUN_OPTIONS, name))
    return `run: unknown option ${rawName}; try heddle run --help`
  if (value === undefined || value === "") return `run: ${rawName} wants a value`
  switch (name as RunOption) {
    case "isolates":
      return takeIsolates(settings, value)
    case "memory":
      return takeMemory(settings, value)
    case "mount":
      settings.mounts = [...(settings.mounts ?? []), value]
  }
  return undefined
}

function takeIsolates(settings: Settings, value: string): string | undefined {
  const count = Number(value)
  // Main is one of them and comes of itself.
  const most = ISOLATES_MAX - 1
  if (!/^\d+$/.test(value) || count < 1 || count > most)
    return `run: --isolates wants a whole number from 1 to ${most}, not "${value}"`
  settings.isolates = count
  return undefined
}

function takeMemory(settings: Settings, value: string): string | undefined {
  const bytes = parseSize(value)
  if (bytes === undefined) return `run: --memory wants a size like 512MiB or 2GiB, not "${value}"`
  if (bytes < MEMORY_BYTES_MIN || bytes > MEMORY_BYTES_MAX) {
    const range = `from ${formatSize(MEMORY_BYTES_MIN)} to ${formatSize(MEMORY_BYTES_MAX)}`
    return `run: --memory wants a size ${range}, not "${value}"`
  }
  settings.memoryBytes = bytes
  return undefined
}

function mistake(message: string): Request {
  return { kind: "mistake", message }
}
