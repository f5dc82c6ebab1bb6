/** What closures may take from around them: each program runs, and another isolate ran its closures. */

import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import "../../src/lift/register.ts"
import { type Files, Laboratory } from "./harness.ts"

interface Case {
  readonly name: string
  /** The program after `import { go, scope, parallel, channel } from "heddle"`. */
  readonly program: string
  readonly result: unknown
  readonly files?: Files
}

const HELPERS = `
let calls = 0
export const heavy = (n: number): number => n * 2
export function count(): number { return ++calls }
export default function third(n: number) { return n / 3 }
export class Box { constructor(readonly: number) { this.n = readonly } n = 0 }
`

const NAMES: readonly Case[] = [
  {
    name: "a closure that takes nothing",
    program: `export const result = await go(() => 6 * 7)`,
    result: 42,
  },
  {
    name: "arguments beside the closure",
    program: `export const result = await go((a: number, b: number) => a - b, 5, 3)`,
    result: 2,
  },
  {
    name: "a constant and a parameter of the function around",
    program: `function run(n: number) { const k = 3; return go(() => n * k) }
      export const result = await run(4)`,
    result: 12,
  },
  {
    name: "an import, under another local name",
    program: `import { heavy as twice } from "./helpers.ts"
      const k = 3
      export const result = await go(() => twice(k))`,
    result: 6,
  },
  {
    name: "a default import and a namespace",
    program: `import third, * as all from "./helpers.ts"
      export const result = await go(() => third(9) + all.heavy(1))`,
    result: 5,
  },
  {
    name: "a module-level function and what it calls",
    program: `const RATE = 0.5
      function half(n: number) { return n * RATE }
      const twice = (n: number) => half(n) * 4
      export const result = await go(() => twice(10))`,
    result: 20,
  },
  {
    name: "a module-level class that extends another",
    program: `class Animal { sound() { return "?" } }
      class Dog extends Animal { name = "rex"; override sound() { return this.name + super.sound() } }
      export const result = await go(() => new Dog().sound())`,
    result: "rex?",
  },
  {
    name: "functions that call each other, declared below",
    program: `export const result = await go(() => isEven(7))
      function isEven(n: number): boolean { return n === 0 || isOdd(n - 1) }
      function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1) }`,
    result: false,
  },
  {
    name: "a module-level let that nobody assigns",
    program: `let limit = 9
      export const result = await go(() => limit)`,
    result: 9,
  },
  {
    name: "the counter of a for loop, of this round",
    program: `const found: Promise<number>[] = []
      for (let i = 0; i < 3; i++) found.push(go(() => i * 10))
      export const result = await Promise.all(found)`,
    result: [0, 10, 20],
  },
  {
    name: "the variable of a for-of loop",
    program: `const found: Promise<string>[] = []
      for (const [key, { n }] of Object.entries({ a: { n: 1 }, b: { n: 2 } })) found.push(go(() => key + n))
      export const result = await Promise.all(found)`,
    result: ["a1", "b2"],
  },
  {
    name: "the error of a catch",
    program: `let found
      try { throw new TypeError("oh") } catch (error) { found = await go(() => (error as Error).message) }
      export const result = found`,
    result: "oh",
  },
  {
    name: "destructured parameters with defaults",
    program: `function run({ a, rest: [b = 5, ...others] }: any, c = a + 1) { return go(() => [a, b, others, c]) }
      export const result = await run({ a: 1, rest: [undefined, 3, 4] })`,
    result: [1, 5, [3, 4], 2],
  },
  {
    name: "names that the closure hides are its own",
    program: `const n = 1
      function run(k: number) { return go((k: number) => { const n = 10; { const k = 3; return n + k } }, k) }
      export const result = await run(1)`,
    result: 13,
  },
  {
    name: "a local name that hides a module-level one",
    program: `const base = channel(1)
      const label = (n: number) => [base.capacity, n]
      function run(base: number) { return go(() => [label(base), base]) }
      export const result = await run(7)`,
    result: [[1, 7], 7],
  },
  {
    name: "var, hoisted and assigned once",
    program: `function run() { { var n = 4 } return go(() => n) }
      export const result = await run()`,
    result: 4,
  },
  {
    name: "the shorthand of an object",
    program: `function run(a: number) { const b = a + 1; return go(() => ({ a, b })) }
      export const result = await run(1)`,
    result: { a: 1, b: 2 },
  },
]

