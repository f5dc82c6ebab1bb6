/**
 * What is made once and kept for the pages that come after: files in the browser's cache of this
 * origin, and in this page's memory where the browser keeps none.
 */
import { browser, type HostCache, type HostResponse } from "./host.ts"

/** The cache of this origin that is ours. */
const CACHE = "heddle"

/** What is kept lies under addresses that nobody asks a server for. */
const ADDRESSES = new URL("/.heddle-cache/", browser.location.href).href

/** Folders of one kind that are kept. */
const FOLDERS_MAX = 2

/** The last file of a folder that is put there: the names of the others. */
const NOTE = "contents.json"

/** Files by their names. */
export type CachedFiles = Readonly<Record<string, Uint8Array>>

const made = new Map<string, CachedFiles>()

/** The build of the engine, whose tables a picture of memory may depend on. */
export const engineBuild: string = browser.navigator.userAgent

/** The time zone of this page. */
export const timeZone: string = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** A number that tells one text from another (FNV-1a over units). */
export function checksum(text: string): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return sum >>> 0
}

/** The place of a folder of the cache. */
export function cachePlace(name: string): string | undefined {
  return name
}

/** The files at a place, in shared memory; undefined when they are not all there. */
export async function readCache(place: string): Promise<CachedFiles | undefined> {
  const known = made.get(place)
  if (known !== undefined) return known
  try {
    const cache = await openCache()
    const note = await read(cache, place, NOTE)
    if (note === undefined) return undefined
    const names = JSON.parse(new TextDecoder().decode(note)) as string[]
    const files: Record<string, Uint8Array> = {}
    for (const name of names) {
      const bytes = await read(cache, place, name)
      if (bytes === undefined) return undefined
      files[name] = shared(bytes)
    }
    return files
  } catch {
    return undefined
  }
}

async function openCache(): Promise<HostCache> {
  if (browser.caches === undefined) throw new TypeError("this browser keeps nothing")
  return await browser.caches.open(CACHE)
}

async function read(
  cache: HostCache,
  place: string,
  name: string,
): Promise<Uint8Array | undefined> {
  const response = await cache.match(addressOf(place, name))
  return response === undefined ? undefined : new Uint8Array(await response.arrayBuffer())
}

function addressOf(place: string, name: string): string {
  return `${ADDRESSES}${place}/${name}`
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

/** Two pages may make the same files at a time: the last to be done is kept. */
export async function beginCache(_place: string): Promise<boolean> {
  return true
}

/** Keeps files at a place, if there are any. */
export async function endCache(place: string, files: CachedFiles | undefined): Promise<void> {
  if (files === undefined) return
  made.set(
    place,
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, shared(bytes)])),
  )
  // Whoever waits for the files need not wait for the browser, which may take a second.
  void keep(place, files).catch(() => {})
}

async function keep(place: string, files: CachedFiles): Promise<void> {
  const cache = await openCache()
  for (const [name, bytes] of Object.entries(files))
    await cache.put(addressOf(place, name), responseOf(bytes))
  const note = new TextEncoder().encode(JSON.stringify(Object.keys(files)))
  await cache.put(addressOf(place, NOTE), responseOf(note))
  await forgetOld(cache, place)
}

function responseOf(bytes: Uint8Array): HostResponse {
  return new Response(bytes as Uint8Array<ArrayBuffer>)
}

/** Removes all but the newest folders whose names begin as this one's does, up to its last dash. */
async function forgetOld(cache: HostCache, place: string): Promise<void> {
  const begin = ADDRESSES + place.replace(/[^-]*$/, "")
  const urls = (await cache.keys()).map(({ url }) => url).filter((url) => url.startsWith(begin))
  const folders = [...new Set(urls.map((url) => url.slice(0, url.lastIndexOf("/") + 1)))]
  for (const folder of folders.slice(0, -FOLDERS_MAX)) {
    for (const url of urls) if (url.startsWith(folder)) await cache.delete(url)
  }
}

/** The bytes at an address. */
export async function readBytes(path: string): Promise<Uint8Array> {
  const response = await browser.fetch(path)
  if (!response.ok) throw new TypeError(`${path} answered ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** A folder with empty files for what we bring ourselves: what is kept has no addresses. */
export function standInFolder(_place: string): string | undefined {
  return undefined
}

/** Whether something is at an address: not known without asking. */
export function exists(_path: string): boolean {
  return false
}
