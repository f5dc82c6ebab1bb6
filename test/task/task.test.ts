import assert from "node:assert/strict"
import { test } from "node:test"
import { inspect } from "node:util"
import { NotSendableError } from "../../src/errors.ts"
import { current, go, task } from "../../src/task/index.ts"
import {
  add,
  addLater,
  contextsSeen,
  echo,
  echoAll,
  failsInAsyncGenerator,
  failsInGenerator,
  fansOut,
  isolateNow,
  nothing,
  recovers,
  returns,
  sumOfAsyncYields,
  sumOfYields,
} from "./functions.ts"
import { errorOf } from "./support.ts"

test("sync, async and generator functions are all the same to the caller", async () => {
  assert.equal(await go(add, 1, 2), 3)
  assert.equal(await go(addLater, 1, 2), 3)
  assert.equal(await go(sumOfYields, 10), 55)
  assert.equal(await go(nothing), undefined)
})

test("a task is shown as its id, name and state", async () => {
  const sum = go(add, 1, 2)
  await sum
  assert.equal(inspect(sum), `Task { id: ${sum.id}, name: 'add', state: 'completed' }`)
})

test("a generator gets the values of what it yields, and what they reject with", async () => {
  assert.equal(await go(recovers), "inside")
  await assert.rejects(go(failsInGenerator), { name: "TypeError", message: "after a yield" })
})

test("an async generator function is driven to its end too", async () => {
  const sum: number = await go(sumOfAsyncYields, 10)
  assert.equal(sum, 55)
  await assert.rejects(go(failsInAsyncGenerator), { name: "TypeError", message: "after a yield" })
})

test("a yielded promise that rejects is handled, however late its generator goes on", async () => {
  const tasks = Array.from({ length: 300 }, () => go(recovers))
  assert.deepEqual(new Set(await Promise.all(tasks)), new Set(["inside"]))
})

test("values of all kinds go there and back", async () => {
  const cycle: { self?: unknown; list: unknown[] } = { list: [] }
  cycle.self = cycle
  cycle.list.push(cycle)
  const values = [
    undefined,
    null,
    true,
    false,
    0,
    -0,
    1,
    -1,
    2 ** 31,
    0.5,
    NaN,
    Infinity,
    "",
    "text",
    "gr\u00fc\u00dfe \u{1f9f6}",
    "x".repeat(100_000),
    1n,
    -(2n ** 80n),
    new Date(5),
    /a+/gi,
    new Map<unknown, unknown>([["k", new Set([1])]]),
    Object.assign(new Array(3), { 0: 1, 2: 3 }),
    { a: { b: { c: [1, "2"] } } },
    new Uint8Array([1, 2, 3]),
    new Float64Array([0.5, -0]),
    new ArrayBuffer(4),
    Object.assign(Object.create(null), { bare: 1 }),
  ]
  for (const value of values) assert.deepStrictEqual(await go(echo, value), value)
  const back = (await go(echo, cycle)) as typeof cycle
  assert.equal(back.self, back)
  assert.equal(back.list[0], back)
})

test("any number of arguments, scalars or not", async () => {
  for (let n = 0; n <= 8; n++) {
    const scalars = Array.from({ length: n }, (_, i) => [i, null, undefined, true, 0.5][i % 5])
    assert.deepEqual(await go(echoAll, ...scalars), scalars)
    const mixed = scalars.map((value, i) => (i === 1 ? "text" : value))
    assert.deepEqual(await go(echoAll, ...mixed), mixed)
  }
})

test("tasks run in another isolate than main, and many at a time spread", async () => {
  const ids = await Promise.all(Array.from({ length: 50 }, () => go(isolateNow)))
  assert.ok(ids.every((id) => id !== 0))
})

test("an argument that cannot be sent rejects with its path", async () => {
  const error = await errorOf<NotSendableError>(go(echo, { user: { onClick: () => {} } }))
  assert.ok(error instanceof NotSendableError)
  assert.equal(error.path, "args[0].user.onClick")
  assert.equal(error.message, "args[0].user.onClick is a function")
  assert.equal(await go(add, 1, 1), 2)
})

