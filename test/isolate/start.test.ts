import assert from "node:assert/strict"
import { availableParallelism } from "node:os"
import { test } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { ownerOf } from "../../src/internal/memory/owners.ts"
import { isolates, shutdown, start } from "../../src/isolate/index.ts"
import { requestKill } from "../../src/isolate/kill.ts"
import { go } from "../../src/task/index.ts"
import { isolateNow } from "../task/functions.ts"
import { idsAndHeaps, keeps } from "./fixtures/functions.ts"
import { program } from "./program.ts"

const MIB = 1 << 20

async function settings(options: object, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await program("settings", [JSON.stringify(options)], { env })
  return stdout.trim()
}

test("one isolate per core beside main, and 1 GiB", async () => {
  assert.deepEqual(JSON.parse(await settings({})), {
    sum: 3,
    isolates: availableParallelism() + 1,
    bytes: 1 << 30,
  })
})

test("start says otherwise", async () => {
  const seen = JSON.parse(await settings({ isolates: 3, memoryBytes: 16 * MIB, heapMb: 256 }))
  assert.deepEqual(seen, { sum: 3, isolates: 4, bytes: 16 * MIB })
})

test("so does the environment, and start comes before it", async () => {
  const env = { HEDDLE_ISOLATES: "1", HEDDLE_MEMORY: `${8 * MIB}` }
  assert.deepEqual(JSON.parse(await settings({}, env)), { sum: 3, isolates: 2, bytes: 8 * MIB })
  const seen = JSON.parse(await settings({ isolates: 2, memoryBytes: 16 * MIB }, env))
  assert.deepEqual(seen, { sum: 3, isolates: 3, bytes: 16 * MIB })
})

test("the environment is refused by name, with what was given", async () => {
  assert.match(
    await settings({}, { HEDDLE_ISOLATES: "many" }),
    /RangeError: HEDDLE_ISOLATES .* "many"/,
  )
  assert.match(
    await settings({}, { HEDDLE_ISOLATES: "100" }),
    /RangeError: HEDDLE_ISOLATES .* "100"/,
  )
  assert.match(
    await settings({}, { HEDDLE_MEMORY: "lots" }),
    /RangeError: HEDDLE_MEMORY .* received "lots"/,
  )
})

test("options are refused by name, with what was given, and nothing is changed", async () => {
  for (const isolates of [0, -1, 1.5, 64, 100, NaN]) {
    await assert.rejects(start({ isolates }), {
      name: "RangeError",
      message: `isolates must be a whole number from 1 to 63, received ${isolates}`,
    })
  }
  await assert.rejects(start({ isolates: "2" as never }), { message: /received "2"$/ })
  await assert.rejects(start({ blockMain: 1 as never }), {
    name: "TypeError",
    message: "blockMain must be true or false, received 1",
  })
  for (const heapMb of [0, 255, 256.5, NaN]) {
    await assert.rejects(start({ heapMb }), { name: "RangeError", message: /heapMb .* 256/ })
  }
  for (const memoryBytes of [0, 1000, 2 ** 40, NaN]) {
    await assert.rejects(start({ memoryBytes }), { name: "RangeError", message: /memoryBytes/ })
  }
  await assert.rejects(start({ workers: 2 } as object), {
    name: "TypeError",
    message: /start has no option workers; it knows isolates/,
  })
  for (const options of [3, null, [], "two"] as unknown as object[]) {
    const message = / takes an object of options, received /
    await assert.rejects(start(options), { name: "TypeError", message })
    await assert.rejects(shutdown(options), { name: "TypeError", message })
  }
  for (const graceMs of ["5", null, -1, Symbol("s")] as unknown as number[]) {
    await assert.rejects(shutdown({ graceMs }), { name: "RangeError", message: /graceMs must be/ })
  }
  for (const name of [5, "", null]) {
    await assert.rejects(start({ name } as object), {
      name: "TypeError",
      message: `name must be a string that is not empty, received ${JSON.stringify(name)}`,
    })
  }
  assert.equal(isolates().length, 1)
})

