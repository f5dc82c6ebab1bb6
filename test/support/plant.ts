/**
 * Planted bugs: a module imported with one step of its text changed, to see that a test finds it.
 *
 * The module that is changed and those between it and the entry are loaded anew, under addresses of
 * their own; the rest of the program keeps the true ones.
 */
import assert from "node:assert/strict"
import { registerHooks } from "node:module"

interface Plant {
  readonly file: string
  readonly from: string
  readonly to: string
  done: boolean
}

const plants = new Map<string, Plant>()
const MARK = "planted"

function plantOf(url: string | undefined): [string, Plant] | undefined {
  const id = url === undefined ? null : new URL(url).searchParams.get(MARK)
  const plant = id === null ? undefined : plants.get(id)
  return plant === undefined ? undefined : [id as string, plant]
}

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    const parent = plantOf(context.parentURL)
    if (parent === undefined || !specifier.startsWith(".")) return found
    return { ...found, url: `${found.url}?${MARK}=${parent[0]}` }
  },
  load(url, context, next) {
    const loaded = next(url, context)
    const plant = plantOf(url)?.[1]
    if (plant === undefined || !new URL(url).pathname.endsWith(plant.file)) return loaded
    const source = `${loaded.source}`
    assert.equal(source.split(plant.from).length, 2, `${plant.file} has once: ${plant.from}`)
    plant.done = true
    return { ...loaded, source: source.replace(plant.from, () => plant.to) }
  },
})

/**
 * Imports `entry` (a path from src/internal) with `from` replaced by `to` in `file`, which is the
 * entry or something it imports.
 */
export async function planted<Module>(
  entry: string,
  file: string,
  from: string,
  to: string,
): Promise<Module> {
  const id = `${plants.size + 1}`
  const plant = { file, from, to, done: false }
  plants.set(id, plant)
  const url = new URL(`../../src/internal/${entry}?${MARK}=${id}`, import.meta.url)
  const module = (await import(url.href)) as Module
  assert.ok(plant.done, `${entry} imports ${file}`)
  return module
}
