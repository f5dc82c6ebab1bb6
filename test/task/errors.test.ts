import assert from "node:assert/strict"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { ModuleLoadError, NotCallableError } from "../../src/errors.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { go, remote } from "../../src/task/index.ts"
import { add, echo, fails, failsLater } from "./functions.ts"
import { errorOf } from "./support.ts"

await start({ memoryBytes: 32 << 20 })

for (const [name, fn] of [
  ["sync", fails],
  ["async", failsLater],
] as const) {
  test(`${name}: class, message, code, own fields and causes arrive`, async () => {
    const error = await errorOf<RangeError & { code: string; limit: number }>(go(fn, "range"))
    assert.ok(error instanceof RangeError)
    assert.equal(error.message, "too far")
    assert.equal(error.code, "E_FAR")
    assert.equal(error.limit, 7)
    assert.ok(error.cause instanceof TypeError)
    assert.equal((error.cause as Error).message, "deeper")
  })

  test(`${name}: a class of the program keeps its name and fields`, async () => {
    const error = await errorOf<Error & { code: string; details: unknown }>(go(fn, "own class"))
    assert.ok(error instanceof Error)
    assert.equal(error.name, "Odd")
    assert.equal(error.code, "E_ODD")
    assert.deepEqual(error.details, { at: [1, 2n, new Date(3)] })
  })

  test(`${name}: an error of errors`, async () => {
    const error = await errorOf<AggregateError>(go(fn, "aggregate"))
    assert.ok(error instanceof AggregateError)
    assert.ok(error.errors[0] instanceof RangeError)
    assert.equal(error.errors[1], 2)
  })

  test(`${name}: what is thrown need not be an error`, async () => {
    assert.equal(await errorOf<unknown>(go(fn, "string")), "just text")
    assert.equal(await errorOf<unknown>(go(fn, "undefined")), undefined)
    assert.deepEqual(await errorOf<unknown>(go(fn, "object")), { reason: "an object", list: [1] })
    const described = await errorOf(go(fn, "function"))
    assert.match(described.message, /cannot be sent/)
  })

  test(`${name}: a field that cannot be sent is named, the rest arrives`, async () => {
    const error = await errorOf<Error & { port: number; notSent: string[] }>(
      go(fn, "unsendable field"),
    )
    assert.equal(error.message, "with a socket")
    assert.equal(error.port, 80)
    assert.match(error.notSent[0], /socket/)
  })

  test(`${name}: a DOMException stays one`, async () => {
    const error = await errorOf(go(fn, "abort"))
    assert.ok(error instanceof DOMException)
    assert.equal(error.name, "AbortError")
  })

  test(`${name}: the stack shows both sides and the isolate between them`, async () => {
    const error = await errorOf(go(fn, "plain"))
    const stack = error.stack ?? ""
    assert.match(stack, /functions\.ts/)
    assert.match(stack, /--- thrown in isolate \d+, awaited here: ---/)
    assert.ok(stack.includes(fileURLToPath(import.meta.url)) || stack.includes(import.meta.url))
  })
}

test("a failure in main says so", async () => {
  const error = await errorOf(go.with({ on: "main" })(fails, "plain"))
  assert.match(error.stack ?? "", /thrown in the main isolate/)
})

type Anything = Record<string, (...args: unknown[]) => unknown>

test("a module that throws while loading: its error is the cause, each time", async () => {
  const url = new URL("./fixtures/throws-while-loading.ts", import.meta.url)
  const bad = remote<Anything>(url)
  for (let i = 0; i < 3; i++) {
    const error = await errorOf<ModuleLoadError>((bad.work as () => Promise<unknown>)())
    assert.ok(error instanceof ModuleLoadError)
    assert.equal(error.url, url.href)
    assert.ok(error.cause instanceof RangeError)
    assert.equal((error.cause as Error).message, "not today")
  }
  assert.equal(await go(add, 1, 1), 2)
})

test("a module that is not there, an export that is not there, or is no function", async () => {
  const call = (file: string, name: string, ...args: unknown[]): Promise<unknown> => {
    const module = remote<Anything>(new URL(file, import.meta.url))
    return (module[name] as (...args: unknown[]) => Promise<unknown>)(...args)
  }
  assert.ok((await errorOf(call("./fixtures/nowhere.ts", "work"))) instanceof ModuleLoadError)
  const missing = await errorOf(call("./fixtures/work.ts", "missing"))
  assert.ok(missing instanceof NotCallableError)
  assert.match(missing.message, /"missing"/)
  const held = sharedArray(Int32Array, 1)
  const constant = await errorOf(call("./fixtures/work.ts", "constant", { held }))
  assert.match(constant.message, /not a function/)
})

test("a full shared memory rejects the task, and ends nothing", async () => {
  const large = new Uint8Array(40 << 20)
  const error = await errorOf<Error & { code: string }>(go(echo, large))
  assert.equal(error.code, "ERR_HEDDLE_OUT_OF_SHARED_MEMORY")
  assert.match(error.message, /memoryBytes/)
  assert.equal(await go(add, 1, 2), 3)
})
