/**
 * Builds `dist/`: declarations by the compiler, code by a bundler.
 *
 * An isolate starts in a few milliseconds only if it loads few files: what every program uses is
 * one file, any other room is one more, and beside them stand the doors and the files that are
 * named by URL. The transform and the command line are compiled file by file.
 *
 * `dist/browser/` is the same for pages, over the twins of the platform that need no Node; without
 * the explorer, which watches Node's own.
 */
import { spawnSync } from "node:child_process"
import { chmodSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

const ROOT = fileURLToPath(new URL("..", import.meta.url))

/** Doors, files named by URL, and files that the transform shares with the rooms. */
const FILES = [
  "index",
  "errors",
  ...globSync("src/*/index.ts", { cwd: ROOT })
    .map((file) => file.slice("src/".length, -".ts".length))
    .filter((file) => !file.startsWith("lift/")),
  "internal/platform/entry",
  "isolate/bootstrap",
  "python/kept",
  "python/startup/maker",
  "python/thread",
  "task/entry",
  "task/chunk-run",
  "internal/wire/callable",
].filter((file) => globSync(`src/${file}.ts`, { cwd: ROOT }).length > 0)

/** Stands where `#platform/module` does, so that it finds its way to the other files. */
const SHARED = "internal/platform/runtime"

/** Files that do something when they are loaded: they are not part of what is shared. */
const ACTIVE = [
  "internal/platform/entry",
  "internal/platform/browser/entry",
  "isolate/bootstrap",
  "python/startup/maker",
  "python/thread",
  "task/entry",
]

/** What `heddle` itself exports, and what that stands on. */
const CORE = ["internal", "errors.ts", "sync", "isolate", "channel", "task", "actor"]

/** Files of the ground floor that only Python uses, and the parts of the host that they load. */
const OF_PYTHON = ["cache", "packages", "stacks", "stdio", "temporary"].map(
  (file) => `/src/internal/platform/${file}.ts`,
)

/** The room of a source, unless it is active or a door of the whole. */
function roomOf(id: string): string | undefined {
  if (ACTIVE.some((file) => id.endsWith(`/src/${file}.ts`))) return undefined
  if (OF_PYTHON.some((file) => id.endsWith(file))) return "python"
  return id.startsWith(`${ROOT}src/`) ? id.slice(ROOT.length + 4).split("/")[0] : undefined
}

/**
 * Every isolate loads the core; any other room has a file of its own, for those who use it. What
 * explores actors is loaded when there are some: it brings their room along.
 */
function chunkOf(id: string): string | null {
  if (id.startsWith(`${ROOT}src/explore/program/actors/`)) return "explore/actors"
  const room = roomOf(id)
  if (room === undefined || room === "index.ts") return null
  return CORE.includes(room) ? SHARED : `${room}/room`
}

/**
 * What stays as the compiler made it: the transform, the command line, and what they use.
 */
const COMPILED = /^dist.(lift|cli).|^dist.internal.platform.(limits|supported).js/

function compile(): void {
  const { status } = spawnSync("tsc", ["-b", "tsconfig.build.json"], {
    cwd: ROOT,
    stdio: "inherit",
  })
  if (status !== 0) process.exit(status ?? 1)
  for (const file of globSync("dist/**/*.js{,.map}", { cwd: ROOT })) {
    if (!COMPILED.test(file)) rmSync(`${ROOT}${file}`)
  }
}

/** What is bundled for one kind of host. */
interface Target {
  readonly platform: "node" | "browser"
  readonly files: readonly string[]
  /** The room that `#platform` names. */
  readonly room: string
  readonly folder: string
}

const TARGETS: readonly Target[] = [
  { platform: "node", files: FILES, room: "src/internal/platform", folder: "dist" },
  {
    platform: "browser",
    files: FILES.filter((file) => !file.startsWith("explore/")).map((file) =>
      file === "internal/platform/entry" ? "internal/platform/browser/entry" : file,
    ),
    room: "src/internal/platform/browser",
    folder: "dist/browser",
  },
]

/**
 * For the engine, which reads all of it in every isolate: text of one byte a letter, and no
 * comments. Names and lines stay, so that stacks can be read.
 */
const WRITTEN = {
  format: "esm",
  sourcemap: true,
  comments: { annotation: true, jsdoc: false, legal: false },
  minify: {
    compress: false,
    mangle: false,
    codegen: { removeWhitespace: false, asciiOnly: true },
  },
} as const

/** The hook, which every isolate of `heddle run` loads first, is one file instead of five. */
async function bundleHook(): Promise<void> {
  const build = await rolldown({
    cwd: ROOT,
    input: "src/lift/register.ts",
    platform: "node",
    resolve: { extensions: [".ts"] },
    external: /^node:/,
    treeshake: { moduleSideEffects: () => true },
  })
  await build.write({ ...WRITTEN, file: `${ROOT}dist/lift/register.js` })
  for (const end of ["js", "js.map"]) rmSync(`${ROOT}dist/lift/node-hook.${end}`, { force: true })
}

async function bundle({ platform, files, room, folder }: Target): Promise<void> {
  const build = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(files.map((file) => [file, `src/${file}.ts`])),
    platform,
    resolve: { alias: { "#platform": `${ROOT}${room}` }, extensions: [".ts"] },
    external: [/^node:/, "pyodide"],
    preserveEntrySignatures: "allow-extension",
    // A function outranks the `sideEffects` of package.json, which is a word to the bundlers of
    // users: here every import counts, also one that only installs something.
    treeshake: { moduleSideEffects: () => true },
  })
  await build.write({
    ...WRITTEN,
    dir: `${ROOT}${folder}`,
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: chunkOf, debugName: "rooms" }],
    },
  })
}

/**
 * The bundler's helper where it has a file of its own, which every other one imports: half a
 * millisecond per isolate.
 */
const HELPER = "rolldown-runtime.js"

/** Puts the helper where it is used; lines stay where they are, for the maps. */
function inlineHelper(folder: string): void {
  const path = `${ROOT}${folder}/${HELPER}`
  if (!existsSync(path)) return
  const helper = readFileSync(path, "utf8")
    .replace(/^(\/\/|export ).*$/gm, "")
    .replace(/\s*\n\s*/g, " ")
    .trim()
  for (const file of globSync(`${folder}/**/*.js`, { cwd: ROOT })) {
    const text = readFileSync(`${ROOT}${file}`, "utf8")
    const without = text
      .replace(/^import "[./]+\/rolldown-runtime\.js";$/m, "")
      .replace(/^import \{ t as __exportAll \} from "[./]+\/rolldown-runtime\.js";$/m, helper)
    if (without !== text) writeFileSync(`${ROOT}${file}`, without)
  }
  rmSync(path)
}

rmSync(`${ROOT}dist`, { recursive: true, force: true })
compile()
await bundleHook()
for (const target of TARGETS) {
  await bundle(target)
  inlineHelper(target.folder)
}
// A checkout that is linked to has the command as it is.
chmodSync(`${ROOT}dist/cli/main.js`, 0o755)
