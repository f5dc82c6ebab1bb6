/**
 * Where an offset of the text lies in the file that a person wrote: a compiler may have been there
 * before, and left an inline source map.
 */

import { SourceMap, type SourceMapPayload } from "node:module"
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import type { SourcePlace } from "../errors.ts"

const INLINE = /^\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([\w+/=]+)\s*$/gm

/** Translates a line and column of the text, both from 1, to the file as it was written. */
export function placesOf(
  source: string,
  file: string,
): (place: { line: number; column: number }) => SourcePlace {
  const inline = [...source.matchAll(INLINE)].at(-1)?.[1]
  const map = inline === undefined ? undefined : readMap(inline)
  return ({ line, column }) => {
    const origin = map?.findOrigin(line, column)
    if (origin === undefined || !("lineNumber" in origin)) return { file, line, column }
    return {
      file: pathOf(origin.fileName, file),
      line: origin.lineNumber,
      column: origin.columnNumber,
    }
  }
}

function readMap(base64: string): SourceMap | undefined {
  try {
    const payload: SourceMapPayload = JSON.parse(Buffer.from(base64, "base64").toString())
    return new SourceMap(payload)
  } catch {
    // A map that cannot be read says nothing; the text's own places are the next best.
    return undefined
  }
}

function pathOf(source: string | undefined, file: string): string {
  if (source === undefined || source === "") return file
  return source.startsWith("file:") ? fileURLToPath(source) : resolve(file, "..", source)
}