test("more isolates may be asked for later, fewer not; memory is reserved once", async () => {
  await start({ isolates: 1, name: "weaver" })
  assert.equal(isolates().length, 2)
  await start({ isolates: 2 })
  assert.equal(isolates().length, 3)
  await start()
  assert.ok(isolates().every(({ state }) => state === "running"))
  await assert.rejects(start({ isolates: 1 }), { name: "RangeError", message: /2 were running/ })
  await assert.rejects(start({ memoryBytes: 64 * MIB }), { name: "RangeError" })
  assert.equal(await go.with({ on: 2 })(isolateNow), 2)
})

test("what isolates() says is frozen, and counts", async () => {
  const [main, ...others] = isolates()
  assert.equal(main?.id, 0)
  assert.equal(main?.utilization, undefined)
  for (const info of others) {
    assert.ok(Object.isFrozen(info))
    assert.ok((info.utilization as number) >= 0 && (info.utilization as number) <= 1)
    assert.equal(info.running, 0)
  }
  const before = others.reduce((sum, { ended }) => sum + ended, 0)
  await Promise.all(Array.from({ length: 10 }, () => go(isolateNow)))
  const after = isolates().reduce((sum, { ended }) => sum + ended, 0)
  assert.equal(after - before, 10)
})

test("isolates() knows every heap without waiting, from any isolate", async () => {
  const heapOf = (id: number): number => isolates()[id]?.heapBytes
  assert.ok(isolates().every(({ heapBytes }) => heapBytes > 1 << 20))
  const before = heapOf(1)
  await go.with({ on: 1 })(keeps)
  while (heapOf(1) < before + (20 << 20)) await new Promise(setImmediate)
  assert.deepEqual(
    await go(idsAndHeaps),
    isolates().map(({ id }) => [id, "running"]),
  )
})

test("isolates() is sorted by id, whatever dies and comes again", async () => {
  const ids = isolates().map(({ id }) => id)
  const token = ownerOf(here().words, 1)
  requestKill(token)
  while ([0, token].includes(ownerOf(here().words, 1))) await new Promise(setImmediate)
  assert.deepEqual(
    isolates().map(({ id }) => id),
    ids,
  )
  assert.ok(isolates().some(({ id, state }) => id === 1 && state === "starting"))
  await start()
})

test("an isolate that fails while it loads, again and again: everybody is told why", async () => {
  const broken = new URL("./fixtures/breaks-isolates.mjs", import.meta.url).href
  const { stdout, code } = await program("start-fails", [], { flags: ["--import", broken] })
  assert.equal(code, 0, stdout)
  const lines = stdout.trim().split("\n")
  assert.match(
    lines[0],
    /^start: no isolate could be started: 3 ended while loading: broken on purpose/,
  )
  assert.match(lines[1], /^queued: no isolate could be started/)
  assert.match(lines[2], /^later: no isolate could be started/)
  assert.equal(lines[3], "main: 3")
})

test("threads that are forbidden: all are told so, with the flag that allows them", async () => {
  const flags = ["--permission", "--allow-fs-read=*"]
  const { stdout, code } = await program("start-fails", [], { flags })
  assert.equal(code, 0, stdout)
  const lines = stdout.trim().split("\n")
  for (const [index, who] of ["start", "queued", "later"].entries()) {
    const told = `${who}: no isolate could be started: 3 ended while loading: `
    assert.ok(lines[index].startsWith(told), lines[index])
    assert.match(lines[index], /--allow-worker/)
  }
  assert.equal(lines[3], "main: 3")
})

test("a thread of the program's own is told that it is none of Heddle's", async () => {
  const { stdout } = await program("own-thread")
  assert.match(stdout, /^main: 3\nthread: this thread was not started by Heddle, .* pools/)
})

test("memory that the system does not have: what to ask for instead", async () => {
  const poor = `globalThis.SharedArrayBuffer = class extends SharedArrayBuffer {
    constructor(bytes) {
      if (bytes > 1e8) throw new RangeError("Array buffer allocation failed")
      super(bytes)
    }
  }`
  const flags = ["--import", `data:text/javascript,${encodeURIComponent(poor)}`]
  const { stdout } = await program("settings", [], { flags })
  assert.equal(
    stdout,
    "OutOfSharedMemoryError: the system has no room for memoryBytes = 1073741824; ask for less " +
      "with start({ memoryBytes }) or the environment's HEDDLE_MEMORY\n",
  )
})
