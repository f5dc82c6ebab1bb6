/**
 * The transform, from text to text: a module whose closures are named, and the parts by which other
 * isolates load their code. What Node and the bundlers share.
 */

import type { AnyNode } from "acorn"
import type { Module } from "./captures.ts"
import { Declarations } from "./declarations.ts"
import type { Addresses } from "./naming.ts"
import { type Plan, planModule, rangesOf } from "./plan.ts"
import { readVocabulary } from "./sites.ts"
import { childrenOf, parseModule, type Syntax } from "./syntax.ts"
import { typeNames } from "./type-names.ts"
import { partNames, writeMain, writePart } from "./write.ts"

/** A module with functions that other isolates may be asked to run. */
export interface Lifted {
  /** The module itself, its functions named. */
  main(addresses: Addresses): string
  /** A part that another isolate loads. Throws RangeError when there is no such part. */
  part(name: string, addresses: Addresses): string
  /** The names of all parts. */
  readonly parts: readonly string[]
}

/**
 * Reads JavaScript and plans what is lifted out of it; undefined when nothing is to be done.
 *
 * @param file the path that errors name
 * @param typed the text before its types were blanked, if they were
 * @throws {CaptureError} when a closure captures what cannot cross
 * @throws {SyntaxError} when the text is not a module
 */
export function lift(source: string, file: string, typed = source): Lifted | undefined {
  const syntax = parseModule(source, file)
  if (!isModule(syntax)) return undefined
  const vocabulary = readVocabulary(syntax)
  if (vocabulary.sites.length === 0) return undefined
  const declarations = new Declarations(syntax, vocabulary, rangesOf({ syntax, vocabulary }))
  const metas = metasIn(syntax.program)
  const module: Module = {
    syntax,
    vocabulary,
    declarations,
    file,
    metas,
    typeNames: typeNames(syntax, typed),
  }
  const plan: Plan = planModule(module)
  if (plan.marks.length === 0) return undefined
  return {
    main: (addresses) => writeMain(plan, addresses),
    part: (name, addresses) => writePart(plan, name, addresses),
    parts: partNames(plan),
  }
}

/** Whether JavaScript is a module by its text: it imports or exports. */
export function isModuleText(source: string, file: string): boolean {
  try {
    return isModule(parseModule(source, file))
  } catch {
    return false
  }
}

/** CommonJS parses as a module too; Heddle is not imported there, and nothing may be changed. */
function isModule({ program }: Syntax): boolean {
  return program.body.some(({ type }) => /^(Import|Export)/.test(type))
}

function metasIn(node: AnyNode): AnyNode[] {
  if (node.type === "MetaProperty" && node.meta.name === "import") return [node]
  return [...childrenOf(node)].flatMap(metasIn)
}