test("a result that cannot be sent rejects with its path", async () => {
  const error = await errorOf<NotSendableError>(go(returns, "function"))
  assert.ok(error instanceof NotSendableError)
  assert.equal(error.path, "result.user.onClick")
})

test("a thenable is awaited once; a getter that throws fails its task alone", async () => {
  assert.equal(await go(returns, "thenable"), 42)
  assert.equal(await go(returns, "thenable twice"), 1)
  await assert.rejects(go(returns, "throwing then"), { name: "RangeError" })
  assert.equal(await go(add, 2, 2), 4)
})

test("a task is a promise with an id, a name and a state", async () => {
  const one = go(add, 1, 2)
  const other = go.with({ name: "sum" })(add, 3, 4)
  assert.ok(one instanceof Promise)
  assert.notEqual(one.id, other.id)
  assert.equal(one.name, "add")
  assert.equal(other.name, "sum")
  assert.equal(one.state, "queued")
  assert.deepEqual(await Promise.all([one, other]), [3, 7])
  assert.equal(one.state, "completed")
  assert.equal(await one.then((value) => value * 2), 6)
  assert.equal(await one.finally(() => {}), 3)
})

test("an id names a task: its own current() says it, through timers and awaits", async () => {
  const one = go(contextsSeen)
  const other = go(contextsSeen)
  const ids = await one
  assert.equal(new Set(ids).size, 1)
  assert.equal(ids.length, 5)
  assert.notEqual(ids[0], (await other)[0])
  assert.equal(current().id, 0)
  assert.equal(current().isolate, 0)
  assert.equal(current().signal.aborted, false)
})

test("any isolate submits", async () => {
  const sums = await Promise.all([go(fansOut, 300), go(fansOut, 500), go(fansOut, 700)])
  assert.deepEqual(
    sums,
    [300, 500, 700].map((n) => (n * (n + 1)) / 2),
  )
})

const LONG = process.env.HEDDLE_LONG === "1"

test("100,000 and more tasks in flight: none is lost, none is doubled", async () => {
  const count = LONG ? 1_000_000 : 150_000
  const tasks = new Array(count)
  for (let i = 0; i < count; i++) tasks[i] = go(add, i, 1)
  const values = await Promise.all(tasks)
  for (let i = 0; i < count; i++) assert.equal(values[i], i + 1)
})

test("what is no function, or has no name, is refused at once", () => {
  const bad = (value: unknown) => () => go(value as () => void)
  assert.throws(bad(undefined), { name: "TypeError", message: /received undefined/ })
  assert.throws(bad({}), TypeError)
  assert.throws(() => go(() => 1), { code: "ERR_HEDDLE_NOT_CALLABLE", message: /heddle run/ })
})

test("unknown options and bad numbers are refused by name", () => {
  const withOptions = (options: object) => () => go.with(options)
  assert.throws(withOptions({ timeout: 5 }), { name: "TypeError", message: /no option timeout/ })
  for (const timeoutMs of [-1, NaN]) {
    assert.throws(withOptions({ timeoutMs }), { name: "RangeError", message: /timeoutMs/ })
  }
  assert.throws(withOptions({ timeoutMs: "5" }), { name: "RangeError", message: /received "5"/ })
  assert.throws(withOptions({ signal: 5 }), { name: "TypeError", message: /signal, received 5/ })
  assert.throws(withOptions({ signal: {} }), { name: "TypeError", message: /received an object/ })
  assert.throws(() => go.with(null as never), { name: "TypeError", message: /received null/ })
})

test("a name given twice stays the first", () => {
  const fn = (): number => 1
  assert.equal(task("file:///a.js", "a", fn), fn)
  assert.equal(task("file:///b.js", "b", fn), fn)
})
