/**
 * Files that a program is given as text or bytes: they lie in the memory of each interpreter, in a
 * folder of their own, where modules are looked for first.
 */
import { shown } from "../internal/wire/shown.ts"

/** Contents by path, relative to the folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** The folder, and the working one of a program that is given files. */
const FOLDER = "/program"

/** Where an interpreter works, and looks for modules first, when it is given `files`. */
export function placesOf(files: Files | undefined): { cwd: string; path: string[]; files: Files } {
  return files === undefined
    ? { cwd: "/", path: [], files: {} }
    : { cwd: FOLDER, path: [FOLDER], files }
}

/** @throws {TypeError} when `files` are not contents by relative paths */
export function checkFiles(files: unknown): void {
  if (typeof files !== "object" || files === null)
    throw new TypeError(`files must be an object of contents by path, received ${shown(files)}`)
  for (const [path, content] of Object.entries(files)) {
    if (path.split("/").some((part) => part === "" || part === "." || part === ".."))
      throw new TypeError(`files: ${JSON.stringify(path)} is no relative path below their folder`)
    if (typeof content !== "string" && !(content instanceof Uint8Array))
      throw new TypeError(
        `files: ${path} must be a string or a Uint8Array, received ${shown(content)}`,
      )
  }
}

/**
 * What we use of an interpreter's file system. Its package's own types stay out of ours: it is an
 * optional peer, and its declarations want a page's.
 */
interface FileSystem {
  mkdirTree(path: string): void
  writeFile(path: string, content: string | Uint8Array): void
}

/** Writes them into the memory of an interpreter. */
export function putFiles(into: FileSystem, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = `${FOLDER}/${name}`
    into.mkdirTree(path.slice(0, path.lastIndexOf("/")))
    into.writeFile(path, content)
  }
}
