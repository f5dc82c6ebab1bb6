/**
 * Node's loader, taught two things: modules that use Heddle get their functions named, and an
 * address `file:///app.ts?heddle=PART` gives a part of such a module, built from the file's text.
 *
 * Files that do not mention Heddle pass through untouched, at the price of one search in their text.
 */

import { readFileSync } from "node:fs"
import { createRequire, type LoadFnOutput, type LoadHookContext } from "node:module"
import { fileURLToPath } from "node:url"
import type { Lifted } from "./lift.ts"
import { mentionsHeddle } from "./mentions.ts"
import { nodeAddresses, splitPart } from "./node-addresses.ts"
import { isTyped, withoutTypes } from "./types.ts"

type NextLoad = (url: string, context?: Partial<LoadHookContext>) => LoadFnOutput

const SCRIPT = /\.m?[jt]s$/

/** This package's own files speak of Heddle without using it. */
const OWN = new URL("..", import.meta.url).href

/** The parser and all that needs it, beside this file in the sources and in the package. */
const LIFT = `./lift${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`

const require = createRequire(import.meta.url)
const planned = new Map<string, { source: string; lifted: Lifted | undefined }>()

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
  if (!mentionsHeddle(readFileSync(fileURLToPath(file), "utf8"))) return nextLoad(url, context)
  const lifted = liftFile(file, () => nextLoad(url, context))
  if (lifted === undefined) return nextLoad(url, context)
  return { format: "module", source: lifted.main(nodeAddresses(file)), shortCircuit: true }
}

function loadPart(file: string, part: string, nextLoad: NextLoad): LoadFnOutput {
  const lifted = liftFile(file, () => nextLoad(file))
  if (lifted === undefined) throw new RangeError(`${file} has no part ${JSON.stringify(part)}`)
  const source = `${lifted.part(part, nodeAddresses(file))}\n//# sourceURL=${file}\n`
  return { format: "module", source, shortCircuit: true }
}

/** Plans a file, once while its text stays the same. */
function liftFile(file: string, loadByOthers: () => LoadFnOutput): Lifted | undefined {
  const source = readFileSync(fileURLToPath(file), "utf8")
  const known = planned.get(file)
  if (known?.source === source) return known.lifted
  const text = plainText(source, file) ?? textOf(loadByOthers())
  const lifted = text === undefined ? undefined : liftText(text, file)
  planned.set(file, { source, lifted })
  return lifted
}

/** The text as JavaScript, or undefined when blanking is not enough: enums, decorators, mistakes. */
function plainText(source: string, file: string): string | undefined {
  if (!isTyped(file)) return source
  try {
    return withoutTypes(source)
  } catch {
    return undefined
  }
}

function textOf({ format, source }: LoadFnOutput): string | undefined {
  if (format !== "module" || source === undefined || source === null) return undefined
  return typeof source === "string" ? source : new TextDecoder().decode(source)
}

/** A text that is no module is for Node to complain about. */
function liftText(text: string, file: string): Lifted | undefined {
  const { lift } = require(LIFT) as typeof import("./lift.ts")
  try {
    return lift(text, fileURLToPath(file))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
