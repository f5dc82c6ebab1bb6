/**
 * A Chromium for tests: the one of the package `@sparticuz/chromium` where it runs (Linux on x64),
 * so that all see the same; else one that is installed. Driven by the protocol of its developer
 * tools, over a pipe.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process"
import {
  createReadStream,
  createWriteStream,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import type { Readable, Writable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { createBrotliDecompress } from "node:zlib"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))

/** Names under which it is installed. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]

/** A program, and what it needs around it. */
interface Found {
  readonly path: string
  readonly env: NodeJS.ProcessEnv
}

/** The browser; undefined where there is none. */
export async function findChromium(): Promise<Found | undefined> {
  return (await fromPackage()) ?? installed()
}

function installed(): Found | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter)
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  const path = paths.find((one) => existsSync(one))
  return path === undefined ? undefined : { path, env: process.env }
}

/** Unpacked once, beside what other runs leave; another run may be doing the same. */
async function fromPackage(): Promise<Found | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined
  const packed = packedFolder()
  if (packed === undefined) return undefined
  const path = join(ROOT, ".tmp", "chromium", "chromium")
  if (!existsSync(path)) await unpack(join(packed, "chromium.br"), path)
  if (starts({ path, env: process.env })) return { path, env: process.env }
  // What a server's Linux lacks, the package brings too.
  const libraries = join(ROOT, ".tmp", "chromium", "al2023")
  if (!existsSync(libraries)) await unpackFolder(join(packed, "al2023.tar.br"), libraries)
  const env = { ...process.env, LD_LIBRARY_PATH: join(libraries, "lib") }
  return starts({ path, env }) ? { path, env } : undefined
}

function packedFolder(): string | undefined {
  try {
    return fileURLToPath(new URL("../bin", import.meta.resolve("@sparticuz/chromium")))
  } catch {
    // Installed without what only development needs.
    return undefined
  }
}

/** Unpacks a file, unless another run has done so before it came to the end. */
export async function unpack(packed: string, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const part = `${path}.${process.pid}`
  const file = createWriteStream(part, { mode: 0o755 })
  try {
    await pipeline(createReadStream(packed), createBrotliDecompress(), file)
    // Not over one that is there: it may be starting, and comes to nothing when it is another then.
    linkSync(part, path)
  } catch (error) {
    if (!existsSync(path)) throw error
  } finally {
    rmSync(part, { force: true })
  }
}

async function unpackFolder(packed: string, folder: string): Promise<void> {
  const part = `${folder}.${process.pid}`
  mkdirSync(part, { recursive: true })
  try {
    await unpack(packed, `${part}.tar`)
    await promisify(execFile)("tar", ["-xf", `${part}.tar`, "-C", part])
    renameSync(part, folder)
  } catch (error) {
    // Unlike a file, a folder cannot take the place of another: one that is there is as good.
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(`${part}.tar`, { force: true })
    rmSync(part, { recursive: true, force: true })
  }
}

function starts({ path, env }: Found): boolean {
  return spawnSync(path, ["--version", "--no-sandbox"], { env }).status === 0
}

interface Reply {
  readonly id?: number
  readonly method?: string
  readonly sessionId?: string
  readonly params?: Record<string, never>
  readonly result?: Record<string, never>
  readonly error?: { readonly message: string }
}

interface Attached {
  readonly sessionId: string
  readonly targetInfo: { readonly type: string }
}

interface Thrown {
  readonly text: string
  readonly exception?: { readonly description?: string }
}

/** How much is kept of what it says on standard error. */
const SAID_CHARACTERS_MAX = 2_000

/** A running browser. */
export class Chromium {
  readonly #process: ChildProcess
  readonly #profile: string
  readonly #out: Writable
  readonly #asked = new Map<number, (reply: Reply) => void>()
  readonly #loading = new Map<string, () => void>()
  /** Rejects when the browser has ended: it answers nobody then. */
  readonly #ended: Promise<never>
  #last = 0
  /** What pages and their threads wrote to their consoles. */
  readonly console: string[] = []

