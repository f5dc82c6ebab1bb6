/** Folders that are there as long as this process, or shorter. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const folders = new Set<string>()

/** Makes an empty folder of the host; undefined where none can be made. */
export function makeTemporaryFolder(): string | undefined {
  let folder: string
  try {
    folder = mkdtempSync(join(tmpdir(), "heddle-"))
  } catch {
    return undefined
  }
  if (folders.size === 0) process.on("exit", removeAll)
  folders.add(folder)
  return folder
}

/** Removes such a folder and all that lies in it. */
export function removeTemporaryFolder(folder: string): void {
  if (!folders.delete(folder)) return
  if (folders.size === 0) process.off("exit", removeAll)
  rmSync(folder, { recursive: true, force: true })
}

function removeAll(): void {
  for (const folder of folders) removeTemporaryFolder(folder)
}
