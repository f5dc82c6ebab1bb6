import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { type Powers, powersUsed, twins } from "../../../scripts/tidy/powers.ts"
import { printed, tree } from "./tree.ts"

const POWERS: Powers = {
  home: "src/internal/platform",
  below: "src",
  allowed: { "src/cli/": { powers: ["process", "node:fs"], reason: "it is the process" } },
  twins: [
    { folder: "src/explore/platform", notTwinned: {}, besides: {}, withoutNode: false },
    {
      folder: "src/internal/platform/browser",
      notTwinned: { "src/internal/platform/clock.ts": "tried below" },
      besides: { "src/internal/platform/browser/host.ts": "tried below" },
      withoutNode: true,
    },
  ],
}

/** The powers found in one file, in the order of the text. */
function found(text: string, path = "src/sync/a.ts"): string[] {
  return powersUsed(tree({ [path]: text }), POWERS).map(
    ({ line, advice }) => `${line}: ${advice.split(" is ")[0]}`,
  )
}

describe("powersUsed", () => {
  it("finds atomics, threads, timers, clocks, chance and the process", () => {
    for (const [text, power] of [
      ["Atomics.load(words, 0)", "Atomics"],
      ["const { load } = Atomics", "Atomics"],
      ["globalThis.Atomics.load(words, 0)", "Atomics"],
      ['new Worker("a.ts")', "Worker"],
      ["setTimeout(f, 1)", "setTimeout"],
      ["const later = setImmediate", "setImmediate"],
      ["globalThis.setInterval(f, 1)", "setInterval"],
      ["Date.now()", "Date.now"],
      ["new Date()", "new Date"],
      ["performance.now()", "performance"],
      ["Math.random()", "Math.random"],
      ["process.exit(1)", "process"],
      ['import { readFileSync } from "node:fs"', "node:fs"],
      ['await import("node:fs")', "node:fs"],
    ] as const) {
      assert.deepEqual(found(`\n${text}\n`), [`2: ${power}`], text)
    }
  })

  it("leaves alike names alone", () => {
    for (const text of [
      "this.process()",
      "const steps = { process: 1 }",
      "interface Step { process(): void }",
      "class Step { performance = 1 }",
      "let at: typeof process",
      "new Date(0)",
      "Math.max(1, 2)",
      "function step(process: number) { return process }",
      'import { setTimeout } from "./clock.ts"; setTimeout()',
      'import type { Stats } from "node:fs"',
      "// Atomics",
    ]) {
      assert.deepEqual(found(text), [], text)
    }
  })

  it("allows them at home, outside src, and where they are named", () => {
    assert.deepEqual(found("Atomics", "src/internal/platform/atomics.ts"), [])
    assert.deepEqual(found("process", "scripts/ci.ts"), [])
    assert.deepEqual(found("process; performance", "src/cli/run.ts"), ["1: performance"])
  })

  it("finds what only Node has where a browser is at home", () => {
    const text = 'Buffer; Atomics; process; setTimeout; import fs from "node:fs"'
    assert.deepEqual(found(text, "src/internal/platform/browser/atomics.ts"), [
      "1: node:fs",
      "1: Buffer",
      "1: process",
    ])
  })
})

describe("twins", () => {
  const home = "src/internal/platform/clock.ts"
  const twin = "src/explore/platform/clock.ts"

  it("asks for the file", () => {
    const findings = printed(twins(tree({ [home]: "export const now = 1\n" }), POWERS))
    assert.match(findings[0], /clock\.ts:1: twin: its twin .* is missing/)
  })

  it("asks for the same names", () => {
    const texts = {
      [home]: "export const now = 1\nexport type Timer = number\n",
      [twin]: "export const now = 1\nexport const soon = 2\n",
    }
    assert.deepEqual(printed(twins(tree(texts), POWERS)), [
      `${twin}:1: twin: export Timer, as ${home} does`,
      `${twin}:1: twin: soon is not exported by ${home}: remove it here`,
    ])
  })

  it("asks each host for its own", () => {
    const texts = {
      "src/internal/platform/park.ts": "export const wait = 1\n",
      "src/explore/platform/park.ts": "export const wait = 1\n",
      "src/internal/platform/browser/host.ts": "export const page = 1\n",
      "src/internal/platform/browser/park.ts": "export const waits = 1\n",
    }
    const twin = "src/internal/platform/browser/park.ts"
    assert.deepEqual(printed(twins(tree(texts), POWERS)), [
      `${twin}:1: twin: export wait, as src/internal/platform/park.ts does`,
      `${twin}:1: twin: waits is not exported by src/internal/platform/park.ts: remove it here`,
    ])
  })

  it("finds what stands in for nothing, unless it is there on purpose", () => {
    const lost = "src/explore/platform/sundial.ts"
    const texts = { [lost]: "", "src/internal/platform/browser/host.ts": "" }
    assert.deepEqual(printed(twins(tree(texts), POWERS)), [
      `${lost}:1: twin: there is nothing in src/internal/platform for which it could stand in`,
    ])
  })

  it("follows a twin that passes everything on", () => {
    const texts = {
      [home]: "export const now = 1\n",
      [twin]: 'export * from "../../internal/platform/clock.ts"\n',
    }
    assert.deepEqual(twins(tree(texts), POWERS), [])
  })
})