const SHAPES: readonly Case[] = [
  {
    name: "async, generator, async generator and named function expressions",
    program: `const k = 2
      const all = [
        await go(async () => k),
        await go(function* () { yield k }).then(() => 3, () => 4),
        await go(async function () { return await Promise.resolve(k + 3) }),
        await go(function fact(n: number): number { return n < 2 ? 1 : n * fact(n - 1) }, 4),
      ]
      export const result = all`,
    result: [2, 4, 5, 24],
  },
  {
    name: "labels, loops, switches and catch inside",
    program: `export const result = await go((n: number) => {
        outer: for (let i = 0; ; i++) { for (const j of [1, 2, 3]) { if (i * j > n) break outer; if (j === 2) continue outer } }
        switch (n) { case 3: { let n = 1; n++; return n } default: try { throw 1 } catch { return 0 } }
      }, 3)`,
    result: 2,
  },
  {
    name: "a class inside with fields, statics, private names, accessors and this",
    program: `export const result = await go((n: number) => {
        class Sum { static made = 0; #total = n; static { Sum.made += 1 } get total() { return this.#total } add = (k: number) => { this.#total += k; return this } }
        return [new Sum().add(2).total, Sum.made, function (this: unknown) { return this === undefined }()]
      }, 5)`,
    result: [7, 1, true],
  },
  {
    name: "types of every kind",
    program: `import type { Box } from "./helpers.ts"
      import { type Box as Other, heavy } from "./helpers.ts"
      interface Options<T = number> { readonly value: T }
      type Pair<T> = [T, T]
      function twice(n: number): number
      function twice(n: string): string
      function twice(n: any): any { return n + n }
      const options = { value: 4 } as const satisfies Options
      function run<T extends number>(this: void, value: T, box?: Box | Other) {
        return go(<U,>(extra: U): Pair<unknown> => [twice(value as number), (heavy(options!.value) satisfies number) as unknown as U ?? extra], 1)
      }
      export const result = await run<5>(5)`,
    result: [10, 8],
  },
  {
    name: "an arrow with an object for a body, over several lines",
    program: `const k = 1
      export const result = await go(
        // a comment, (with brackets
        (n: number) => ({
          sum: n + k, // another
        }),
        2,
      )`,
    result: { sum: 3 },
  },
  {
    name: "a conditional argument",
    program: `const wide = true
      function run(k: number) { return go(wide ? (n: number) => n + k : (n: number) => n - k, 5) }
      export const result = await run(2)`,
    result: 7,
  },
  {
    name: "a closure in a default parameter and in a class method",
    program: `class Runner { k = 4; run(n: number, found = go(() => n * 2)) { const { k } = this; return Promise.all([found, go(() => k + n)]) } }
      export const result = await new Runner().run(3)`,
    result: [6, 7],
  },
  {
    name: "closures within closures within closures",
    program: `import { heavy } from "./helpers.ts"
      const jobs = channel(8)
      function add(a: number, b: number) { return heavy(a) + b + jobs.capacity }
      function run(a: number) { return go(async () => { const b = 2; return await go(async () => { const c = 3; return await go(() => add(a, b) + c) }) }) }
      export const result = await run(1)`,
    result: 15,
  },
  {
    name: "using, for await, optional chains, templates and regular expressions",
    program: `const tag = /b+/g
      export const result = await go(async (text?: string) => {
        using guard = { [Symbol.dispose]() {} }
        for await (const part of [\`a\${text?.length ?? "-"}b\`]) return part.replace(tag, "c") + typeof guard
      })`,
    result: "a-cobject",
  },
  {
    name: "import.meta.url means the file",
    program: `const { url } = import.meta
      export const result = (await go(() => import.meta.url)) === url`,
    result: true,
  },
  {
    name: "import() relative to the file",
    program: `export const result = await go(async () => (await import("./helpers.ts")).heavy(21))`,
    result: 42,
  },
]

