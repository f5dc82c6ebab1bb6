/**
 * What is made once and kept on disk for the programs that come after: folders of files in the
 * user's cache, each made under another name and then renamed, so that nobody sees half of one.
 *
 * A note in the folder has each file's length and checksum; a folder that does not agree with its
 * note is as if it were not there, and is replaced by whoever makes it anew.
 */
import { existsSync } from "node:fs"
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { homedir } from "node:os"
import { basename, dirname, join } from "node:path"

/** By property: older Nodes lack it, and shall come as far as `supported.ts`. */
const { crc32 } = process.getBuiltinModule("node:zlib")

/** After so long whoever began to make a folder is taken for dead. */
const MAKING_MS = 60_000

/** Folders of one kind that are kept: for versions and time zones that are used in turn. */
const FOLDERS_MAX = 4

const NOTE = "contents.json"

/** Files by their names. */
export type CachedFiles = Readonly<Record<string, Uint8Array>>

type Note = Record<string, readonly [length: number, checksum: number]>

/** The build of the engine, whose tables a picture of memory may depend on. */
export const engineBuild: string = `${process.versions.v8} ${process.arch}`

/** The time zone of this process. */
export const timeZone: string = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** A number that tells one text from another. */
export function checksum(text: string): number {
  return crc32(text)
}

/** The place of a folder of the cache; undefined where nothing shall be kept. */
export function cachePlace(name: string): string | undefined {
  const { HEDDLE_CACHE: ours, XDG_CACHE_HOME: users } = process.env
  if (ours !== undefined) return ours === "" ? undefined : join(ours, name)
  return join(users?.startsWith("/") ? users : join(homedir(), ".cache"), "heddle", name)
}

/** The files at a place, in shared memory; undefined when they are not all there and whole. */
export async function readCache(place: string): Promise<CachedFiles | undefined> {
  try {
    const note = JSON.parse(await readFile(join(place, NOTE), "utf8")) as Note
    const files: Record<string, Uint8Array> = {}
    for (const [name, [length, sum]] of Object.entries(note)) {
      const bytes = await readShared(join(place, name))
      if (bytes.length !== length || crc32(bytes) !== sum) return undefined
      files[name] = bytes
    }
    return files
  } catch {
    return undefined
  }
}

async function readShared(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const bytes = new Uint8Array(new SharedArrayBuffer(size))
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, size - at)
      if (bytesRead === 0) break
      at += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}

/** Claims the making of a folder; false when another process is at it, or nothing can be kept. */
export async function beginCache(place: string): Promise<boolean> {
  const claim = claimOf(place)
  try {
    await mkdir(dirname(place), { recursive: true })
    const began = await stat(claim).catch(() => undefined)
    if (began !== undefined && Date.now() - began.mtimeMs > MAKING_MS)
      await rm(claim, { recursive: true, force: true })
    await mkdir(claim)
    return true
  } catch {
    return false
  }
}

/** Keeps files at a place whose making was claimed; with or without any, gives the claim back. */
export async function endCache(place: string, files: CachedFiles | undefined): Promise<void> {
  const claim = claimOf(place)
  try {
    if (files === undefined) return
    const note: Note = {}
    for (const [name, bytes] of Object.entries(files)) {
      note[name] = [bytes.length, crc32(bytes)]
      await writeFile(join(claim, name), bytes)
    }
    await writeFile(join(claim, NOTE), JSON.stringify(note))
    await rm(place, { recursive: true, force: true })
    await rename(claim, place)
    await forgetOld(place)
  } catch {
    // A full or read-only disk: the next program tries again.
  } finally {
    await rm(claim, { recursive: true, force: true }).catch(() => {})
  }
}

/** Removes all but the newest folders whose names begin as this one's does, up to its last dash. */
async function forgetOld(place: string): Promise<void> {
  const begin = basename(place).replace(/[^-]*$/, "")
  const names = (await readdir(dirname(place))).filter((name) => name.startsWith(begin))
  const folders = await Promise.all(
    names.map(async (name) => {
      const path = join(dirname(place), name)
      return { path, age: -(await stat(path)).mtimeMs }
    }),
  )
  for (const { path } of folders.sort((a, b) => a.age - b.age).slice(FOLDERS_MAX))
    await rm(path, { recursive: true, force: true })
}

function claimOf(place: string): string {
  return `${place}.making`
}

/** The bytes of a file. */
export async function readBytes(path: string): Promise<Uint8Array> {
  return await readFile(path)
}

/** A folder with empty files for what we bring ourselves, where there can be one. */
export function standInFolder(place: string): string | undefined {
  return place
}

/** Whether there is such a file or folder. */
export function exists(path: string): boolean {
  return existsSync(path)
}
