import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { HeddleError, NotSendableError } from "../../../src/errors.ts"
import { sendable } from "../../../src/internal/wire/sendable.ts"
import { codec, LIMIT, roundTrip, START } from "./support.ts"

const again = `${new URL("../../../src/internal/wire/shareable.ts", import.meta.url)}?again`
const Copy: typeof import("../../../src/internal/wire/shareable.ts") = await import(again)

class Account {}
class Registered {}
class Derived extends Registered {}
sendable(Registered, { id: "test/Registered", encode: () => 0, decode: () => new Registered() })

const revoked = Proxy.revocable({}, {})
revoked.revoke()
const detached = new ArrayBuffer(8)
structuredClone(detached, { transfer: [detached] })
const refused: Record<string, [value: unknown, message: RegExp]> = {
  "a function": [() => 1, /^value is a function$/],
  "a class": [Account, /^value is a class$/],
  "a symbol": [Symbol("s"), /^value is a symbol$/],
  "a path": [
    { args: [{ user: { onClick() {} } }] },
    /^value\.args\[0\]\.user\.onClick is a function$/,
  ],
  "a key that is no name": [
    { "on click": [1, Symbol()] },
    /^value\["on click"\]\[1\] is a symbol$/,
  ],
  "a map's value": [new Map([["k", { f() {} }]]), /^value\.get\("k"\)\.f is a function$/],
  "a map's value by object": [new Map([[{}, Symbol()]]), /^value\.values\(\)\[0\] is a symbol$/],
  "a map's key": [new Map([[() => 1, 1]]), /^value\.keys\(\)\[0\] is a function$/],
  "a set's member": [new Set([1, [() => 1]]), /^value\.values\(\)\[1\]\[0\] is a function$/],
  "an instance": [{ a: new Account() }, /^value\.a is an instance of Account, .*sendable\(/],
  "a subclass of a registered class": [
    new Derived(),
    /derives from the registered class Registered/,
  ],
  "a subclass of Map": [new (class Own extends Map {})(), /^value is an instance of Own/],
  "a subclass of Array": [new (class Own extends Array {})(), /^value is an instance of Own/],
  "a promise": [[Promise.resolve()], /^value\[0\] is a Promise: await it, and send what it gives$/],
  "a signal": [
    { signal: new AbortController().signal },
    /^value\.signal is an AbortSignal: give the signal to go\.with\(\{ signal \}\) .*current\(\)/,
  ],
  "an address": [new URL("file:///a"), /^value is a URL: send its href$/],
  "an iterator": [[1].values(), /^value is an Iterator: collect what it gives in an array$/],
  "a handle of another copy": [
    new (class Channel extends Copy.Shareable {
      readonly kindId = 1
    })(),
    /^value is an instance of Channel of another copy of heddle: .* install one \(npm ls heddle\)$/,
  ],
  "a class of the program with a name of the host": [
    new (class URL {})(),
    /^value is an instance of URL, and its class is not registered/,
  ],
  "a generator": [
    (function* () {})(),
    /^value is a generator: collect .* in an array, or send what it yields on a channel$/,
  ],
  "an async generator": [
    { rows: (async function* () {})() },
    /^value\.rows is a generator: send what it yields on a channel$/,
  ],
  "a weak map": [new WeakMap(), /^value is a WeakMap$/],
  "a weak reference": [new WeakRef({}), /^value is a WeakRef$/],
  "a boxed symbol": [Object(Symbol()), /^value is /],
  "a getter that throws": [
    {
      a: {
        get b() {
          throw new Error("no")
        },
      },
    },
    /^value\.a\.b threw when read: no$/,
  ],
  "a revoked proxy": [{ p: revoked.proxy }, /^value\.p threw when read: .*revoked/],
  "a liar": [Object.create(Date.prototype), /^value has the prototype of Date but is not one/],
  "a lying map": [[Object.create(Map.prototype)], /^value\[0\] has the prototype of Map/],
  "a lying buffer": [
    Object.create(ArrayBuffer.prototype),
    /^value has the prototype of ArrayBuffer/,
  ],
  "an array without prototype": [Object.setPrototypeOf([], null), /^value is an array without/],
  "a detached buffer": [{ detached }, /^value\.detached is a buffer that was moved already$/],
  "an error's field": [Object.assign(new Error("e"), { f() {} }), /^value\.f is a function$/],
  "an error's cause": [new Error("e", { cause: [Symbol()] }), /^value\.cause\[0\] is a symbol$/],
  "an element after holes": [Object.assign([], { 3000: () => 1 }), /^value\[3000\] is a function$/],
}

describe("NotSendableError", () => {
  for (const [name, [value, message]] of Object.entries(refused)) {
    it(`names the path: ${name}`, () => {
      assert.throws(
        () => codec.encode(value, START, LIMIT),
        (error) => {
          assert.ok(error instanceof NotSendableError && error instanceof HeddleError)
          assert.match(error.message, message)
          assert.equal(error.message, `${error.path} ${error.problem}`)
          assert.equal(error.code, "ERR_HEDDLE_NOT_SENDABLE")
          return true
        },
      )
      assert.deepStrictEqual(roundTrip({ still: ["usable"] }), { still: ["usable"] })
    })
  }

  it("begins the path with the root it was given", () => {
    assert.throws(() => codec.encode([Symbol()], START, LIMIT, "args"), /args\[0\] is a symbol/)
  })

  it("keeps what a getter threw as its cause", () => {
    const cause = new TypeError("inner")
    const value = {
      get x(): never {
        throw cause
      },
    }
    assert.throws(() => codec.encode(value, START, LIMIT), { cause })
  })

  it("shortens paths without end and refuses chains of causes without end", () => {
    let deep: unknown = () => 1
    for (let i = 0; i < 5000; i++) deep = { a: deep }
    assert.throws(() => codec.encode(deep, START, LIMIT), /^NotSendableError: value.*…/)
    let error = new Error("first")
    for (let i = 0; i < 2000; i++) error = new Error("next", { cause: error })
    assert.throws(() => codec.encode(error, START, LIMIT), /nested more than \d+ levels deep/)
  })

  it("refuses an instance that contains itself, by way of its data", () => {
    class Node {
      next: Node = this
    }
    const decode = (): Node => new Node()
    sendable(Node, { id: "test/Node", encode: (node) => ({ next: node.next }), decode })
    assert.throws(() => codec.encode(new Node(), START, LIMIT), /refers to an instance/)
  })
})
