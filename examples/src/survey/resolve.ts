/** Where an import leads: to a file of the survey, to a package, or nowhere we know. */
import { isBuiltin } from "node:module"
import { posix } from "node:path"

/** What follows a path without its ending, in the order that tools try. */
const ENDINGS = [
  "",
  ".js",
  ".ts",
  ".d.ts",
  ".mjs",
  ".cjs",
  ".mts",
  ".cts",
  ".tsx",
  ".jsx",
  "/index.js",
  "/index.ts",
  "/index.d.ts",
  "/index.mjs",
]

/** A declaration file imports `./x.js` and means `./x.d.ts`. */
const DECLARATIONS: Readonly<Record<string, string>> = {
  ".js": ".d.ts",
  ".mjs": ".d.mts",
  ".cjs": ".d.cts",
}

/** The file that a relative import leads to, if `files` has it. */
export function resolveFile(
  from: string,
  specifier: string,
  files: ReadonlySet<string>,
): string | undefined {
  const target = posix.join(posix.dirname(from), specifier)
  if (/\.d\.[cm]?ts$/.test(from)) {
    const ending = posix.extname(target)
    const declared = target.slice(0, -ending.length) + (DECLARATIONS[ending] ?? ending)
    if (files.has(declared)) return declared
  }
  const found = ENDINGS.find((ending) => files.has(target + ending))
  return found === undefined ? undefined : target + found
}

/** The package that a bare import names; `node:` stays in front of Node's own modules. */
export function packageOf(specifier: string): string | undefined {
  if (/^[./#]/.test(specifier) || /^(data|file|https?):/.test(specifier)) return undefined
  // `fs` and `node:fs` are one.
  if (isBuiltin(specifier)) return `node:${specifier.replace(/^node:/, "").split("/")[0]}`
  const parts = specifier.split("/")
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]
}
