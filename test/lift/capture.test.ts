/** What closures may take from around them: each program's closures ran in another isolate. */

import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import "../../src/lift/register.ts"
import { NAMES, SHAPES } from "./closures.cases.ts"
import { Laboratory } from "./harness.ts"
import { CALLS, IDENTIFIERS, TOP_LEVEL } from "./modules.cases.ts"

const HELPERS = `
let calls = 0
export const heavy = (n: number): number => n * 2
export function count(): number { return ++calls }
export default function third(n: number) { return n / 3 }
export class Box { constructor(readonly: number) { this.n = readonly } n = 0 }
`

const GROUPS = { NAMES, SHAPES, IDENTIFIERS, TOP_LEVEL, CALLS }

describe("a closure in another isolate", () => {
  let laboratory: Laboratory
  before(() => {
    laboratory = new Laboratory()
  })
  after(() => laboratory.close())

  for (const [group, cases] of Object.entries(GROUPS)) {
    for (const { name, program, result } of cases) {
      it(`${group.toLowerCase().replace("_", " ")}: ${name}`, async () => {
        const main = `import { go, scope, parallel, channel } from "heddle"\n${program}\n`
        const found = await laboratory.run({ "main.ts": main, "helpers.ts": HELPERS })
        assert.deepEqual(found, result)
      })
    }
  }
})