const IDENTIFIERS: readonly Case[] = [
  {
    name: "a function declaration by name",
    program: `export const result = await go(fib, 10)
      function fib(n: number): number { return n < 2 ? n : fib(n - 1) + fib(n - 2) }`,
    result: 55,
  },
  {
    name: "a module-level arrow by name keeps its name",
    program: `const twice = (n: number) => n * 2
      export const result = [await go(twice, 4), twice.name]`,
    result: [8, "twice"],
  },
  {
    name: "an import by name, with the state of that isolate's own module",
    program: `import { count } from "./helpers.ts"
      count(); count(); count()
      const first = await go(count)
      export const result = [(await go(count)) - first, count()]`,
    result: [1, 4],
  },
  {
    name: "a member of a namespace, and a global",
    program: `import * as helpers from "./helpers.ts"
      export const result = [await go(helpers.heavy, 4), await go(Math.max, 1, 3), await go(parseInt, "12px")]`,
    result: [8, 3, 12],
  },
  {
    name: "a default export and a re-exported name",
    program: `import third from "./helpers.ts"
      export { third }
      export default function main(n: number) { return n + 1 }
      export const result = [await go(third, 9), await go(main, 1)]`,
    result: [3, 2],
  },
  {
    name: "a local constant and a local function declaration",
    program: `function run(k: number) {
        const add = (n: number) => n + k
        function mul(n: number): number { return n <= 1 ? k : n * mul(n - 1) }
        return Promise.all([go(add, 1), go(mul, 3)])
      }
      export const result = await run(10)`,
    result: [11, 60],
  },
  {
    name: "a local function that calls itself",
    program: `function run(k: number) { const down = (n: number): number => n === 0 ? k : down(n - 1); return go(down, 5) }
      export const result = await run(9)`,
    result: 9,
  },
  {
    name: "what task() has named keeps that name",
    program: `import { task } from "heddle"
      export const work = task(import.meta.url, "work", (n: number) => n + 1)
      export const result = work[Symbol.for("heddle.callable") as never]["exportName"]`,
    result: "work",
  },
  {
    name: "a task called from a closure",
    program: `import { task } from "heddle"
      export const work = task(import.meta.url, "work", (n: number) => n + 1)
      export const result = await go(() => work(1))`,
    result: 2,
  },
  {
    name: "a constant made by a call, when it is called itself",
    program: `const memo = (fn: (n: number) => number) => (n: number) => fn(n) + 1
      const next = memo((n) => n * 10)
      export const result = [await go(next, 1), await go(() => next(2))]`,
    result: [11, 21],
  },
]

