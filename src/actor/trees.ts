/**
 * The supervision trees of the program: they end in order when it does, by `shutdown` or when it is
 * interrupted. Main knows all, in the order in which it heard that they began.
 */
import { after } from "#platform/clock"
import { endProgram, isMainThread, onInterrupt, warn } from "#platform/thread"
import { readPorts } from "../isolate/mesh.ts"
import { onShutdown, shutdown } from "../isolate/runtime.ts"
import { stage } from "./stage.ts"
import { announce, hearOfTrees } from "./trees-abroad.ts"

/** A tree, as the end of the program sees it. */
export interface Tree {
  readonly name: string
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
let isEnding = false

/** A tree begins. Returns what is called when it has ended. */
export function plant(tree: Tree): () => void {
  const played = stage()
  if (played !== undefined) return played.plant(tree)
  return isMainThread ? plantHere(tree) : announce(tree)
}

function plantHere(tree: Tree): () => void {
  trees.add(tree)
  if (isEnding) queueMicrotask(() => void tree.end())
  else stopListening ??= onInterrupt(interrupted)
  return () => {
    trees.delete(tree)
    if (trees.size > 0) return
    stopListening?.()
    stopListening = undefined
  }
}

/** One after the other, the last first; who begins meanwhile is asked at once. */
async function endAll(): Promise<void> {
  for (const tree of [...trees].reverse()) await tree.end()
}

function interrupted(exitCode: number): void {
  stopListening = undefined
  shutdown().then(
    () => endProgram(exitCode),
    (error: unknown) => {
      warn("interrupted", String(error))
      // A warning is written a moment later.
      after(0, () => endProgram(exitCode))
    },
  )
}

if (isMainThread) {
  hearOfTrees(plantHere)
  onShutdown({
    begin() {
      readPorts()
      isEnding = true
      void endAll()
    },
    busy: () => [...trees].flatMap((tree) => tree.names()),
    cancel: () => {
      for (const tree of trees) tree.kill()
    },
  })
}
