/**
 * The manifest as it is published: without the conditions that lead to sources, which are not.
 *
 * A program that runs under `--conditions=source` for reasons of its own would look for them.
 * `npm pack` and `npm publish` take package.json as they find it, so it is changed for that moment
 * (`prepack`) and put back (`postpack`); what an interrupted run left is put back by the next.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const MANIFEST = fileURLToPath(new URL("../package.json", import.meta.url))
const KEPT = `${MANIFEST}.kept`
const OURS = new Set(["source", "model"])

/** `value` without our own conditions, however deep. */
function published(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  const left = Object.entries(value).filter(([condition]) => !OURS.has(condition))
  return Object.fromEntries(left.map(([key, inner]) => [key, published(inner)]))
}

function restore(): void {
  if (existsSync(KEPT)) renameSync(KEPT, MANIFEST)
}

function trim(): void {
  restore()
  const text = readFileSync(MANIFEST, "utf8")
  const manifest = JSON.parse(text) as Record<string, unknown>
  for (const field of ["exports", "imports"]) manifest[field] = published(manifest[field])
  writeFileSync(KEPT, text)
  writeFileSync(MANIFEST, `${JSON.stringify(manifest, undefined, 2)}\n`)
}

switch (process.argv[2]) {
  case "trim":
    trim()
    break
  case "restore":
    restore()
    break
  default:
    throw new TypeError(`scripts/manifest.ts takes trim or restore, received ${process.argv[2]}`)
}
