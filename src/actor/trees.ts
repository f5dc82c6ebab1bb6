/**
 * The supervision trees of main: they end in order when the program does, by `shutdown` or when it
 * is interrupted.
 */
import { endProgram, isMainThread, onInterrupt, warn } from "#platform/thread"
import { onShutdown, shutdown } from "../isolate/runtime.ts"
import { stage } from "./stage.ts"

/** A tree, as the end of the program sees it. */
export interface Tree {
  /** Asks it to end, in its order; resolves when it has. */
  end(): Promise<void>
  /** Ends it at once. */
  kill(): void
  /** Names of what has not ended. */
  names(): string[]
}

/** In the order they began. */
const trees = new Set<Tree>()
let stopListening: (() => void) | undefined

/** A tree has begun. Returns what is called when it has ended. */
export function plant(tree: Tree): () => void {
  const played = stage()
  if (played !== undefined) return played.plant(tree)
  trees.add(tree)
  if (isMainThread) stopListening ??= onInterrupt(interrupted)
  return () => {
    trees.delete(tree)
    if (trees.size > 0) return
    stopListening?.()
    stopListening = undefined
  }
}

/** One after the other, the last first. */
async function endAll(): Promise<void> {
  for (const tree of [...trees].reverse()) await tree.end()
}

function interrupted(exitCode: number): void {
  stopListening = undefined
  shutdown().then(
    () => endProgram(exitCode),
    (error: unknown) => {
      warn("interrupted", error)
      endProgram(exitCode)
    },
  )
}

if (isMainThread) {
  onShutdown({
    begin: () => void endAll(),
    busy: () => [...trees].flatMap((tree) => tree.names()),
    cancel: () => {
      for (const tree of trees) tree.kill()
    },
  })
}
