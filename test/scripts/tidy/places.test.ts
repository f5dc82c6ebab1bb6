import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { dead, links, marks, mirror, unused } from "../../../scripts/tidy/places.ts"
import { printed, tree } from "./tree.ts"

const MANIFEST = {
  exports: { ".": { source: "./src/index.ts", default: "./dist/index.js" } },
  bin: { heddle: "./dist/cli/main.js" },
  scripts: { tidy: "node scripts/tidy.ts" },
}

describe("dead", () => {
  it("finds a file that nothing leads to", () => {
    const texts = {
      "src/index.ts": 'export * from "./sync/a.ts"\n',
      "src/sync/a.ts": 'new URL(isTs ? "./thread.ts" : "./thread.js", import.meta.url)\n',
      "src/sync/thread.ts": 'let lazy: import("./typed.ts").Lazy\nawait import("./lazy.ts")\n',
      "src/sync/typed.ts": "",
      "src/sync/lazy.ts": "",
      "src/sync/lost.ts": 'import "./lost-too.ts"\n',
      "src/sync/lost-too.ts": "",
      "src/cli/main.ts": "",
      "scripts/tidy.ts": 'import "./tidy/rule.ts"\n',
      "scripts/tidy/rule.ts": "",
      "test/sync/a.test.ts": 'import "./helper.ts"\n',
      "test/sync/helper.ts": "",
      "examples/src/one.ts": "",
    }
    assert.deepEqual(
      dead(tree(texts, MANIFEST), ["examples/src/"]).map(({ file }) => file),
      ["src/sync/lost-too.ts", "src/sync/lost.ts"],
    )
  })
})

describe("unused", () => {
  it("finds an export that nobody imports", () => {
    const texts = {
      "src/index.ts": 'export { a } from "./sync/a.ts"\n',
      "src/sync/a.ts": "export const a = 1\nexport const b = 2\nexport const c = 3\n",
      "src/sync/all.ts": "export const d = 4\n",
      "test/sync/a.test.ts":
        'import { b } from "../../src/sync/a.ts"\nimport * as all from "../../src/sync/all.ts"\n',
    }
    assert.deepEqual(printed(unused(tree(texts, MANIFEST), [])), [
      "src/sync/a.ts:3: unused: c is exported and nobody imports it: remove it, or keep it to itself",
    ])
  })
})

describe("mirror", () => {
  it("asks tests to lie where their subject lies", () => {
    const texts = {
      "src/sync/mutex.ts": "",
      "test/sync/mutex.test.ts": "",
      "test/sync/mutex/fair.test.ts": "",
      "test/sync/helper.ts": "",
      "test/smoke.test.ts": "",
      "test/package/pack.test.ts": "",
      "scripts/tidy/size.ts": "",
      "test/scripts/tidy/size.test.ts": "",
      "test/locks/mutex.model.ts": "",
    }
    assert.deepEqual(printed(mirror(tree(texts), ["package"])), [
      "test/locks/mutex.model.ts:1: mirror: there is no src/locks: a test lies where its subject lies",
    ])
  })
})

describe("links", () => {
  it("follows links to files, folders and headings", () => {
    const texts = {
      "README.md": "[a](docs/guide/task.md#a-task-ends) [b](docs/guide) [c](#top)\n\n# Top\n",
      "docs/guide/task.md": "## A task: *ends*\n[up](../../README.md) [web](https://heddle.dev)\n",
    }
    assert.deepEqual(links(tree(texts)), [])
  })

  it("finds those that lead nowhere", () => {
    const texts = {
      "README.md": "\n[a](docs/lost.md)\n[b](#lost)\n```\n[c](in-code.md)\n```\n",
    }
    assert.deepEqual(printed(links(tree(texts))), [
      "README.md:2: link: docs/lost.md leads to no file",
      "README.md:3: link: README.md has no heading #lost",
    ])
  })
})

describe("marks", () => {
  it("finds what is left half done", () => {
    // Put together here, so that tidy does not find them in this file.
    const unfinished = ["TO" + "DO", "FIX" + "ME", "@ts-" + "ignore", "test" + ".skip("]
    for (const mark of unfinished) {
      const [found] = printed(marks(tree({ "src/a/b.ts": `\n// ${mark}\n` })))
      assert.ok(found?.startsWith(`src/a/b.ts:2: mark: ${mark}`), found)
    }
    assert.deepEqual(marks(tree({ "src/a/b.ts": "// method, fixed, @ts-expect-error\n" })), [])
  })
})
