/** Whole programs on the real runtime: every kind of file, under Node, tsx and vitest. */

import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { after, describe, it } from "node:test"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { rolldown } from "rolldown"
import { heddle } from "../../src/lift/bundler-plugin.ts"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const TSX = fileURLToPath(import.meta.resolve("tsx"))
const VITEST = join(
  dirname(fileURLToPath(import.meta.resolve("vitest/package.json"))),
  "vitest.mjs",
)

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), "heddle-programs-"))
let count = 0

/** A folder with these files, where `heddle` is this package. */
function project(files: Readonly<Record<string, string>>): string {
  const project = join(folder, `program-${count++}`)
  mkdirSync(join(project, "node_modules"), { recursive: true })
  symlinkSync(ROOT, join(project, "node_modules/heddle"))
  for (const name of ["vitest", "vite"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(project, "node_modules", name))
  }
  writeFileSync(join(project, "package.json"), '{ "type": "module" }')
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text)
  return project
}

async function output(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ["--conditions=source", ...args], { cwd })
  return stdout
}

const TYPED = `
import { go, channel } from "heddle"
import { heavy } from "./helpers.mjs"
const jobs = channel<number>(4)
const base: number = 40
const add = (a: number, b: number): number => a + b
async function drain(factor: number) {
  let sum = 0
  for await (const job of jobs) sum += job * factor
  return sum
}
const sum = go(drain, 10)
for (let i = 0; i < 4; i++) await jobs.send(i)
jobs.close()
const k = heavy(1)
console.log(await sum, await go(() => add(base, k)), await go(heavy, 4), await go(add, 1, 2))
`

const PLAIN = TYPED.replace(/: number|<number>/g, "")
const HELPERS = { "helpers.mjs": "export const heavy = (n) => n * 2\n" }
const EXPECTED = "60 42 8 3\n"

