/** What cannot cross is refused when the module is loaded, with the place and the name. */

import assert from "node:assert/strict"
import { after, before, describe, it } from "node:test"
import "../../src/lift/register.ts"
import { CaptureError } from "../../src/errors.ts"
import { Laboratory } from "./harness.ts"

interface Case {
  readonly name: string
  /** The program from its second line on; `$` stands before the place that the error names. */
  readonly program: string
  readonly variable: string
  readonly problem: RegExp
}

const CASES: readonly Case[] = [
  {
    name: "a let that is assigned later",
    program: `export function run() { let total = 0; total += 1; return go(() => $total) }`,
    variable: "total",
    problem: /is assigned again in line 2.*copy it to a const/,
  },
  {
    name: "a let that the closure assigns itself",
    program: `export function run() { let total = 0; return go(() => { $total++ }) }`,
    variable: "total",
    problem: /is assigned again in line 2/,
  },
  {
    name: "a let without a value that gets one",
    program: `export async function run() { let found: number; found = 1; await go(() => $found) }`,
    variable: "found",
    problem: /is assigned again/,
  },
  {
    name: "a parameter that is assigned",
    program: `export function run(n: number) { n = n || 1; return go((k: number) => k + $n, 1) }`,
    variable: "n",
    problem: /is assigned again/,
  },
  {
    name: "a variable assigned by destructuring",
    program: `export function run() { let a = 1; [a] = [2]; return go(() => $a) }`,
    variable: "a",
    problem: /is assigned again/,
  },
  {
    name: "a loop counter that the body changes",
    program: `export function run() { for (let i = 0; i < 3; i++) { i += 1; go(() => $i) } }`,
    variable: "i",
    problem: /is assigned again/,
  },
  {
    name: "var of a loop, one for all rounds",
    program: `export function run() { for (var i = 0; i < 3; i++) go(() => $i) }`,
    variable: "i",
    problem: /is assigned again/,
  },
  {
    name: "a module-level let that is assigned",
    program: `let count = 0
      export function add() { count++ }
      export const run = () => go(() => $count)`,
    variable: "count",
    problem: /is assigned again in line 3/,
  },
  {
    name: "a module-level let that a helper needs",
    program: `let seed = 1
      function random() { $seed = seed * 16807; return seed }
      export const run = () => go(() => random())`,
    variable: "seed",
    problem: /is assigned again.*\(random needs it\)/,
  },
  {
    name: "a helper passed by name that needs such a let",
    program: `let seed = 1
      function random() { return $seed++ }
      export const run = () => go(random)`,
    variable: "seed",
    problem: /is assigned again/,
  },
  {
    name: "a function declaration that is replaced",
    program: `function work() { return 1 }
      work = (() => 2) as never
      export const run = () => go(() => $work())`,
    variable: "work",
    problem: /is assigned again/,
  },
  {
    name: "a local arrow function",
    program: `export function run() {
        const twice = (n: number) => n * 2
        return go(() => $twice(1))
      }`,
    variable: "twice",
    problem: /is a function.*top level of a module/,
  },
  {
    name: "a local function declaration",
    program: `export function run() {
        function twice(n: number) { return n * 2 }
        return go(() => $twice(1))
      }`,
    variable: "twice",
    problem: /is a function/,
  },
  {
    name: "a local class",
    program: `export function run() { class Box {} return go(() => new $Box()) }`,
    variable: "Box",
    problem: /is a class declared in a function/,
  },
  {
    name: "a local object with a method",
    program: `export function run() {
        const api = { n: 1, get() { return 1 } }
        return go(() => $api.n)
      }`,
    variable: "api",
    problem: /holds a function \(get\)/,
  },
  {
    name: "an instance of a class that nobody registered",
    program: `class Account { balance = 1 }
      export function run() { const account = new Account(); return go(() => $account.balance) }`,
    variable: "account",
    problem: /is an instance of Account, which is not registered/,
  },
  {
    name: "a module-level instance of such a class",
    program: `class Account { balance = 1 }
      const account = new Account()
      export const run = () => go(() => $account.balance)`,
    variable: "account",
    problem: /is an instance of Account/,
  },
  {
    name: "this of the method around",
    program: `export class Runner { n = 1; run() { return go(() => $this.n) } }`,
    variable: "this",
    problem: /belongs to the code around the closure/,
  },
  {
    name: "this of the method around, in the name of a field",
    program: `export class Runner {
        run() { return go(() => { class Box { [$this.n] = 1 }; return new Box() }) }
      }`,
    variable: "this",
    problem: /belongs to the code around the closure/,
  },
  {
    name: "super of the method around",
    program: `export class Runner extends Object { run() { return go(() => $super.toString()) } }`,
    variable: "super",
    problem: /belongs to the code around/,
  },
  {
    name: "new.target of the function around",
    program: `export function run() { return go(() => $new.target) }`,
    variable: "new.target",
    problem: /belongs to the code around/,
  },
  {
    name: "arguments of the function around",
    program: `export function run() { return go(() => $arguments.length) }`,
    variable: "arguments",
    problem: /belongs to the function around the closure/,
  },
  {
    name: "a private name of the class around",
    program: `export class Runner { #n = 1; run(other: Runner) { return go(() => other.$#n) } }`,
    variable: "#n",
    problem: /is private to a class around/,
  },
  {
    name: "the scope itself",
    program: `export const run = () => scope(async (s) => { await s.go(() => $s.go(() => 1)) })`,
    variable: "s",
    problem: /is a scope, which stays in its isolate/,
  },
  {
    name: "an object of a function beside a handle made in it",
    program: `const context = { jobs: channel(1), get() { return 1 } }
      export const run = () => go(() => $context.get())`,
    variable: "context",
    problem: /holds a function beside a value/,
  },
  {
    name: "a constant that awaits what must be made again around a handle",
    program: `const jobs = channel(1)
      const make = async (it: unknown) => () => it
      const get = $await make(jobs)
      export const run = () => go(() => get())`,
    variable: "get",
    problem: /cannot await there/,
  },
  {
    name: "what a closure within a closure takes from far outside",
    program: `export function run() { let n = 0; n++; return go(() => go(() => $n)) }`,
    variable: "n",
    problem: /is assigned again/,
  },
  {
    name: "captures of every position",
    program: `export function run() {
        let n = 0
        n++
        return parallel.reduce([1], (a, b) => a + b, (a, b) => a + b + $n, 0)
      }`,
    variable: "n",
    problem: /is assigned again/,
  },
]

