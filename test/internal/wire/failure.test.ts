import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { TaskCancelledError } from "../../../src/errors.ts"
import { fromFailure, toFailure } from "../../../src/internal/wire/failure.ts"
import { roundTrip } from "./support.ts"

function across(thrown: unknown, awaitedStack?: string): unknown {
  return fromFailure(roundTrip(toFailure(thrown, "isolate 3")), { awaitedStack })
}

describe("failures", () => {
  it("bring thrown values of every kind across", () => {
    for (const thrown of [undefined, null, 0, "text", 5n, { code: 1 }, [1], new Map([[1, 2]])]) {
      assert.deepStrictEqual(across(thrown), thrown)
    }
  })

  it("show both sides in the stack: thrown there, awaited here", () => {
    const error = new RangeError("boo")
    error.stack = "RangeError: boo\n    at deep (file:///there.ts:3:4)"
    const awaitedStack =
      "Error\n    at wait (file:///here.ts:1:2)\n    at main (file:///here.ts:9:9)"
    const copy = across(error, awaitedStack) as RangeError
    assert.ok(copy instanceof RangeError)
    assert.equal(
      copy.stack,
      `${error.stack}\n    --- thrown in isolate 3, awaited here: ---\n` +
        "    at wait (file:///here.ts:1:2)\n    at main (file:///here.ts:9:9)",
    )
    assert.equal((across(error) as Error).stack, error.stack)
    assert.equal(across("text", awaitedStack), "text")
  })

  it("lose a field that cannot be sent, and say so", () => {
    const error = Object.assign(new TypeError("request failed", { cause: new Error("socket") }), {
      code: "E_HTTP",
      config: { transform: () => 1 },
    })
    Object.defineProperty(error, "broken", {
      get: () => {
        throw new Error("no")
      },
      enumerable: true,
    })
    const copy = across(error) as TypeError & Record<string, unknown>
    assert.ok(copy instanceof TypeError)
    assert.equal(copy.message, "request failed")
    assert.equal(copy.stack, error.stack)
    assert.equal(copy.code, "E_HTTP")
    assert.equal((copy.cause as Error).message, "socket")
    assert.deepStrictEqual(copy.notSent, [
      "config .transform is a function",
      "broken threw when read: no",
    ])
  })

  it("repair causes and errors inside, in circles too", () => {
    class Own extends RangeError {
      override cause: unknown = Object.assign(new Error("inner"), { f: () => 1, kept: 1 })
    }
    const copy = across(new Own("outer")) as RangeError & {
      cause: Error & { kept: number; notSent: string[] }
    }
    assert.ok(copy instanceof RangeError)
    assert.equal(copy.name, "Own")
    assert.equal(copy.cause.kept, 1)
    assert.deepStrictEqual(copy.cause.notSent, ["f is a function"])
    const circle = new Error("circle")
    Object.assign(circle, { cause: circle, f: () => 1 })
    const back = across(circle) as Error
    assert.equal(back.cause, back)
    const many = across(new AggregateError([circle, Symbol("s"), 5], "many")) as AggregateError
    assert.equal(many.errors[0].message, "circle")
    assert.deepStrictEqual(many.errors.slice(1), ["Symbol(s)", 5])
  })

  it("describe what cannot be sent at all", () => {
    assert.match((across(() => 1) as Error).message, /cannot be sent \(it is a function\)/)
    assert.match((across(Symbol("odd")) as Error).message, /Symbol\(odd\)/)
    assert.match((across({ p: Promise.resolve() }) as Error).message, /\.p is a Promise: await it/)
    class Thing {}
    assert.match((across(new Thing()) as Error).message, /instance of Thing/)
  })

  it("never throw, whatever was thrown", () => {
    const fail = (): never => {
      throw new Error("trap")
    }
    const traps = { get: fail, getPrototypeOf: fail, ownKeys: fail, getOwnPropertyDescriptor: fail }
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    const hostile: unknown[] = [
      new Proxy({}, traps),
      new Proxy(new Error("e"), traps),
      revoked.proxy,
      { [Symbol.toPrimitive]: fail, toString: fail, f: () => 1 },
      Object.defineProperty(new Error("stack"), "stack", { get: fail }),
      Object.defineProperty(new Error("message"), "message", { get: fail, enumerable: true }),
      Object.assign(new Error("huge"), { data: new Uint8Array(40 << 20) }),
    ]
    for (const thrown of hostile) assert.ok(across(thrown) instanceof Error)
  })

  it("survive a chain of causes without end", () => {
    let error = new Error("first")
    for (let i = 0; i < 5000; i++) error = new Error(`${i}`, { cause: error })
    assert.equal((across(error) as Error).message, "4999")
  })

  it("keep Heddle's classes", () => {
    const copy = across(new TaskCancelledError(() => 1, "t"))
    assert.ok(copy instanceof TaskCancelledError)
    assert.equal(copy.code, "ERR_HEDDLE_TASK_CANCELLED")
    assert.equal(copy.task, "t")
  })
})
