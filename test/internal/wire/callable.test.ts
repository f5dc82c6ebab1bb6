import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { CaptureError, ModuleLoadError, NotCallableError } from "../../../src/errors.ts"
import {
  callableOf,
  loadCallable,
  nameCallable,
  REFUSED_KEY,
  unnamedHelp,
} from "../../../src/internal/wire/callable.ts"

const moduleOf = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`

describe("callable", () => {
  it("carries a name and stays the function it was", () => {
    const fn = (n: number) => n + 1
    assert.equal(nameCallable(fn, "file:///a.ts", "go0", [1]), fn)
    assert.equal(fn(1), 2)
    const { url, exportName, captures } = callableOf(fn) ?? {}
    assert.deepEqual([url, exportName, captures], ["file:///a.ts", "go0", [1]])
  })

  it("keeps its first name", () => {
    const fn = nameCallable(() => 1, "file:///a.ts", "first")
    nameCallable(fn, "file:///b.ts", "second")
    assert.equal(callableOf(fn)?.exportName, "first")
  })

  it("has none until it is given one", () => {
    assert.equal(
      callableOf(() => 1),
      undefined,
    )
    assert.match(unnamedHelp(), /heddle run/)
  })

  it("is not inherited by a class from its parent", () => {
    class Parent {}
    class Child extends Parent {}
    nameCallable(Parent, "file:///a.ts", "Parent")
    assert.equal(callableOf(Child), undefined)
    nameCallable(Child, "file:///a.ts", "Child")
    assert.equal(callableOf(Child)?.exportName, "Child")
    assert.equal(callableOf(Parent)?.exportName, "Parent")
  })

  it("throws what the transform refused", () => {
    const fn = () => 1
    const refusal = ["/a.ts", 3, 7, "total", "is assigned again"]
    Object.assign(fn, { [Symbol.for(REFUSED_KEY)]: refusal })
    assert.throws(
      () => callableOf(fn),
      (error) => {
        assert.ok(error instanceof CaptureError)
        assert.equal(error.message, "/a.ts:3:7: total is assigned again")
        return true
      },
    )
  })

  it("is loaded by module and export", async () => {
    const fn = await loadCallable(moduleOf("export const twice = (n) => n * 2"), "twice")
    assert.equal(fn(4), 8)
  })

  it("is not found when the export is missing or no function", async () => {
    const url = moduleOf("export const n = 1; export const nothing = null")
    for (const [name, problem] of [
      ["m", /"m" of .* is not there/],
      ["n", /is number, not a function/],
      ["nothing", /is null, not a function/],
    ] as const) {
      await assert.rejects(loadCallable(url, name), (error) => {
        assert.ok(error instanceof NotCallableError)
        assert.equal(error.callable, `${url}#${name}`)
        assert.match(error.message, problem)
        return true
      })
    }
  })

  it("is not found when the module fails to load", async () => {
    const url = moduleOf("throw new RangeError('broken')")
    await assert.rejects(loadCallable(url, "fn"), (error) => {
      assert.ok(error instanceof ModuleLoadError)
      assert.ok(error.cause instanceof RangeError)
      return true
    })
  })
})
