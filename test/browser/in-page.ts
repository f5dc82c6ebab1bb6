/** A suite whose tests call functions of a program that runs in a page. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe } from "node:test"
import { fileURLToPath } from "node:url"
import { Chromium, type Page } from "./chromium.ts"
import { bundle, type PageOptions, type Site, serve } from "./site.ts"

/** The page of a suite. */
export interface InPage {
  /** Calls an export of the program there; values cross as JSON. */
  run(name: string, ...args: readonly string[]): Promise<unknown>
  /** Opens another page with the same program. */
  open(options?: PageOptions): Promise<Page>
  /** What the server was asked for. */
  readonly requested: readonly string[]
}

/** An expression that calls an export of a page's program. */
export function calling(name: string, args: readonly string[] = []): string {
  return `program(${[name, ...args].map((arg) => JSON.stringify(arg)).join(", ")})`
}

/**
 * Tests of the program `pages/<program>.ts`. Where there is no Chromium they are not run, and say
 * so.
 */
export async function inPage(program: string, tests: (at: InPage) => void): Promise<void> {
  const chromium = await Chromium.start()
  const without = chromium === undefined && "no Chromium: not run"
  describe(`a page: ${program}`, { skip: without }, () => {
    const folder = mkdtempSync(join(tmpdir(), "heddle-page-"))
    let site: Site
    let page: Page

    before(async () => {
      const file = fileURLToPath(new URL(`pages/${program}.ts`, import.meta.url))
      await bundle({ [program]: file }, folder)
      site = await serve(folder)
      page = await chromium!.open(site.page(program))
    })

    after(async () => {
      await chromium!.close()
      await site[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    })

    tests({
      run: (name, ...args) => page.evaluate(calling(name, args)),
      open: (options) => chromium!.open(site.page(program, options)),
      get requested() {
        return site.requested
      },
    })
  })
}
