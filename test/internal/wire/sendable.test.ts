import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { UnknownClassError } from "../../../src/errors.ts"
import { sendable } from "../../../src/internal/wire/sendable.ts"
import { codec, LIMIT, memory, other, roundTrip, START } from "./support.ts"

class Money {
  readonly cents: bigint
  readonly tags: string[]
  constructor(cents: bigint, tags: string[]) {
    this.cents = cents
    this.tags = tags
  }
}
const returned = sendable(Money, {
  id: "test/Money",
  encode: (money) => [money.cents, money.tags] as const,
  decode: ([cents, tags]) => new Money(cents, tags),
})

class Purse {
  readonly inside: unknown
  constructor(inside: unknown) {
    this.inside = inside
  }
}
sendable(Purse, {
  id: "test/Purse",
  encode: (purse) => purse.inside,
  decode: (inside) => new Purse(inside),
})

describe("sendable", () => {
  it("returns the class and brings instances across as instances", () => {
    assert.equal(returned, Money)
    const copy = roundTrip({ price: new Money(5n, ["net"]) })
    assert.ok(copy.price instanceof Money)
    assert.deepStrictEqual(copy.price, new Money(5n, ["net"]))
  })

  it("keeps identity and nests, deeply too", () => {
    const money = new Money(1n, [])
    const copy = roundTrip([money, new Purse({ money }), money])
    assert.equal(copy[0], copy[2])
    assert.equal(((copy[1] as Purse).inside as { money: Money }).money, copy[0])
    let deep: unknown = { leaf: 1 }
    for (let i = 0; i < 200; i++) deep = new Purse([deep])
    assert.deepStrictEqual(roundTrip(deep), deep)
    for (let i = 0; i < 1000; i++) deep = new Purse([deep])
    assert.throws(() => codec.encode(deep, START, LIMIT), /nested more than/)
  })

  it("gives decode whole data, however deep the instance lies", () => {
    let chain: unknown = new Purse({ whole: { data: [1] } })
    for (let i = 0; i < 1000; i++) chain = { chain }
    let copy = roundTrip(chain)
    while (!(copy instanceof Purse)) copy = (copy as { chain: unknown }).chain
    assert.deepStrictEqual(copy.inside, { whole: { data: [1] } })
  })

  it("says which class a receiver has not loaded", () => {
    const end = codec.encode([new Money(1n, [])], START, LIMIT)
    const text = Buffer.from(memory.buffer).subarray(START, end)
    text.write("test/Honey", text.indexOf("test/Money"), "latin1")
    assert.throws(
      () => other.decode(START),
      (error) => {
        assert.ok(error instanceof UnknownClassError)
        assert.equal(error.id, "test/Honey")
        assert.match(
          error.message,
          /"test\/Honey".*import the module that calls sendable.*name the class in it$/,
        )
        return true
      },
    )
  })

  it("names id and path when encode throws or gives what cannot be sent", () => {
    class Bad {
      readonly problem: unknown
      constructor(problem: unknown) {
        this.problem = problem
      }
    }
    const encode = (bad: Bad): unknown => {
      if (bad.problem instanceof Error) throw bad.problem
      return bad.problem
    }
    sendable(Bad, { id: "test/Bad", encode, decode: (data) => new Bad(data) })
    const failing = [new Bad(new Error("why"))]
    assert.throws(
      () => codec.encode(failing, START, LIMIT),
      /value\[0\] could not be encoded as "test\/Bad": why/,
    )
    const function_ = { b: new Bad({ f: () => 1 }) }
    assert.throws(
      () => codec.encode(function_, START, LIMIT),
      /value\.b\.encode\("test\/Bad"\)\.f is a function/,
    )
  })

  it("refuses mistakes in the registration", () => {
    class A {}
    const options = { id: "test/A", encode: () => 0, decode: () => new A() }
    assert.throws(() => sendable(A, { ...options, id: "" }), TypeError)
    assert.throws(() => sendable(A, { ...options, decode: 5 as never }), /decode of "test\/A"/)
    assert.throws(() => sendable({} as unknown as typeof A, options), /takes a class/)
    assert.throws(
      () => sendable(A, { ...options, id: "test/Money" }),
      /"test\/Money" of A belongs to Money/,
    )
    sendable(A, options)
    assert.throws(
      () => sendable(A, { ...options, id: "test/A2" }),
      /registered already, as "test\/A"/,
    )
  })
})

describe("sendable, misused", () => {
  class Coin {}
  const good = { id: "test/Coin", encode: () => 1, decode: () => new Coin() }
  const wrong = (options: unknown) => () => sendable(Coin, options as typeof good)

  it("names what it was given", () => {
    assert.throws(wrong(3), /^TypeError: sendable takes an object of options, received 3$/)
    assert.throws(
      wrong({ ...good, reuse: 1 }),
      /^TypeError: sendable has no option reuse; it knows/,
    )
    assert.throws(wrong({ ...good, id: Symbol("s") }), /needs an id, .*: received Symbol\(s\)$/)
    assert.throws(wrong({ ...good, decode: 3 }), /decode of "test\/Coin" must be a function, .* 3$/)
    assert.throws(
      () => sendable("Coin" as unknown as typeof Coin, good),
      /sendable takes a class, received "Coin"$/,
    )
    assert.equal(sendable(Coin, good), Coin, "nothing of that was kept")
  })
})
