/**
 * Node's loader, taught two things: modules that use Heddle get their functions named, and an
 * address `file:///app.ts?heddle=PART` gives a part of such a module.
 *
 * Files that do not mention Heddle pass through untouched, at the price of one search in their
 * text. The parser is loaded when a file needs it; isolates inherit what their parent has written,
 * so that most of them never do.
 */

import { createRequire, type LoadFnOutput, type LoadHookContext } from "node:module"
import { fileURLToPath } from "node:url"
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads"
import { mentionsHeddle } from "./mentions.ts"
import { nodeAddresses, splitPart } from "./node-addresses.ts"
import { isTyped, translated, withoutTypes } from "./types.ts"

/** Taken without an import, which costs each isolate a millisecond for all its other names. */
const { readFileSync } = process.getBuiltinModule("node:fs")

type NextLoad = (url: string, context?: Partial<LoadHookContext>) => LoadFnOutput

/** What became of a file: its text then, and, when anything was lifted, the texts made of it. */
interface Written {
  readonly source: string
  readonly main: string | undefined
  readonly parts: ReadonlyMap<string, string>
}

/** Files of scripts, those without an extension among them. */
const SCRIPT = /(\.m?[jt]sx?|\/[^./]+)$/

/** This package's own files speak of Heddle without using it. */
const OWN = new URL("..", import.meta.url).href

/** The parser and all that needs it, beside this file in the sources and in the package. */
const LIFT = `./lift${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`

/** Under this key a thread leaves its texts to the threads that it starts. */
const INHERITANCE = "heddle.lift"

const require = createRequire(import.meta.url)
const texts = new Map(getEnvironmentData(INHERITANCE) as unknown as Map<string, Written>)

/** The load hook, as `module.registerHooks` takes it. */
export function load(url: string, context: LoadHookContext, nextLoad: NextLoad): LoadFnOutput {
  const part = splitPart(url)
  const file = part?.file ?? url.replace(/[?#].*$/, "")
  if (!file.startsWith("file:") || !SCRIPT.test(file) || file.startsWith(OWN)) {
    return nextLoad(url, context)
  }
  if (part !== undefined) return loadPart(file, part.part, nextLoad)
  return loadMain(url, file, context, nextLoad)
}

function loadMain(
  url: string,
  file: string,
  context: LoadHookContext,
  nextLoad: NextLoad,
): LoadFnOutput {
  const source = readFileSync(fileURLToPath(file), "utf8")
  const next = (): LoadFnOutput => nextLoad(url, asModule(source, file, context))
  if (!mentionsHeddle(source)) return next()
  const known = texts.get(file)
  const { main } = known?.source === source ? known : write(file, source, next)
  if (main === undefined) return next()
  return { format: "module", source: main, shortCircuit: true }
}

/**
 * A program's file that imports or exports is a module, though its package's `"type"`, which
 * `npm init` writes, says `commonjs`: Node would refuse it.
 */
function asModule(source: string, file: string, context: LoadHookContext): LoadHookContext {
  const format = context.format?.replace("commonjs", "module")
  if (format === context.format || !MODULE_HINT.test(source) || file.includes("/node_modules/")) {
    return context
  }
  const text = plainText(source, file)
  const { isModuleText } = require(LIFT) as typeof import("./lift.ts")
  return text !== undefined && isModuleText(text, file) ? { ...context, format } : context
}

/** A text without a line like this is no module; one with such a line is looked at closely. */
const MODULE_HINT = /^(import|export)\b/m

/** A part belongs to the text that its name was made from, whatever the file holds now. */
function loadPart(file: string, part: string, nextLoad: NextLoad): LoadFnOutput {
  const { parts } =
    texts.get(file) ?? write(file, readFileSync(fileURLToPath(file), "utf8"), () => nextLoad(file))
  const source = parts.get(part)
  if (source === undefined) throw new RangeError(`${file} has no part ${JSON.stringify(part)}`)
  return { format: "module", source, shortCircuit: true }
}

function write(file: string, source: string, loadByOthers: () => LoadFnOutput): Written {
  const text = plainText(source, file) ?? textOf(loadByOthers())
  const written = { source, ...lifted(text, file, source) }
  texts.set(file, written)
  if (written.main !== undefined) setEnvironmentData(INHERITANCE, texts as never)
  return written
}

function lifted(text: string | undefined, file: string, typed: string): Omit<Written, "source"> {
  const nothing = { main: undefined, parts: new Map() }
  if (text === undefined) return nothing
  const { lift } = require(LIFT) as typeof import("./lift.ts")
  const addresses = nodeAddresses(file)
  const end = `\n//# sourceURL=${file}\n`
  try {
    const found = lift(text, fileURLToPath(file), typed)
    if (found === undefined) return nothing
    const parts = found.parts.map((part) => [part, found.part(part, addresses) + end] as const)
    return { main: found.main(addresses), parts: new Map(parts) }
  } catch (error) {
    // A text that is no module is for Node to complain about.
    if (error instanceof SyntaxError) return nothing
    throw error
  }
}

/**
 * The text as JavaScript, or undefined when blanking is not enough: JSX, mistakes, and enums unless
 * Node translates them.
 */
function plainText(source: string, file: string): string | undefined {
  if (file.endsWith("x")) return undefined
  if (!isTyped(file)) return source
  try {
    return withoutTypes(source)
  } catch {
    return process.features.typescript === "transform" ? translatedText(source, file) : undefined
  }
}

function translatedText(source: string, file: string): string | undefined {
  try {
    return translated(source, file)
  } catch {
    return undefined
  }
}

function textOf({ format, source }: LoadFnOutput): string | undefined {
  if (format !== "module" || source === undefined || source === null) return undefined
  return typeof source === "string" ? source : new TextDecoder().decode(source)
}
