/** Which files the hook changes, and that it leaves the rest alone. */

import assert from "node:assert/strict"
import { createRequire } from "node:module"
import { after, before, describe, it } from "node:test"
import { pathToFileURL } from "node:url"
import "../../src/lift/register.ts"
import { callableOf } from "../../src/internal/wire/callable.ts"
import { Laboratory } from "./harness.ts"

describe("the hook", () => {
  let laboratory: Laboratory
  before(() => {
    laboratory = new Laboratory()
  })
  after(() => laboratory.close())

  it("keeps a first line with #! and lines that end in CR LF", async () => {
    const program = [
      "#!/usr/bin/env node",
      'import { go } from "heddle"',
      "const twice = (n: number): number => n * 2",
      "export const result = await go(() => twice(",
      "  4",
      "))",
      "",
    ].join("\r\n")
    assert.equal(await laboratory.run({ "main.ts": program }), 8)
  })

  it("leaves CommonJS alone", () => {
    const main = laboratory.write({
      "package.json": "{}",
      "main.js": `const { go } = require("heddle")
        const h = { go }
        exports.fn = () => h.go(() => 1)`,
      "node_modules/heddle/package.json": '{ "name": "heddle", "main": "index.js" }',
      "node_modules/heddle/index.js": "exports.go = (fn) => fn",
    })
    const { fn } = createRequire(import.meta.url)(main.replace(/\.ts$/, ".js"))
    assert.equal(callableOf(fn()), undefined)
  })

  it("takes a file that imports or exports as a module, whatever its package says", async () => {
    const result = await laboratory.run({
      "package.json": '{ "type": "commonjs" }',
      "main.ts": `import { doubled } from "./double.ts"
        import { seven } from "./seven.js"
        import { one } from "./one.js"
        export const result: number = doubled(seven) + one`.replaceAll(/^ +/gm, ""),
      "double.ts": "export function doubled(n: number): number {\n  return 2 * n\n}\n",
      "seven.js": "export const seven = 7\n",
      "one.js": "/*\nimport nothing from here\n*/\nexports.one = require('node:os') ? 1 : 0\n",
    })
    assert.equal(result, 15)
  })

  it("leaves a file alone that only speaks of Heddle", async () => {
    const program = `export const result = 'a word in quotes: "heddle"'.length`
    assert.equal(await laboratory.run({ "main.ts": program }), 26)
  })

  it("lets Node complain about mistakes", async () => {
    const main = laboratory.write({ "main.ts": 'import { go } from "heddle"\nlet n = = 1\n' })
    await assert.rejects(import(main), SyntaxError)
  })

  it("treats a file with a query as the file", async () => {
    const main = laboratory.write({
      "main.ts": 'import { go } from "heddle"\nexport const result = await go(() => 5)\n',
    })
    const { result } = await import(`${pathToFileURL(main).href}?v=1`)
    assert.equal(result, 5)
  })

  it("refuses a part that the file does not have", async () => {
    const main = laboratory.write({
      "main.ts": 'import { go } from "heddle"\nexport const result = await go(() => 5)\n',
    })
    const part = `${pathToFileURL(main).href}?heddle=go9`
    await assert.rejects(import(part), /has no part "go9"/)
  })

  it("lifts code of packages that use Heddle", async () => {
    const result = await laboratory.run({
      "main.ts": 'export { result } from "library"',
      "node_modules/library/package.json":
        '{ "name": "library", "type": "module", "exports": "./index.js" }',
      "node_modules/library/index.js":
        'import { go } from "heddle"\nconst k = 2\nexport const result = await go(() => k)\n',
    })
    assert.equal(result, 2)
  })
})