describe("a lifted program", () => {
  after(() => rmSync(folder, { recursive: true, force: true }))

  for (const [name, text] of [
    ["main.ts", TYPED],
    ["main.mts", TYPED],
    ["main.js", PLAIN],
    ["main.mjs", PLAIN],
  ] as const) {
    it(`runs as ${name} under Node`, async () => {
      const cwd = project({ [name]: text, ...HELPERS })
      assert.equal(await output(cwd, "--import", "heddle/register", name), EXPECTED)
    })
  }

  it("loads the module of a class that only a type names, and of no import type", async () => {
    const registers = (name: string) => `import { sendable } from "heddle"
export class Money { amount = 3 }
const [encode, decode] = [(money: Money) => money.amount, () => new Money()]
sendable(Money, { id: "${name}", encode, decode })
`
    const main = `import { go } from "heddle"
import { Money } from "./money.ts"
import { Money as Coin } from "./coin.ts"
import type { Money as Note } from "./note.ts"
import { Money as MadeNote } from "./note.ts"
const notes: readonly Note[] = [new MadeNote()]
const price = await go((money: Money) => money.amount, new Money())
const sum = await go((coins: Map<string, Coin[]>) => coins.get("a")![0].amount,
  new Map([["a", [new Coin()]]]))
console.log(price, sum, await go((n: readonly Note[]) => n.length, notes).catch((e) => e.name))
`
    const modules = ["money", "coin", "note"].map((name) => [`${name}.ts`, registers(name)])
    const cwd = project({ "main.ts": main, ...Object.fromEntries(modules) })
    const printed = await output(cwd, "--import", "heddle/register", "main.ts")
    assert.equal(printed, "3 3 UnknownClassError\n")
  })

  it("runs under tsx, with what only tsx understands", async () => {
    const program = TYPED.replace("add(base, k)", "add(base, k) * Kind.One")
    const main = `enum Kind { Zero, One }\n${program}`
    const cwd = project({ "main.ts": main, ...HELPERS })
    const args = ["--import", TSX, "--import", "heddle/register", "main.ts"]
    assert.equal(await output(cwd, ...args), EXPECTED)
  })

  it("runs under a Node that translates enums", async () => {
    const program = TYPED.replace("add(base, k)", "add(base, k) * Kind.One")
    const main = `enum Kind { Zero, One }\n${program}`
    const cwd = project({ "main.ts": main, ...HELPERS })
    const flags = ["--experimental-transform-types", "--disable-warning=ExperimentalWarning"]
    const args = [...flags, "--import", "heddle/register", "main.ts"]
    assert.equal(await output(cwd, ...args), EXPECTED)
  })

  it("runs under tsx, JSX included", async () => {
    const view = "const view = <b>{base}</b>\nif (view.inside !== base) throw new Error()\n"
    const factory = "const h = (tag: string, _: null, inside: number) => ({ tag, inside })\n"
    const cwd = project({ "main.tsx": `/** @jsx h */\n${factory}${TYPED}${view}`, ...HELPERS })
    const args = ["--import", TSX, "--import", "heddle/register", "main.tsx"]
    assert.equal(await output(cwd, ...args), EXPECTED)
  })

  it("runs its first text in every isolate, though the file has changed since", async () => {
    const main = `import { writeFileSync } from "node:fs"
import { go } from "heddle"
writeFileSync(import.meta.filename, "this is no module any more")
console.log(await go(() => 6 * 7))
`
    const cwd = project({ "main.ts": main })
    assert.equal(await output(cwd, "--import", "heddle/register", "main.ts"), "42\n")
  })

  it("says where a refused capture stands, and loads nothing", async () => {
    const main = `import { go } from "heddle"
console.log("loaded")
let n = 0
n++
await go(() => n)
`
    const cwd = project({ "main.ts": main })
    await assert.rejects(output(cwd, "--import", "heddle/register", "main.ts"), (error) => {
      const { stdout, stderr } = error as unknown as { stdout: string; stderr: string }
      assert.equal(stdout, "")
      assert.match(stderr, /main\.ts:5:16: n is assigned again in line 4/)
      return true
    })
  })

  it("is refused without the transform, with what to do", async () => {
    const cwd = project({ "main.ts": 'import { go } from "heddle"\nawait go(() => 1)\n' })
    await assert.rejects(output(cwd, "main.ts"), /heddle run app\.ts/)
  })

  it("says what to do about a closure that comes through a helper, or from CommonJS", async () => {
    const helper = `import { go } from "heddle"
const later = (fn: () => number) => go(fn)
const k = 3
await later(() => k + 1)
`
    const common = 'const { go } = require("heddle")\ngo(() => 1)\n'
    const cwd = project({ "main.ts": helper, "main.cjs": common })
    for (const [name, text, line] of [
      ["main.ts", "() => k + 1", "main.ts:4"],
      ["main.cjs", "() => 1", "main.cjs:2"],
    ] as const) {
      await assert.rejects(output(cwd, "--import", "heddle/register", name), (error) => {
        const { stderr } = error as unknown as { stderr: string }
        assert.ok(stderr.includes(`cannot find \`${text}\``), stderr)
        assert.match(stderr, /Call `go` where the function is written/)
        assert.ok(stderr.includes(line), stderr)
        return true
      })
    }
  })

  it("runs as a bundle, without a hook", async () => {
    const cwd = project({ "main.ts": TYPED, ...HELPERS })
    const bundle = await rolldown({
      input: join(cwd, "main.ts"),
      external: ["heddle"],
      plugins: [heddle()],
      platform: "node",
    })
    await bundle.write({ dir: join(cwd, "dist"), format: "es" })
    await bundle.close()
    rmSync(join(cwd, "main.ts"))
    assert.equal(await output(cwd, "dist/main.js"), EXPECTED)
  })

  it("runs in vitest, closures of the test file included", async () => {
    const test = `import { go } from "heddle"
import { expect, it } from "vitest"
import { twice } from "./twice.ts"
const base = 40
const early = await go(() => base * 2)
function add(a: number, b: number) { return a + b }
it("works", async () => {
  const k: number = 2
  expect(await go(() => add(base, k))).toBe(42)
  expect(await twice(4)).toBe(8)
  expect(early).toBe(80)
})
`
    const twice = `import { go } from "heddle"
export const twice = (n: number) => go(() => n * 2)
`
    const config = `import { heddle } from "heddle/bundler"
export default {
  plugins: [heddle()],
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: { execArgv: ["--conditions=source"], include: ["*.test.ts"], testTimeout: 60_000 },
}
`
    const cwd = project({ "a.test.ts": test, "twice.ts": twice, "vitest.config.mjs": config })
    const text = await output(cwd, VITEST, "run", "--configLoader", "native", "--no-color")
    assert.match(text, /1 passed/)
  })
})
