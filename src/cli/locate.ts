/**
 * Finds the place of a syntax error that V8 reports without one.
 *
 * The files that were loaded are remembered by name; only when one of them fails are they read
 * again, latest first, by a parser that tells line and column.
 */
import { readFileSync } from "node:fs"
import { createRequire, registerHooks, stripTypeScriptTypes } from "node:module"
import { relative } from "node:path"
import { fileURLToPath } from "node:url"

const loaded: string[] = []

/** Begins to remember what is loaded. */
export function rememberLoaded(): void {
  registerHooks({
    load(url, context, nextLoad) {
      if (url.startsWith("file:")) loaded.push(url)
      return nextLoad(url, context)
    },
  })
}

/** `file:line:column` of the syntax error in the latest loaded file that has one. */
export function locateSyntaxError(): string | undefined {
  for (const url of loaded.toReversed()) {
    const path = fileURLToPath(url.split("?")[0])
    const place = placeIn(path)
    if (place !== undefined) return `${relative(process.cwd(), path)}:${place}`
  }
  return undefined
}

type Parser = typeof import("acorn")

function placeIn(path: string): string | undefined {
  const { parse } = createRequire(import.meta.url)("acorn") as Parser
  try {
    const text = readFileSync(path, "utf8")
    const sourceType = /\.c[jt]s$/.test(path) ? "script" : "module"
    parse(/\.[cm]?ts$/.test(path) ? stripTypeScriptTypes(text) : text, {
      ecmaVersion: "latest",
      sourceType,
      allowHashBang: true,
    })
    return undefined
  } catch (error) {
    const { loc } = error as { loc?: { line: number; column: number } }
    return loc === undefined ? undefined : `${loc.line}:${loc.column + 1}`
  }
}
