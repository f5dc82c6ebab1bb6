/** Stacks of lifted code show the file, line and column where it was written. */

import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import "../../src/lift/register.ts"
import { callableOf } from "../../src/internal/wire/callable.ts"
import { Laboratory } from "./harness.ts"

interface Case {
  readonly name: string
  /** `$` stands before what throws. */
  readonly program: string
}

const CASES: readonly Case[] = [
  {
    name: "a closure that takes nothing",
    program: `export const run = () =>
  go(() => {
    throw $new Error("here")
  })`,
  },
  {
    name: "a closure that takes values, on one line",
    program: `export const run = (k = 1) => go(() => { throw $new Error("here" + k) })`,
  },
  {
    name: "a module-level function with types, after a comment of many lines",
    program: `/*
 * Not code.
 */
function fail<T extends string>(text: T, ...more: readonly number[]): never {
  throw $new Error(text as string)
}
export const run = () => go(() => fail<"here">("here"))`,
  },
  {
    name: "a function that uses a handle, below the closure",
    program: `const jobs = channel(1)
export const run = () => go(() => work())

class Unused {}
const work = (): void => {
  if (jobs.capacity > 0) throw $new Error("here")
}`,
  },
  {
    name: "a second declarator, and a class",
    program: `const a = 1, b = () => new Box().open()
class Box {
  open(): void { throw $new Error("here") }
}
export const run = () => go(() => a + b())`,
  },
  {
    name: "a closure within a closure",
    program: `export const run = () => go(async () => {
  const k = 2
  await go(() => {
    throw $new Error("here" + k)
  })
})`,
  },
]

describe("a stack of lifted code", () => {
  let laboratory: Laboratory
  before(() => {
    laboratory = new Laboratory()
  })
  after(() => laboratory.close())

  for (const { name, program } of CASES) {
    it(name, async () => {
      const marked = `import { go, channel } from "heddle"\n${program}\n`
      const before = marked.slice(0, marked.indexOf("$")).split("\n")
      const main = laboratory.write({ "main.ts": marked.replace("$", "") })
      const { run } = await import(main)
      const error: Error = await run().then(
        () => assert.fail("nothing was thrown"),
        (reason: Error) => reason,
      )
      const column = (before.at(-1) as string).length + 1
      const frame = error.stack?.split("\n").find((line) => line.includes("main.ts"))
      assert.ok(frame?.includes(`file://${main}:${before.length}:${column}`), error.stack)
    })
  }

  it("names what was captured, for errors", async () => {
    const program = `import { go, channel } from "heddle"
const jobs = channel(1)
const work = () => jobs
export const send = (n: number) => go(() => [n, work()])
`
    const { send } = await import(laboratory.write({ "main.ts": program }))
    const sent: unknown[] = []
    laboratory.watch = (callable) => sent.push(callable.names)
    await send(1)
    assert.deepEqual(sent, [["n", ["jobs"]]])
  })

  it("names the line of each function", async () => {
    const program = `import { go } from "heddle"

function late() {}
const early = () => 1
export const fns = () => {
  go(late).catch(() => {})
  go(early).catch(() => {})
  return [late, early]
}
`
    const { fns } = await import(laboratory.write({ "main.ts": program }))
    assert.deepEqual(
      fns().map((fn: () => void) => callableOf(fn)?.line),
      [3, 4],
    )
  })
})
