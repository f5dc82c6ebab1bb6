/**
 * Source text without its types, every character where it was.
 *
 * Node warns that stripping by call is experimental, though it strips what it loads without a word;
 * that warning is silenced for the length of the call.
 */

/** By property: older Nodes lack it, and shall come as far as `supported.ts`. */
const { stripTypeScriptTypes } = process.getBuiltinModule("node:module")

/** Whether a file of this name holds types. */
export function isTyped(file: string): boolean {
  return /\.[cm]?ts$/.test(file)
}

/** Blanks the types. Throws a SyntaxError for mistakes, and for enums and the like. */
export function withoutTypes(source: string): string {
  return quietly(() => stripTypeScriptTypes(source))
}

/**
 * Translates what blanking cannot: enums, namespaces, parameter properties. Positions move; an
 * inline source map says where they were.
 */
export function translated(source: string, file: string): string {
  const options = { mode: "transform", sourceMap: true, sourceUrl: file } as const
  return quietly(() => stripTypeScriptTypes(source, options))
}

function quietly<T>(work: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return work()
  } finally {
    process.emitWarning = emitWarning
  }
}
