/** Closures: what they take, and the shapes they have. */

import type { Case } from "./harness.ts"

/** Names from around the closure. */
export const NAMES: readonly Case[] = [
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
      class Dog extends Animal {
        name = "rex"
        override sound() { return this.name + super.sound() }
      }
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
      const entries = { a: { n: 1 }, b: { n: 2 } }
      for (const [key, { n }] of Object.entries(entries)) found.push(go(() => key + n))
      export const result = await Promise.all(found)`,
    result: ["a1", "b2"],
  },
  {
    name: "the variables of a pattern with defaults",
    program: `const found: Promise<unknown>[] = []
      for (const { a = 4, ...rest } of [{ b: 1 } as any]) {
        const [c = 5] = [rest.c]
        found.push(go(() => [a, rest, c]))
      }
      export const result = await Promise.all(found)`,
    result: [[4, { b: 1 }, 5]],
  },
  {
    name: "the error of a catch",
    program: `let found
      try { throw new TypeError("oh") }
      catch (error) { found = await go(() => (error as Error).message) }
      export const result = found`,
    result: "oh",
  },
  {
    name: "destructured parameters with defaults",
    program: `function run({ a, rest: [b = 5, ...others] }: any, c = a + 1) {
        return go(() => [a, b, others, c])
      }
      export const result = await run({ a: 1, rest: [undefined, 3, 4] })`,
    result: [1, 5, [3, 4], 2],
  },
  {
    name: "names that the closure hides are its own",
    program: `const n = 1
      function run(k: number) {
        return go((k: number) => { const n = 10; { const k = 3; return n + k } }, k)
      }
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

/** Syntax in and around the closure. */
export const SHAPES: readonly Case[] = [
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
        outer: for (let i = 0; ; i++) {
          for (const j of [1, 2, 3]) {
            if (i * j > n) break outer
            if (j === 2) continue outer
          }
        }
        switch (n) {
          case 3: { let n = 1; n++; return n }
          default: try { throw 1 } catch { return 0 }
        }
      }, 3)`,
    result: 2,
  },
  {
    name: "a class inside with fields, statics, private names, accessors and this",
    program: `export const result = await go((n: number) => {
        class Sum {
          static made = 0
          static { Sum.made += 1 }
          #total = n
          get total() { return this.#total }
          add = (k: number) => { this.#total += k; return this }
        }
        const isBare = function (this: unknown) { return this === undefined }()
        return [new Sum().add(2).total, Sum.made, isBare]
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
        return go(<U,>(extra: U): Pair<unknown> => [
          twice(value as number),
          (heavy(options!.value) satisfies number) as unknown as U ?? extra,
        ], 1)
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
    program: `class Runner {
        k = 4
        run(n: number, found = go(() => n * 2)) {
          const { k } = this
          return Promise.all([found, go(() => k + n)])
        }
      }
      export const result = await new Runner().run(3)`,
    result: [6, 7],
  },
  {
    name: "closures within closures within closures",
    program: `import { heavy } from "./helpers.ts"
      const jobs = channel(8)
      function add(a: number, b: number) { return heavy(a) + b + jobs.capacity }
      function run(a: number) {
        return go(async () => {
          const b = 2
          return await go(async () => { const c = 3; return await go(() => add(a, b) + c) })
        })
      }
      export const result = await run(1)`,
    result: 15,
  },
  {
    name: "using, for await, optional chains, templates and regular expressions",
    program: `const tag = /b+/g
      export const result = await go(async (text?: string) => {
        using guard = { [Symbol.dispose]() {} }
        const parts = [\`a\${text?.length ?? "-"}b\`]
        for await (const part of parts) return part.replace(tag, "c") + typeof guard
      })`,
    result: "a-cobject",
  },
  {
    name: "a file that uses eval",
    program: `const k = 2
      export const result = await go(() => k + (0, eval)("1") + eval("1"))`,
    result: 4,
  },
  {
    name: "import.meta.url means the file",
    program: `const { url } = import.meta
      export const result = (await go(() => import.meta.url)) === url`,
    result: true,
  },
  {
    name: "so it does however it is read",
    program: `const { url, dirname } = import.meta, meta = import.meta
      export const result = (await go(() => {
        const { url, dirname } = import.meta
        return [url, dirname, import.meta["url"], meta.url, import.meta.dirname].join()
      })) === [url, dirname, url, url, dirname].join()`,
    result: true,
  },
  {
    name: "import() relative to the file",
    program: `export const result = await go(async () => (await import("./helpers.ts")).heavy(21))`,
    result: 42,
  },
]
