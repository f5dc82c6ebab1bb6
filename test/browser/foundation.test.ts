/** The foundation in a real browser: a page and its threads, over shared memory. */
import assert from "node:assert/strict"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, it } from "node:test"
import { fileURLToPath } from "node:url"
import { Chromium, type Page } from "./chromium.ts"
import { bundle, type Site, serve } from "./site.ts"

const PROGRAM = fileURLToPath(new URL("pages/foundation.ts", import.meta.url))

const chromium = await Chromium.start()

describe("a page", { skip: chromium === undefined && "no Chromium: not run" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "heddle-page-"))
  let site: Site
  let page: Page

  before(async () => {
    await bundle({ foundation: PROGRAM }, folder)
    site = await serve(folder)
    page = await chromium!.open(site.page("foundation"))
  })

  after(async () => {
    await chromium!.close()
    await site[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  const run = (name: string): Promise<unknown> => page.evaluate(`program("${name}")`)

  it("starts isolates", async () => {
    const running = [0, 1, 2].map((id) => [id, "running"])
    assert.deepEqual(await run("begins"), running)
  })

  it("runs closures, functions of its module and loops in them; errors come back", async () => {
    const error = ["RangeError", "no", undefined]
    const [closure, fn, squares, elsewhere, thrown] = (await run("tasks")) as unknown[]
    assert.deepEqual([closure, fn, squares, elsewhere], [42, 610, [1, 4, 9, 16], true])
    assert.deepEqual((thrown as unknown[]).slice(0, 2), error.slice(0, 2))
  })

  it("cancels them", async () => {
    assert.equal(((await run("cancelled")) as unknown[])[2], "ERR_HEDDLE_TASK_CANCELLED")
  })

  it("sends text as it is", async () => assert.equal(await run("texts"), true))

  it("exchanges messages over channels", async () => assert.equal(await run("channels"), true))

  it("lets isolates block, and refuses to block itself", async () => {
    const [sum, refused] = (await run("blocking")) as [number, string[]]
    assert.deepEqual([sum, refused[2]], [9900, "ERR_HEDDLE_BLOCKING_NOT_ALLOWED"])
  })

  it("shares locks and memory", async () => assert.equal(await run("locks"), 400))

  it("moves buffers there and back", async () => {
    assert.deepEqual(await run("moved"), [0, 1 << 20, 7, 8])
  })

  it("has actors", async () => assert.equal(await run("actors"), 42))

  it("learns how isolates end, and starts others", async () => {
    const [failed, closed, killed, after] = (await run("deaths")) as [string[], string[], string[]]
    assert.match(failed[1] as string, /uncaught error with code 1: uncaught/)
    assert.equal(closed[2], "ERR_HEDDLE_ISOLATE_DIED")
    assert.equal(killed[2], "ERR_HEDDLE_TIMEOUT")
    assert.equal(after, "another lives")
  })

  it("says what headers it lacks", async () => {
    const bare = await chromium!.open(site.page("foundation", false))
    await assert.rejects(
      bare.evaluate('program("begins")'),
      /NotCrossOriginIsolatedError: .*Cross-Origin-Opener-Policy: same-origin/,
    )
  })
})
