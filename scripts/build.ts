/**
 * Builds `dist/`: declarations by the compiler, code by a bundler.
 *
 * An isolate starts in a few milliseconds only if it loads a few files: all that the rooms share is
 * one file, and beside it stand the doors and the files that are named by URL.
 */
import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

const ROOT = fileURLToPath(new URL("..", import.meta.url))

/**
 * Doors of the package, files that other files name by URL, and files whose place matters to them.
 */
const FILES = [
  "index",
  "channel/index",
  "task/index",
  "sync/index",
  "isolate/index",
  "isolate/bootstrap",
  "isolate/roster",
  "task/entry",
  "task/task",
  "task/chunk-run",
]

function isShared(id: string): boolean {
  return !FILES.some((file) => id.endsWith(`/src/${file}.ts`))
}

/** The transform and the command line are programs of their own: they are compiled file by file. */
function compile(): void {
  const { status } = spawnSync("tsc", ["-b", "tsconfig.build.json"], {
    cwd: ROOT,
    stdio: "inherit",
  })
  if (status !== 0) process.exit(status ?? 1)
}

async function bundle(): Promise<void> {
  const build = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(FILES.map((file) => [file, `src/${file}.ts`])),
    platform: "node",
    resolve: { alias: { "#platform": `${ROOT}src/internal/platform` }, extensions: [".ts"] },
    external: [/^node:/],
    preserveEntrySignatures: "allow-extension",
    treeshake: { moduleSideEffects: true },
  })
  await build.write({
    dir: "dist",
    format: "esm",
    sourcemap: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    codeSplitting: { groups: [{ name: "runtime", test: isShared }] },
  })
}

rmSync(`${ROOT}dist`, { recursive: true, force: true })
compile()
await bundle()
