import assert from "node:assert/strict"
import { describe, it } from "node:test"
import * as errors from "../../../src/errors.ts"
import { roundTrip } from "./support.ts"

class Custom extends RangeError {
  readonly detail = { at: [1, 2] }
}

describe("errors in messages", () => {
  it("keep class, name, message, stack and cause", () => {
    const cause = new SyntaxError("inner", { cause: { plain: true } })
    for (const Class of [
      Error,
      EvalError,
      RangeError,
      ReferenceError,
      SyntaxError,
      TypeError,
      URIError,
    ]) {
      const error = new Class("outer", { cause })
      const copy = roundTrip(error)
      assert.equal(copy.constructor, Class)
      assert.equal(copy.name, Class.name)
      assert.equal(copy.message, "outer")
      assert.equal(copy.stack, error.stack)
      assert.ok(copy.cause instanceof SyntaxError)
      assert.deepStrictEqual((copy.cause as Error).cause, { plain: true })
      assert.deepStrictEqual(Object.keys(copy), [])
      assert.deepStrictEqual(Object.getOwnPropertyNames(copy).sort(), ["cause", "message", "stack"])
    }
  })

  it("keep own fields with their enumerability, and have no field more", () => {
    const error = Object.assign(new Error("e"), { code: "E_X", at: { line: 1 } })
    Object.defineProperty(error, "hidden", { value: 5 })
    const copy = roundTrip(error) as typeof error & { hidden: number }
    assert.deepStrictEqual(Object.keys(copy), ["code", "at"])
    assert.equal(copy.hidden, 5)
    assert.equal("message" in Object.getOwnPropertyDescriptors(roundTrip(new Error())), false)
  })

  it("of other classes come as their nearest known ancestor with their own name", () => {
    const copy = roundTrip(new Custom("c"))
    assert.ok(copy instanceof RangeError)
    assert.equal(copy.constructor, RangeError)
    assert.equal(copy.name, "Custom")
    assert.deepStrictEqual(copy.detail, { at: [1, 2] })
    class Named extends Error {
      override name = "OwnName"
    }
    assert.equal(roundTrip(new Named("n")).name, "OwnName")
  })

  it("with several errors inside keep them", () => {
    const aggregate = new AggregateError([new TypeError("a"), "b"], "many")
    const copy = roundTrip(aggregate)
    assert.ok(copy instanceof AggregateError)
    assert.ok(copy.errors[0] instanceof TypeError)
    assert.equal(copy.errors[1], "b")
    const suppressed = new SuppressedError(new Error("now"), new Error("before"), "s")
    assert.equal(roundTrip(suppressed).suppressed.message, "before")
    assert.ok(roundTrip(suppressed) instanceof SuppressedError)
  })

  it("of the DOM and of Node keep name and code", () => {
    const abort = roundTrip(AbortSignal.abort().reason) as DOMException
    assert.ok(abort instanceof DOMException)
    assert.deepEqual([abort.name, abort.code], ["AbortError", DOMException.ABORT_ERR])
    class Quota extends DOMException {}
    const quota = roundTrip(new Quota("full", "QuotaExceededError"))
    assert.ok(quota instanceof DOMException)
    assert.deepEqual([quota.message, quota.name], ["full", "QuotaExceededError"])
    const node = assertThrown(() => Buffer.alloc("x" as unknown as number)) as TypeError & {
      code: string
    }
    const copy = roundTrip(node)
    assert.ok(copy instanceof TypeError)
    assert.equal(copy.code, "ERR_INVALID_ARG_TYPE")
    const assertion = assertThrown(() => assert.equal(1, 2)) as Error & {
      code: string
      actual: unknown
    }
    assert.deepEqual(
      [roundTrip(assertion).name, roundTrip(assertion).code, roundTrip(assertion).actual],
      ["AssertionError", "ERR_ASSERTION", 1],
    )
  })

  it("may refer to themselves", () => {
    const error: Error & { self?: unknown } = new Error("loop")
    error.self = [error]
    error.cause = error
    const copy = roundTrip(error)
    assert.equal(copy.cause, copy)
    assert.equal((copy.self as unknown[])[0], copy)
  })
})

const samples: errors.HeddleError[] = [
  new errors.HeddleError("base"),
  new errors.NotSendableError("value.x", "is a function"),
  new errors.UnknownClassError("shop/Money", "not here"),
  new errors.UseAfterMoveError("Sender", "at f (a.ts:1:2)"),
  new errors.BufferLostError(2),
  new errors.CaptureError({ file: "a.ts", line: 1, column: 2 }, "k", "is a function"),
  new errors.NotCallableError("f", "nobody named it"),
  new errors.ModuleLoadError("file:///a.ts", new Error("inside")),
  new errors.ChannelClosedError("send", {
    channel: "jobs",
    unsent: { id: 1 },
    cause: new Error("c"),
  }),
  new errors.TaskCancelledError("enough", "resize"),
  new errors.TimeoutError("channel receive", 50),
  new errors.IsolateDiedError(3, "exited", { exitCode: 7 }),
  new errors.LockOwnerDiedError(2, "table"),
  new errors.BarrierBrokenError(2),
  new errors.BlockingNotAllowedError("receiveSync"),
  new errors.ActorStoppedError("bank", { kind: "normal" }),
  new errors.NameTakenError("bank", "it belongs to another actor"),
  new errors.MailboxFullError("bank", 64),
  new errors.RestartIntensityError("root", 3, 5000),
  new errors.ChildStartError("root", "a", { cause: new Error("inside") }),
  new errors.ChildStateError("a", "running"),
  new errors.DeadlockError([{ who: "a", where: "a.ts:1", waitsFor: "b" }]),
  new errors.OutOfSharedMemoryError(1024, 1 << 30),
  new errors.HandleClosedError("Receiver"),
  new errors.RuntimeStoppedError("go"),
  new errors.IsolateStartError(3, { cause: new Error("EAGAIN") }),
  new errors.ShutdownTimeoutError(100, ["task 1"]),
  new errors.LayoutVersionError(1, 2),
  new errors.NoFreeIsolateError(63, 60, 3),
  new errors.PythonError("ValueError", "bad", "Traceback (most recent call last): …"),
  new errors.PythonMissingError(),
  new errors.InterpreterEndedError("it was terminated"),
  new errors.NotCrossOriginIsolatedError(),
]

describe("Heddle's own errors", () => {
  it("are all in the samples, with codes of their own", () => {
    const names = samples.map(({ name }) => name)
    assert.deepStrictEqual(names, Object.keys(errors.errorClasses))
    assert.equal(new Set(samples.map(({ code }) => code)).size, samples.length)
    for (const { code } of samples) assert.match(code, /^ERR_HEDDLE(_[A-Z]+)*$/)
  })

  for (const error of samples) {
    it(`come back as themselves: ${error.name}`, () => {
      const copy = roundTrip(error)
      assert.equal(copy.constructor, error.constructor)
      assert.deepStrictEqual(copy, error)
      assert.equal(copy.stack, error.stack)
      assert.equal(`${copy}`, `${error}`)
    })
  }

  it("say how to raise the bound of shared memory", () => {
    assert.match(
      new errors.OutOfSharedMemoryError(8, 4096).message,
      /memoryBytes = 4096.*start\(\{ memoryBytes/,
    )
  })
})

function assertThrown(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return assert.fail("nothing was thrown")
}
