import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { Aggregate } from "../../../../examples/src/survey/aggregate.ts"
import { summarise } from "../../../../examples/src/survey/summarise.ts"

const FILES: Readonly<Record<string, string>> = {
  "a.js": 'import "./b.js"\nimport "acorn"\nlet thread = 1',
  "b.js": "function weave() {\n}\nlet thread = 2",
  "c/d.js": 'import "../b"\nimport "acorn/walk"\nimport "fs"\nimport "node:fs"',
  "c/same.js": "function weave() {\n}\nlet thread = 2",
  "e.js": "const = 1",
}

function resultOf(paths: readonly string[]) {
  const aggregate = new Aggregate()
  for (const path of paths) aggregate.add(summarise(path, FILES[path]))
  return aggregate.result()
}

describe("Aggregate", () => {
  const result = resultOf(Object.keys(FILES))

  it("adds up", () => {
    assert.equal(result.files, 5)
    assert.equal(result.functions, 2)
    assert.equal(result.imports, 6)
    assert.equal(
      result.bytes,
      Object.values(FILES).reduce((sum, text) => sum + text.length, 0),
    )
  })

  it("counts importers of files and of packages, each file once", () => {
    assert.deepEqual(result.wantedFiles, [{ name: "b.js", count: 2 }])
    assert.deepEqual(result.wantedPackages, [
      { name: "acorn", count: 2 },
      { name: "node:fs", count: 1 },
    ])
  })

  it("counts names over all files", () => {
    assert.deepEqual(result.names, [
      { name: "thread", count: 3 },
      { name: "weave", count: 2 },
    ])
    assert.equal(result.distinctNames, 2)
  })

  it("finds the longest functions, and files with the same content", () => {
    assert.deepEqual(
      result.longest.map(({ path, lines }) => [path, lines]),
      [
        ["b.js", 2],
        ["c/same.js", 2],
      ],
    )
    const bytes = FILES["b.js"].length
    assert.deepEqual(result.duplicates, [{ paths: ["b.js", "c/same.js"], bytes }])
    assert.equal(result.duplicateFiles, 1)
    assert.equal(result.duplicateBytes, bytes)
  })

  it("keeps what went wrong", () => {
    assert.deepEqual(
      result.problems.map(({ path }) => path),
      ["e.js"],
    )
  })

  it("does not depend on the order", () => {
    const paths = Object.keys(FILES)
    for (let turn = 0; turn < paths.length; turn++) {
      paths.push(paths.shift() as string)
      assert.deepEqual(resultOf(paths), result)
      assert.deepEqual(resultOf(paths.toReversed()), result)
    }
  })

  it("keeps the largest of many counts, equal ones by name", () => {
    const aggregate = new Aggregate()
    const names = Array.from({ length: 100 }, (_, at) => `name${String(at).padStart(2, "0")}`)
    for (const name of names.toReversed()) aggregate.add(summarise(`${name}.js`, `let ${name}`))
    aggregate.add(summarise("z.js", "let name50, name60"))
    assert.deepEqual(
      aggregate.result().names.map(({ name }) => name),
      ["name50", "name60", ...names.slice(0, 10)],
    )
  })
})