describe("a closure that cannot cross", () => {
  let laboratory: Laboratory
  before(() => {
    laboratory = new Laboratory()
  })
  after(() => laboratory.close())

  for (const { name, program, variable, problem } of CASES) {
    it(name, async () => {
      const marked = `import { go, scope, parallel, channel } from "heddle"\n${program}\n`
      const before = marked.slice(0, marked.indexOf("$")).split("\n")
      const main = laboratory.write({ "main.ts": marked.replace("$", "") })
      const error = await import(main).then(
        () => assert.fail("the module loaded"),
        (reason: unknown) => reason,
      )
      assert.ok(error instanceof CaptureError, String(error))
      assert.equal(error.code, "ERR_HEDDLE_CAPTURE")
      assert.equal(error.variable, variable)
      assert.match(error.message, problem)
      const column = (before.at(-1) as string).length + 1
      assert.ok(error.message.startsWith(`${main}:${before.length}:${column}: ${variable} `))
    })
  }

  it("is refused when it is sent, where the call is Heddle's only by guess", async () => {
    const program = `import type { Scope } from "heddle"
      export function run(s: Scope) { let n = 0; n++; return s.go(() => n) }`
    const { run } = await import(laboratory.write({ "main.ts": program }))
    assert.equal(await run({ go: (fn: () => number) => fn() }), 1)
    assert.throws(() => run({ go: laboratory.send }), {
      code: "ERR_HEDDLE_CAPTURE",
      variable: "n",
      line: 2,
    })
  })

  it("stays without a name when nothing can be known about it", async () => {
    const program = `import { go } from "heddle"
      export const run = (fn: () => number) => go(fn)`
    const { run } = await import(laboratory.write({ "main.ts": program }))
    assert.throws(() => run(() => 1), /nothing has named it/)
  })
})
