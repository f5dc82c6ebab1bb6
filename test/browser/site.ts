/** Pages for tests: a program bundled as a user would bundle it, and a server for it. */
import { readFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"
import { heddle } from "../../src/lift/bundler-plugin.ts"

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
}

/** What lets a page share memory with its threads. */
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
}

const PYODIDE = fileURLToPath(new URL(".", import.meta.resolve("pyodide/package.json")))

/** Bundles the programs, by name, into `folder`. */
export async function bundle(input: Record<string, string>, folder: string): Promise<void> {
  const build = await rolldown({
    input,
    platform: "browser",
    plugins: [heddle()],
    // Of the package as it is published one file installs all; of its sources each does its part.
    treeshake: { moduleSideEffects: () => true },
    resolve: { conditionNames: ["source", "browser", "import"] },
    onLog: (_, { message }) => {
      throw new Error(message)
    },
  })
  await build.write({ dir: folder, format: "es", entryFileNames: "[name].js" })
  await build.close()
}

const IMPORT_MAP = `<script type="importmap">
{ "imports": { "pyodide": "/pyodide/pyodide.mjs" } }
</script>`

function html(program: string, packages: boolean): string {
  return `<!doctype html><title>Heddle</title>${packages ? IMPORT_MAP : ""}
<script type="module">
const loading = import("/bundle/${program}.js")
loading.catch(() => {})
globalThis.program = async (name, ...args) => (await loading)[name](...args)
</script>`
}

/** What a page has, unless it is taken away. */
export interface PageOptions {
  /** The headers that let it share memory. */
  readonly isolated?: boolean
  /** The import map that says where packages are. */
  readonly packages?: boolean
}

/** A running server. */
export interface Site extends AsyncDisposable {
  /** Address of the page with a program. */
  page(program: string, options?: PageOptions): string
  /** Paths that were asked for. */
  readonly requested: readonly string[]
}

/** Serves what `bundle` wrote into `folder`, and Pyodide as npm has it. */
export async function serve(folder: string): Promise<Site> {
  const requested: string[] = []
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost")
    const [, place = "", ...rest] = pathname.split("/")
    const headers = searchParams.has("bare") ? {} : ISOLATED
    requested.push(pathname)
    if (place === "page") {
      response.writeHead(200, { ...headers, "Content-Type": TYPES[".html"] })
      response.end(html(rest.join("/"), !searchParams.has("alone")))
      return
    }
    const file = join(place === "pyodide" ? PYODIDE : folder, ...rest)
    try {
      const bytes = await readFile(file)
      response.writeHead(200, { ...headers, "Content-Type": TYPES[extname(file)] ?? "text/plain" })
      response.end(bytes)
    } catch {
      response.writeHead(404, headers).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    requested,
    page: (program, { isolated = true, packages = true } = {}) =>
      `http://127.0.0.1:${port}/page/${program}?${isolated ? "" : "bare"}${packages ? "" : "alone"}`,
    [Symbol.asyncDispose]: () => closed(server),
  }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