  private constructor({ path, env }: Found) {
    this.#profile = mkdtempSync(join(tmpdir(), "heddle-chromium-"))
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    const own = ["--remote-debugging-pipe", `--user-data-dir=${this.#profile}`, "about:blank"]
    this.#process = spawn(path, [...flags, ...own], {
      env,
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    })
    const [, , errors, out, replies] = this.#process.stdio
    let said = ""
    ;(errors as Readable).setEncoding("utf8").on("data", (part: string) => {
      said = (said + part).slice(-SAID_CHARACTERS_MAX)
    })
    this.#ended = new Promise((_, reject) => {
      this.#process.once("exit", (code, signal) =>
        reject(new Error(`Chromium ended with ${signal ?? `code ${code}`}: ${said}`)),
      )
    })
    this.#ended.catch(() => {})
    this.#out = out as Writable
    // Whoever asks one that has ended learns of it by `#ended`.
    this.#out.on("error", () => {})
    let text = ""
    ;(replies as Readable).setEncoding("utf8").on("data", (part: string) => {
      const messages = (text + part).split("\0")
      text = messages.pop() as string
      for (const message of messages) this.#heard(JSON.parse(message) as Reply)
    })
  }

  /** Starts one; undefined where there is none. */
  static async start(): Promise<Chromium | undefined> {
    const found = await findChromium()
    return found === undefined ? undefined : new Chromium(found)
  }

  #heard({ id, method, sessionId = "", params, ...reply }: Reply): void {
    if (id !== undefined) this.#asked.get(id)?.(reply)
    if (method === "Page.loadEventFired") this.#loading.get(sessionId)?.()
    if (method === "Target.attachedToTarget") void this.#watch(params as unknown as Attached)
    if (method === "Runtime.consoleAPICalled") {
      const args = (params as unknown as { args: { value?: unknown; description?: string }[] }).args
      this.console.push(args.map(({ value, description }) => value ?? description).join(" "))
    }
  }

  /** Threads have consoles of their own. */
  async #watch({ sessionId, targetInfo }: Attached): Promise<void> {
    // One that has ended meanwhile has nothing to tell.
    if (targetInfo.type === "worker")
      await this.#ask("Runtime.enable", {}, sessionId).catch(() => {})
  }

  async #ask<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++this.#last
    const { promise, resolve } = Promise.withResolvers<Reply>()
    this.#asked.set(id, resolve)
    this.#out.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    const { result, error } = await Promise.race([promise, this.#ended])
    this.#asked.delete(id)
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result as T
  }

  /** Opens a page. */
  async open(url: string): Promise<Page> {
    const { targetId } = await this.#ask<{ targetId: string }>("Target.createTarget", { url: "" })
    const { sessionId } = await this.#ask<{ sessionId: string }>("Target.attachToTarget", {
      targetId,
      flatten: true,
    })
    const ask = <T>(method: string, params?: object) => this.#ask<T>(method, params, sessionId)
    const attach = { autoAttach: true, waitForDebuggerOnStart: false, flatten: true }
    await Promise.all([
      ask("Runtime.enable"),
      ask("Page.enable"),
      ask("Target.setAutoAttach", attach),
    ])
    const loaded = new Promise<void>((resolve) => this.#loading.set(sessionId, resolve))
    await ask("Page.navigate", { url })
    await Promise.race([loaded, this.#ended])
    return new Page(ask)
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#process.kill("SIGKILL")
    await this.#ended.catch(() => {})
    // Its own processes end when they see that it is gone, and may write until then.
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 30 })
  }
}

/** An open page. */
export class Page {
  readonly #ask: <T>(method: string, params?: object) => Promise<T>

  constructor(ask: <T>(method: string, params?: object) => Promise<T>) {
    this.#ask = ask
  }

  /** The value of an expression, awaited; rejects with what it throws. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#ask<{
      result: { value: T }
      exceptionDetails?: Thrown
    }>("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })
    if (exceptionDetails === undefined) return result.value
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  }
}
