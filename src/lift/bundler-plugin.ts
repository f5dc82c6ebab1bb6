/**
 * The transform inside a bundler: `plugins: [heddle()]` in Rolldown, Rollup and Vite.
 *
 * In a build every part becomes a chunk of its own, and a name holds the address of that chunk,
 * relative to the one that asks. So does each file of this package that threads load: a page can
 * be bundled whole, with the package in it.
 *
 * In a development server, and so in vitest, nothing is bundled: names hold the addresses of the
 * source files, and isolates load these as under plain Node. For a page, names hold what the server
 * serves: the address of the file and a query.
 */

import "../internal/platform/supported.ts"
import { basename } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { type Lifted, lift } from "./lift.ts"
import { mentionsHeddle } from "./mentions.ts"
import type { Addresses } from "./naming.ts"
import { nodeAddresses, partAddress, splitPart } from "./node-addresses.ts"
import { isTyped, translated, withoutTypes } from "./types.ts"

/** What the plugin asks of the bundler; the same in Rolldown, Rollup and Vite. */
interface BuildContext {
  resolve(file: string, importer: string | undefined): Promise<{ id: string } | null>
  emitFile(file: { type: "chunk"; id: string; name: string; preserveSignature: "strict" }): string
}

interface Output {
  code: string
  map: { version: 3; sources: string[]; sourcesContent: string[]; names: never[]; mappings: string }
  moduleType?: "js"
}

/** What Vite adds: whether it asks for Node, and not for a page. */
interface Asked {
  readonly ssr?: boolean
}

/** A plugin for Rolldown, Rollup and Vite. */
export interface HeddlePlugin {
  readonly name: "heddle"
  readonly enforce: "pre"
  config(): { readonly optimizeDeps: { readonly exclude: readonly string[] } }
  configResolved(config: { command: "build" | "serve" }): void
  buildStart(): void
  resolveFileUrl(file: { referenceId: string | null; relativePath: string }): string | undefined
  resolveId(
    this: BuildContext,
    id: string,
    importer: string | undefined,
  ): Promise<string | undefined>
  load(this: BuildContext, id: string, asked?: Asked): Output | undefined
  transform(this: BuildContext, code: string, id: string, asked?: Asked): Output | undefined
}

const SCRIPT = /\.[cm]?[jt]s$/

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js"

const REGISTER = import.meta.resolve(`./register${EXTENSION}`)

/** Where the files of this package lie that may be bundled with a program; the inner one first. */
const OWN_FOLDERS = ["../browser/", "../"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)

/** How those files name others that threads load. */
const OWN_ADDRESS = /\bownUrl\("([\w/-]+)"\)/g

/**
 * Names closures while a program is bundled, so that isolates find them in the bundle.
 *
 * @throws {CaptureError} during the build, when a closure captures what cannot cross
 * @example
 * import { heddle } from "heddle/bundler"
 * export default { plugins: [heddle()] }
 */
export function heddle(): HeddlePlugin {
  const build = new Build()
  return {
    name: "heddle",
    enforce: "pre",
    // A development server would copy the package into one file, in which threads find none of it.
    config: () => ({ optimizeDeps: { exclude: ["heddle"] } }),
    configResolved({ command }) {
      build.isServing = command === "serve"
    },
    buildStart() {
      build.clear()
    },
    resolveFileUrl({ referenceId, relativePath }) {
      if (referenceId === null || !build.hasChunk(referenceId)) return undefined
      return `new globalThis.URL(${JSON.stringify(relativePath)}, import.meta.url).href`
    },
    async resolveId(id, importer) {
      const place = splitPart(id)
      if (place === undefined || build.knows(place.file)) return place && id
      // A page asks for it by the address under which the server has the file.
      const file = await this.resolve(place.file, importer)
      return file === null ? id : partAddress(file.id, place.part)
    },
    load(id, { ssr = false } = {}) {
      build.isForPage = build.isServing && !ssr
      return build.part(this, id)
    },
    transform(code, id, { ssr = false } = {}) {
      if (!SCRIPT.test(id)) return undefined
      build.isForPage = build.isServing && !ssr
      const folder = OWN_FOLDERS.find((own) => id.startsWith(own))
      if (folder !== undefined) return build.own(this, code, id, folder)
      return mentionsHeddle(code) ? build.main(this, code, id) : undefined
    },
  }
}