const TOP_LEVEL: readonly Case[] = [
  {
    name: "the top level does not run again",
    program: `(globalThis as any).ran = ((globalThis as any).ran ?? 0) + 1
      const twice = (n: number) => n * 2
      export const result = await go(() => [(globalThis as any).ran ?? "never", twice(1)])`,
    result: ["never", 2],
  },
  {
    name: "a handle made at the top level is sent, not made again",
    program: `const jobs = channel(64)
      const { id } = jobs
      async function work() { return jobs.id }
      export const result = [await go(work), await go(() => jobs.id), await go(() => work())].every((found) => found === id)`,
    result: true,
  },
  {
    name: "a constant read from input is sent",
    program: `const port = Number(process.argv.length)
      const scale = await Promise.resolve(port)
      const describe = () => port === scale
      export const result = await go(() => describe() && port > 0)`,
    result: true,
  },
  {
    name: "an array filled by the top level is sent as it is then",
    program: `const items: number[] = []
      for (let i = 0; i < 3; i++) items.push(i)
      const sum = () => items.reduce((a, b) => a + b, 0)
      export const result = [await go(sum), await go(() => items.length)]`,
    result: [3, 3],
  },
  {
    name: "a typed array filled by a function is sent",
    program: `const grid = new Float64Array(3)
      function fill() { grid.fill(2) }
      fill()
      export const result = await go(() => grid.join())`,
    result: "2,2,2",
  },
  {
    name: "a table that is only read is copied as text",
    program: `const NAMES = ["a", "b"]
      const SET = new Set(["x"])
      console.assert(NAMES.length === 2)
      export const result = await go(() => [NAMES[1], SET.has("x")])`,
    result: ["b", true],
  },
  {
    name: "a cache that only the copied code uses lives in each isolate",
    program: `const cache = new Map<number, number>()
      function square(n: number) { if (!cache.has(n)) cache.set(n, n * n); return cache.size }
      await go(square, 2); await go(square, 3)
      export const result = await go(() => square(2))`,
    result: 2,
  },
  {
    name: "objects that hold functions, regular expressions, symbols and encoders are made again",
    program: `const KIND = Symbol("kind")
      const encoder = new TextEncoder()
      const ops = { add: (a: number, b: number) => a + b, test: /x/ }
      export const result = await go(() => [ops.add(1, 2), ops.test.test("x"), KIND.description, encoder.encode("é").length])`,
    result: [3, true, "kind", 2],
  },
  {
    name: "an object with a function and a handle is made around the handle",
    program: `const jobs = channel(5)
      const context = { jobs, double() { return jobs.capacity * 2 } }
      const use = () => context.double() + context.jobs.capacity
      export const result = [await go(use), await go(() => use())]`,
    result: [15, 15],
  },
  {
    name: "classes registered as sendable are registered where the code runs",
    program: `import { sendable } from "heddle"
      class Point { x = 1 }
      sendable(Point, { id: "capture.Point" } as never)
      export const result = await go(() => (globalThis as any).registered.includes("capture.Point"))`,
    result: true,
  },
  {
    name: "structs, and constants of constants",
    program: `import { struct, f64 } from "heddle"
      const Point = struct({ x: f64 })
      const A = 2, B = A * 3, C = \`\${B}!\`, { PI } = Math
      export const result = await go(() => [Point.encode(1 as never), B, C, PI > 3])`,
    result: [1, 6, "6!", true],
  },
  {
    name: "several declarators of one statement, part of them sent",
    program: `const a = 1, jobs = channel(2), twice = (n: number) => n * 2, b = jobs.capacity
      export const result = await go(() => [a, jobs.capacity, twice(b)])`,
    result: [1, 2, 4],
  },
  {
    name: "recursion through go of a function that uses a handle",
    program: `const jobs = channel(3)
      async function walk(depth: number): Promise<number> { return depth === 0 ? jobs.capacity : 1 + await go(() => walk(depth - 1)) }
      export const result = [await go(walk, 2), await go(() => walk(1))]`,
    result: [5, 4],
  },
]

const CALLS: readonly Case[] = [
  {
    name: "go under another name, through a namespace, from heddle/task",
    program: `import { go as run } from "heddle/task"
      import * as h from "heddle"
      const start = h.go, { map } = h.parallel
      function all(k: number) { return Promise.all([run(() => k), h.go(() => k + 1), start(() => k + 2), map([1], (n) => n + k)]) }
      export const result = await all(1)`,
    result: [1, 2, 3, [2]],
  },
  {
    name: "go.with and s.go.with",
    program: `function all(k: number) { return scope(async (s) => [await go.with({ name: "x" })(() => k), await s.go.with({})(() => k + 1), await s.go(() => k + 2)]) }
      export const result = await all(1)`,
    result: [1, 2, 3],
  },
  {
    name: "a scope taken apart, a scope function by name, a scope handed on",
    program: `async function main(s: any) { const k = 1; return [await s.go(() => k), await helper(s, 2)] }
      async function helper(inner: any, k: number) { return await inner.go(() => k) }
      export const result = [await scope(main), await scope(async ({ go }) => { const k = 5; return await go(() => k) })]`,
    result: [[1, 2], 5],
  },
  {
    name: "every function of parallel",
    program: `const add = (a: number, b: number) => a + b
      async function all(k: number) {
        return [
          await parallel.map([1, 2], (n) => n * k),
          await parallel.filter([1, 2, 3], (n) => n >= k),
          await parallel.reduce([1, 2, 3], (sum, n) => sum + n * k, add, 0),
          await parallel.join(add, 1, k, add, k, k),
          await parallel.forEach([1], (n) => n + k),
        ]
      }
      export const result = await all(2)`,
    result: [[2, 4], [2, 3], 12, [3, 4], undefined],
  },
]

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
