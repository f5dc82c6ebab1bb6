/** Modules: functions by name, the top level, and the calls that take code. */

import type { Case } from "./harness.ts"

/** Functions given by name. */
export const IDENTIFIERS: readonly Case[] = [
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
      export const result = [
        await go(helpers.heavy, 4), await go(Math.max, 1, 3), await go(parseInt, "12px"),
      ]`,
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
    program: `function run(k: number) {
        const down = (n: number): number => n === 0 ? k : down(n - 1)
        return go(down, 5)
      }
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

/** What becomes of the module's own constants and classes. */
export const TOP_LEVEL: readonly Case[] = [
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
      const found = [await go(work), await go(() => jobs.id), await go(() => work())]
      export const result = found.every((it) => it === id)`,
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
      export const result = await go(() => [
        ops.add(1, 2), ops.test.test("x"), KIND.description, encoder.encode("é").length,
      ])`,
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
      const ids = () => (globalThis as any).registered
      export const result = await go(() => ids().includes("capture.Point"))`,
    result: true,
  },
  {
    name: "a module that was imported by a call is imported again",
    program: `const helpers = await import("./helpers.ts")
      export const result = await go(() => helpers.heavy(4))`,
    result: 8,
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
    name: "several names of one destructured constant",
    program: `const { min, max } = Math, [low, [high]] = [1, [2]]
      export const result = await go(() => [min(low, high), max(low, high)])`,
    result: [1, 2],
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
      async function walk(depth: number): Promise<number> {
        return depth === 0 ? jobs.capacity : 1 + await go(() => walk(depth - 1))
      }
      export const result = [await go(walk, 2), await go(() => walk(1))]`,
    result: [5, 4],
  },
  {
    name: "a var in a branch that was passed over has no value there either",
    program: `if (Date.now() < 5) { var passed = 4 }
      switch (Number("3")) { case 3: var met = [5] }
      const both = () => [passed, met]
      export const result = [await go(() => [passed, met]), await go(both)]`,
    result: [
      [undefined, [5]],
      [undefined, [5]],
    ],
  },
  {
    name: "names that closures could have been given",
    program: `import { heavy as go1 } from "./helpers.ts"
      const go0 = 5
      function go2() { return go1(go0) }
      export const result = [await go(() => go1(go0)), await go(() => go2() + go0), await go(go2)]`,
    result: [10, 15, 10],
  },
  {
    name: "one of the names declared together hidden by a captured one, and by the function's own",
    program: `const k = Number("6"), { p, q } = { p: () => k, q: () => p() + 1 }
      console.assert(q() === 7)
      function capture(q: number) { return go(() => p() + q) }
      function call() { const q = (n: number): number => n ? q(n - 1) : p(); return go(q, 3) }
      export const result = [await capture(3), await call()]`,
    result: [9, 6],
  },
]

/** Calls that take code, however they are spelled. */
export const CALLS: readonly Case[] = [
  {
    name: "go under another name, through a namespace, from heddle/task",
    program: `import { go as run } from "heddle/task"
      import * as h from "heddle"
      const start = h.go, { map } = h.parallel
      function all(k: number) {
        const third = start(() => k + 2)
        return Promise.all([run(() => k), h.go(() => k + 1), third, map([1], (n) => n + k)])
      }
      export const result = await all(1)`,
    result: [1, 2, 3, [2]],
  },
  {
    name: "go.with and s.go.with",
    program: `function all(k: number) {
        return scope(async (s) => [
          await go.with({ name: "x" })(() => k),
          await s.go.with({})(() => k + 1),
          await s.go(() => k + 2),
        ])
      }
      export const result = await all(1)`,
    result: [1, 2, 3],
  },
  {
    name: "a scope taken apart, a scope function by name, a scope handed on",
    program: `async function main(s: any) {
        const k = 1
        return [await s.go(() => k), await helper(s, 2)]
      }
      async function helper(inner: any, k: number) { return await inner.go(() => k) }
      const apart = scope(async ({ go }) => { const k = 5; return await go(() => k) })
      export const result = [await scope(main), await apart]`,
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