/** The modules of one build, and the chunks that were asked for. */
class Build {
  isServing = false
  /** What is served now is for a page, not for Node. */
  isForPage = false
  readonly #modules = new Map<string, { lifted: Lifted; source: string }>()
  readonly #chunks = new Map<string, string>()

  clear(): void {
    this.#modules.clear()
    this.#chunks.clear()
  }

  knows(file: string): boolean {
    return this.#modules.has(file)
  }

  hasChunk(reference: string): boolean {
    return [...this.#chunks.values()].includes(reference)
  }

  main(context: BuildContext, source: string, id: string): Output | undefined {
    const lifted = lift(plainText(source, id), id, source)
    if (lifted === undefined) return undefined
    this.#modules.set(id, { lifted, source })
    const code = lifted.main(this.#addresses(context, id))
    return mapped(this.isServing ? ACTIVATE + code : code, id, source)
  }

  part(context: BuildContext, id: string): Output | undefined {
    const { file = "", part = "" } = splitPart(id) ?? {}
    const module = this.#modules.get(file)
    if (module === undefined) return undefined
    const code = module.lifted.part(part, this.#addresses(context, file))
    return { ...mapped(code, file, module.source), moduleType: "js" }
  }

  /** A file of this package: the files that it names become chunks. */
  own(context: BuildContext, source: string, id: string, folder: string): Output | undefined {
    if (this.isServing || source.search(OWN_ADDRESS) < 0) return undefined
    const code = source.replace(OWN_ADDRESS, (_, path: string) => {
      const name = `heddle.${path.replaceAll("/", ".")}`
      const reference = this.#emit(context, `${folder}${path}${EXTENSION}`, name)
      return `new globalThis.URL(import.meta.ROLLUP_FILE_URL_${reference})`
    })
    return mapped(code, id, source)
  }

  #addresses(context: BuildContext, file: string): Addresses {
    if (this.isForPage) return pageAddresses(file)
    if (this.isServing) return nodeAddresses(pathToFileURL(file).href)
    return {
      urlOf: (part) => `import.meta.ROLLUP_FILE_URL_${this.#chunk(context, file, part)}`,
      specifierOf: (part) => partAddress(file, part),
      fileUrl: undefined,
    }
  }

  #chunk(context: BuildContext, file: string, part: string): string {
    const name = `${basename(file).replace(SCRIPT, "")}.${part}`
    return this.#emit(context, partAddress(file, part), name)
  }

  #emit(context: BuildContext, id: string, name: string): string {
    const known = this.#chunks.get(id)
    if (known !== undefined) return known
    const reference = context.emitFile({ type: "chunk", id, name, preserveSignature: "strict" })
    this.#chunks.set(id, reference)
    return reference
  }
}

/** Addresses of the parts of a file that a development server serves. */
function pageAddresses(file: string): Addresses {
  return {
    urlOf: (part) =>
      `new globalThis.URL(${JSON.stringify(partAddress("", part))},import.meta.url).href`,
    specifierOf: (part) => partAddress(file, part),
    fileUrl: undefined,
  }
}

/** Tells Node's runtime to start isolates with the hook, for the names are of source files. */
const ACTIVATE = `globalThis[Symbol.for("heddle.register")]??=${JSON.stringify(REGISTER)};`

function plainText(code: string, file: string): string {
  if (!isTyped(file)) return code
  try {
    return withoutTypes(code)
  } catch {
    return translated(code, file)
  }
}

/** Lines stay what they were; a map says so. */
function mapped(code: string, file: string, source: string): Output {
  const lines = code.split("\n").length
  const mappings = `AAAA${";AACA".repeat(lines - 1)}`
  return {
    code,
    map: { version: 3, sources: [file], sourcesContent: [source], names: [], mappings },
  }
}

/** The plugin, for configurations that import a default. */
export default heddle
