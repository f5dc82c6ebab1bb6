import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { cycles, floors, type Plan, staleRooms } from "../../../scripts/tidy/floors.ts"
import { printed, tree } from "./tree.ts"

const PLAN: Plan = {
  floors: [["internal/platform"], ["sync"], ["channel", "task"], ["explore"], ["cli"]],
  ground: ["src/errors.ts"],
  beside: "lift",
  roof: "explore",
  allowed: {},
}

/** What the plan says to one import, `from` one file `to` another. */
function saysTo(from: string, to: string, allowed: Plan["allowed"] = {}): string[] {
  const up = "../".repeat(from.split("/").length - 1)
  const texts = { [from]: `import "${up}${to}"\n`, [to]: "export {}\n" }
  return printed(floors(tree(texts), { ...PLAN, allowed }))
}

describe("floors", () => {
  it("lets imports go down, stay in the room, and reach the ground", () => {
    assert.deepEqual(saysTo("src/channel/a.ts", "src/sync/b.ts"), [])
    assert.deepEqual(saysTo("src/channel/a.ts", "src/channel/flavors/b.ts"), [])
    assert.deepEqual(saysTo("src/internal/platform/a.ts", "src/errors.ts"), [])
    assert.deepEqual(saysTo("src/lift/a.ts", "src/errors.ts"), [])
    assert.deepEqual(saysTo("src/cli/a.ts", "src/lift/b.ts"), [])
    assert.deepEqual(saysTo("test/channel/a.test.ts", "src/explore/b.ts"), [])
  })

  it("refuses what goes up", () => {
    assert.deepEqual(saysTo("src/sync/a.ts", "src/channel/b.ts"), [
      "src/sync/a.ts:1: floor: sync is below channel: let what is needed travel up as a promise, a URL or a kind",
    ])
    assert.match(saysTo("src/errors.ts", "src/sync/b.ts")[0], /imports nothing/)
  })

  it("refuses a neighbour on the same floor", () => {
    assert.match(saysTo("src/channel/a.ts", "src/task/b.ts")[0], /share a floor/)
  })

  it("refuses a URL and a dynamic import that go up as well", () => {
    const texts = {
      "src/sync/a.ts": 'new URL("../task/b.ts", import.meta.url)\nawait import("../task/b.ts")\n',
      "src/task/b.ts": "export {}\n",
    }
    const places = floors(tree(texts), PLAN).map(({ line }) => line)
    assert.deepEqual(places.sort(), [1, 2])
  })

  it("sees through #platform and the package's own name", () => {
    const texts = {
      "src/sync/a.ts": 'import "#platform/clock"\nimport "heddle/task"\n',
      "src/internal/platform/clock.ts": "export {}\n",
      "src/task/index.ts": "export {}\n",
    }
    assert.deepEqual(
      floors(tree(texts), PLAN).map(({ line }) => line),
      [2],
    )
  })

  it("keeps lift free of the runtime, and the runtime free of lift", () => {
    assert.match(saysTo("src/lift/a.ts", "src/sync/b.ts")[0], /without the runtime/)
    assert.match(saysTo("src/task/a.ts", "src/lift/b.ts")[0], /stands beside the floors/)
  })

  it("lets nobody import explore", () => {
    assert.match(saysTo("src/cli/a.ts", "src/explore/b.ts")[0], /nobody imports explore/)
  })

  it("asks for a floor for a new room", () => {
    assert.match(saysTo("src/new/a.ts", "src/sync/b.ts")[0], /is in no room/)
    assert.match(saysTo("src/cli/a.ts", "src/new/b.ts")[0], /is in no room/)
  })

  it("takes a named exception", () => {
    const allowed = { "src/sync/a.ts -> src/task/b.ts": "a reason" }
    assert.deepEqual(saysTo("src/sync/a.ts", "src/task/b.ts", allowed), [])
  })
})

describe("staleRooms", () => {
  const sources = {
    "src/sync/a.ts": 'import "../task/b.ts"\n',
    "src/task/b.ts": "export {}\n",
    "test/cli/c.test.ts": "export {}\n",
  }
  const says = (plan: Partial<Plan>) => printed(staleRooms(tree(sources), { ...PLAN, ...plan }))

  it("accepts rooms and exceptions that are there", () => {
    const allowed = { "src/sync/a.ts -> src/task/b.ts": "for the test" }
    assert.deepEqual(says({ floors: [["sync"], ["task"]], allowed }), [])
  })

  it("names rooms and exceptions that are gone", () => {
    const allowed = { "src/task/b.ts -> src/sync/a.ts": "for the test" }
    assert.deepEqual(says({ floors: [["sync"], ["task", "cli"]], allowed }), [
      "scripts/tidy.ts:1: stale: the plan names cli, which is gone: remove it",
      "scripts/tidy.ts:1: stale: the plan names src/task/b.ts -> src/sync/a.ts, which is gone: remove it",
    ])
  })
})

describe("cycles", () => {
  it("names the whole circle", () => {
    const texts = {
      "src/sync/a.ts": 'import "./b.ts"\n',
      "src/sync/b.ts": '\nimport "./c.ts"\n',
      "src/sync/c.ts": '\n\nexport { x } from "./a.ts"\n',
    }
    assert.deepEqual(printed(cycles(tree(texts))), [
      "src/sync/c.ts:3: cycle: a circle of imports: src/sync/a.ts -> src/sync/b.ts -> src/sync/c.ts -> src/sync/a.ts; move what both need one file down",
    ])
  })

  it("leaves types alone", () => {
    const texts = {
      "src/sync/a.ts": 'import type { B } from "./b.ts"\nimport { type C } from "./b.ts"\n',
      "src/sync/b.ts": 'import "./a.ts"\n',
    }
    assert.deepEqual(cycles(tree(texts)), [])
  })
})
