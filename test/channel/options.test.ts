import assert from "node:assert/strict"
import { test } from "node:test"
import { after, broadcast, channel, every, i32, select } from "../../src/index.ts"

/** As somebody calls who writes plain JavaScript. */
function loosely<F>(fn: F): (...args: unknown[]) => unknown {
  return fn as (...args: unknown[]) => unknown
}

const WRONG: readonly [given: unknown, error: RegExp][] = [
  ["4", /^TypeError: channel takes an object of options, received "4"$/],
  [null, /^TypeError: channel takes an object of options, received null$/],
  [[4], /^TypeError: channel takes an object of options, received an array of 1$/],
  [{ size: 4 }, /^TypeError: channel has no option size; it knows capacity, of, name, when/],
  [{ of: 3 }, /^TypeError: of must be a schema such as i32 or struct\(\{ … \}\), received 3$/],
  [{ of: null }, /^TypeError: of must be a schema .*, received null$/],
  [{ of: Int32Array }, /^TypeError: of must be a schema .*, received a function$/],
  [{ name: 3 }, /^TypeError: name must be a string, received 3$/],
  [{ capacity: "4" }, /^RangeError: capacity must be a whole number from 0 to .*, received "4"$/],
  [{ capacity: Symbol("s") }, /^RangeError: capacity must be .*, received Symbol\(s\)$/],
  [
    { whenReceiverDies: Symbol("s") },
    /^TypeError: whenReceiverDies must be .*, received Symbol\(s\)$/,
  ],
]

test("channel() names what it was given and cannot use", () => {
  for (const [given, error] of WRONG) assert.throws(() => loosely(channel)(given), error)
})

test("broadcast() names what it was given and cannot use", () => {
  const make = loosely(broadcast)
  assert.throws(() => make("4"), /^TypeError: broadcast takes an object of options, received "4"$/)
  assert.throws(() => make({ capacity: 4, of: i32 }), /^TypeError: broadcast has no option of;/)
  assert.throws(() => make({ capacity: 4, name: {} }), /^TypeError: name must be a string/)
})

test("select() names what it was given and cannot use", async () => {
  const numbers = channel<number>(1)
  const choose = loosely(select)
  await assert.rejects(
    async () => choose(null),
    /^TypeError: select takes an object of named cases/,
  )
  await assert.rejects(async () => choose([numbers]), /received an array of 1$/)
  await assert.rejects(async () => choose({ numbers: 4 }), /; case numbers is 4$/)
  const stopped = await choose({ stop: new ForeignSignal() })
  assert.equal((stopped as { case: string }).case, "stop")
  await assert.rejects(
    async () => choose({ numbers }, { signal: 4 }),
    /^TypeError: select takes an AbortSignal/,
  )
  assert.throws(
    () => loosely(select.try)(null),
    /^TypeError: select takes an object of named cases/,
  )
})

/** As of test runners that play a page: they have a class of signals of their own. */
class ForeignSignal extends EventTarget {
  readonly aborted = true
  readonly reason = new Error("over")
  throwIfAborted(): never {
    throw this.reason
  }
}

test("options of operations are checked although nothing has to wait", async () => {
  const numbers = channel<number>(4)
  await numbers.send(1)
  const send = (options: unknown) => loosely(numbers.send.bind(numbers))(2, options)
  const receive = (options: unknown) => loosely(numbers.receive.bind(numbers))(options)
  const some = (options: unknown) => loosely(numbers.receiveMany.bind(numbers))(4, options)
  const many = (options: unknown) => loosely(numbers.sendMany.bind(numbers))([2], options)
  for (const [name, call] of Object.entries({ send, receive, receiveMany: some, sendMany: many })) {
    const signal = new RegExp(`^TypeError: ${name} takes an AbortSignal as signal, received 4$`)
    await assert.rejects(async () => call({ signal: 4 }), signal)
    await assert.rejects(async () => call({ signal: new ForeignSignal() }), { message: "over" })
    await assert.rejects(async () => call({ timeoutMs: 4 }), /has no option timeoutMs/)
    await assert.rejects(async () => call("soon"), /takes an object of options, received "soon"/)
    const itself = /takes an object of options, \{ signal \}, received the signal itself$/
    await assert.rejects(async () => call(AbortSignal.abort()), itself)
  }
  assert.equal(numbers.statistics().depth, 1)
})

test("a signal that has aborted before is heard although nothing has to wait", async () => {
  const numbers = channel<number>(4)
  await numbers.send(1)
  const reason = new Error("too late")
  const options = { signal: AbortSignal.abort(reason) }
  await assert.rejects(numbers.send(2, options), reason)
  await assert.rejects(numbers.receive(options), reason)
  await assert.rejects(numbers.receiveMany(2, options), reason)
  assert.equal(numbers.statistics().depth, 1)
})

test("what is no number of milliseconds is refused by timers", () => {
  for (const make of [after, every]) {
    for (const given of [null, [], true, "5", 5n, Symbol("s"), undefined, -1, Number.NaN]) {
      assert.throws(
        () => loosely(make)(given),
        /^RangeError: (after|every) takes a number of milliseconds from \d, received ./,
      )
    }
  }
})

test("numbers of values and iterables are checked, and named", async () => {
  const numbers = channel<number>(4)
  const { receiveMany, batches, sendMany } = numbers
  for (const [name, call] of Object.entries({ receiveMany, batches })) {
    for (const given of [0, "2", Symbol("s"), undefined]) {
      await assert.rejects(
        async () => loosely(call.bind(numbers))(given),
        new RegExp(`^RangeError: ${name} takes a number of values from 1, received .`),
      )
    }
  }
  for (const [given, words] of [
    [3, "3"],
    [null, "null"],
    [{}, "an object"],
  ]) {
    await assert.rejects(
      async () => loosely(sendMany.bind(numbers))(given),
      new RegExp(`^TypeError: sendMany takes an iterable of values, received ${words}$`),
    )
  }
})

test("a channel of integers names whatever else it is given", () => {
  const integers = channel<number>({ of: i32, capacity: 4 })
  const given: unknown[] = [Symbol("s"), 1n, 1.5, "1", null, {}, { valueOf: () => 1 }]
  for (const value of given) {
    assert.throws(
      () => loosely(integers.trySend.bind(integers))(value),
      /^(TypeError|RangeError): value must be an integer from .*, received ./,
    )
  }
})
