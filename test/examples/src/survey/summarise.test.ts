import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { LONGEST_MAX, type Summary, summarise } from "../../../../examples/src/survey/summarise.ts"

function names({ names, counts }: Summary): Record<string, number> {
  return Object.fromEntries(names.split(" ").map((name, index) => [name, counts[index]]))
}

describe("summarise", () => {
  it("finds imports of every form, each once", () => {
    const text = [
      'import a from "one"',
      'import type { B } from "./two.ts"',
      'export * from "three"',
      'export { c } from "one"',
      'await import("four")',
      "await import(someName)",
      'require("five")',
      "require(someName)",
    ].join("\n")
    assert.deepEqual(summarise("a.ts", text).imports, ["one", "./two.ts", "three", "four", "five"])
  })

  it("finds functions of every form, with name, place and length", () => {
    const text = [
      "function declared() {",
      "",
      "",
      "}",
      "const assigned = () => {",
      "}",
      "const object = { member() {",
      "",
      "} }",
      "class Loom { weave() {} }",
      "run(() => {})",
    ].join("\n")
    const { functions, longest } = summarise("a.js", text)
    assert.equal(functions, 5)
    assert.deepEqual(longest, [
      { name: "declared", line: 1, lines: 4 },
      { name: "member", line: 7, lines: 3 },
      { name: "assigned", line: 5, lines: 2 },
      { name: "weave", line: 10, lines: 1 },
      { name: "(anonymous)", line: 11, lines: 1 },
    ])
  })

  it("keeps the longest functions only, the earlier of equal ones", () => {
    const lines = Array.from(
      { length: 30 },
      (_, at) => `function f${at}() {${"\n".repeat(at % 15)}}`,
    )
    const { functions, longest } = summarise("a.js", lines.join("\n"))
    assert.equal(functions, 30)
    assert.equal(longest.length, LONGEST_MAX)
    assert.deepEqual(
      longest.map(({ name }) => name),
      ["f14", "f29", "f13", "f28", "f12", "f27", "f11", "f26", "f10", "f25"],
    )
  })

  it("counts names of three letters or more", () => {
    const text = "const thread = weave(thread, ab)\nthread.weave()"
    assert.deepEqual(names(summarise("a.js", text)), { thread: 3, weave: 2 })
  })

  it("knows size, lines and content", () => {
    const one = summarise("a.ts", "let ä = 1\nlet b = 2\n")
    assert.equal(one.bytes, 21)
    assert.equal(one.lines, 3)
    assert.equal(one.hash, summarise("b.ts", "let ä = 1\nlet b = 2\n").hash)
    assert.notEqual(one.hash, summarise("b.ts", "let ä = 1\nlet b = 3\n").hash)
  })

  it("tells of a syntax error and still counts the file", () => {
    const { problem, bytes } = summarise("a.ts", "const = 1")
    assert.match(problem as string, /\w/)
    assert.equal(bytes, 9)
    assert.equal(summarise("a.ts", "const a = 1").problem, undefined)
  })

  it("reads scripts, CommonJS and JSX by the ending of the path", () => {
    assert.equal(summarise("a.js", "var a = 010; await = 1").problem, undefined)
    assert.equal(summarise("a.cjs", "return require('x')").problem, undefined)
    assert.equal(summarise("a.tsx", "export const a = <p>{1 as number}</p>").problem, undefined)
    assert.equal(summarise("a.d.ts", "declare const a: number").problem, undefined)
  })
})
