/** A built program names the chunks of the bundle, and another isolate runs them without a hook. */

import assert from "node:assert/strict"
import { readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { after, before, describe, it } from "node:test"
import { rolldown } from "rolldown"
import { build, createServer } from "vite"
import { heddle } from "../../src/lift/bundler-plugin.ts"
import { type Files, Laboratory } from "./harness.ts"

const PROGRAM: Files = {
  "main.ts": `import { go, scope, parallel, channel } from "heddle"
import { heavy } from "./helpers.ts"
globalThis.bundleRan = (globalThis.bundleRan ?? 0) + 1
enum Kind { One = 1, Two }
const jobs = channel(4)
const RATE: number = 3
function work(n: number) { return heavy(n) * RATE + jobs.capacity }
const twice = (n: number): number => (n === 0 ? 0 : 2 + twice(n - 1))
async function main(k: number) {
  return [
    await go(() => work(k)),
    await go(twice, 5),
    await go(heavy, 5),
    await go(() => globalThis.bundleRan ?? "never"),
    await scope((s) => s.go(async () => await go(() => k + jobs.capacity))),
    await parallel.map([1, 2], (n) => n * Kind.Two),
  ]
}
export const result = await main(1)
`,
  "helpers.ts": "export const heavy = (n: number): number => n * 2\n",
}

const RESULT = [10, 10, 10, "never", 5, [2, 4]]

describe("heddle/bundler", () => {
  let laboratory: Laboratory
  before(() => {
    laboratory = new Laboratory({ hook: false })
  })
  after(() => laboratory.close())

  it("builds with Rolldown", async () => {
    const input = laboratory.write(PROGRAM)
    const dir = join(dirname(input), "dist")
    const bundle = await rolldown({ input, plugins: [heddle()], platform: "node" })
    await bundle.write({ dir, format: "es" })
    await bundle.close()
    assert.deepEqual((await import(join(dir, "main.js"))).result, RESULT)
    assert.ok(readdirSync(dir).some((name) => name.startsWith("main.go0")))
  })

  it("builds with Rolldown, minified", async () => {
    const input = laboratory.write(PROGRAM)
    const dir = join(dirname(input), "dist")
    const bundle = await rolldown({ input, plugins: [heddle()], platform: "node" })
    await bundle.write({ dir, format: "es", minify: true })
    await bundle.close()
    assert.deepEqual((await import(join(dir, "main.js"))).result, RESULT)
  })

  it("builds with Vite", async () => {
    const entry = laboratory.write(PROGRAM)
    const root = dirname(entry)
    await build({
      root,
      configFile: false,
      logLevel: "error",
      plugins: [heddle()],
      ssr: { noExternal: true },
      build: { ssr: entry, outDir: "dist", rolldownOptions: { output: { format: "es" } } },
    })
    assert.deepEqual((await import(join(root, "dist/main.js"))).result, RESULT)
  })

  it("serves a page its module and the parts of it, in Vite's development server", async () => {
    const root = dirname(laboratory.write(PROGRAM))
    await using server = await createServer({
      root,
      configFile: false,
      logLevel: "error",
      appType: "custom",
      plugins: [heddle()],
      optimizeDeps: { noDiscovery: true },
      server: { middlewareMode: true, ws: false, watch: null },
    }).then((made) => Object.assign(made, { [Symbol.asyncDispose]: () => made.close() }))
    assert.ok(server.config.optimizeDeps.exclude?.includes("heddle"))
    const main = await server.transformRequest("/main.ts")
    const address = /new globalThis\.URL\("(\?heddle=go0)",\s*import\.meta\.url\)/.exec(main!.code)
    assert.ok(address !== null)
    const part = await server.transformRequest(`/main.ts${address[1]}`)
    assert.match(part!.code, /export .*go0/)
    assert.doesNotMatch(part!.code, /bundleRan = /)
  })

  it("refuses while building what cannot cross", async () => {
    const program = `import { go } from "heddle"
let n = 0
n++
go(() => n)
`
    const input = laboratory.write({ "main.ts": program })
    const bundle = await rolldown({ input, plugins: [heddle()], platform: "node" })
    await assert.rejects(bundle.generate(), /main\.ts:4:10: n is assigned again in line 3/)
    await bundle.close()
  })
})
