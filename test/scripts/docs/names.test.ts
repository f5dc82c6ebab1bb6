import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { describe, it } from "node:test"
import { exportedNames } from "../../../scripts/docs/names.ts"

describe("exportedNames", () => {
  it("reads the doors, through what they pass on, the package before its rooms", (context) => {
    const root = mkdtempSync(join(tmpdir(), "heddle-names-"))
    context.after(() => rmSync(root, { recursive: true }))
    const files = {
      "package.json": JSON.stringify({
        exports: {
          ".": { source: "./src/index.ts" },
          "./task": { source: "./src/task/index.ts" },
          "./later": { source: "./src/later/index.ts" },
          "./package.json": "./package.json",
        },
      }),
      "src/index.ts": 'export * from "./task/door.ts"\nexport { move } from "./move.ts"\n',
      "src/task/door.ts": 'export { go, type Task } from "./go.ts"\nexport const local = 1\n',
      "src/task/index.ts": 'export { go, special } from "./go.ts"\n',
    }
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    assert.deepEqual(
      [...exportedNames(root)],
      [
        ["go", "heddle"],
        ["local", "heddle"],
        ["move", "heddle"],
        ["special", "heddle/task"],
      ],
    )
  })
})
