import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { describe, it } from "node:test"
import { runInNewContext } from "node:vm"
import { memoryOver } from "../../../src/internal/memory/memory.ts"
import { Codec } from "../../../src/internal/wire/codec.ts"
import {
  codec,
  generator,
  LIMIT,
  memory,
  other,
  randomText,
  randomValue,
  roundTrip,
  START,
} from "./support.ts"

/** The same array with holes in place of every "-". */
function withHoles(elements: readonly unknown[]): unknown[] {
  const result: unknown[] = []
  elements.forEach((element, i) => {
    if (element === "-") result.length = i + 1
    else result[i] = element
  })
  return result
}

const sparse: unknown[] = []
sparse[5_000_000] = "far"
sparse[2] = "near"

const values: Record<string, unknown> = {
  undefined,
  null: null,
  true: true,
  false: false,
  "int at the edge of 24 bits": [2 ** 23 - 1, 2 ** 23, -(2 ** 23), -(2 ** 23) - 1],
  "int32 edges": [2 ** 31 - 1, -(2 ** 31), 2 ** 31],
  "odd numbers": [-0, Number.NaN, Infinity, -Infinity, 0.1, 5e-324],
  bigints: [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, -(2n ** 200n), 2n ** 4000n],
  "empty text": "",
  "text around thresholds": [23, 24, 25, 31, 32, 33, 64].map((n) => "x".repeat(n)),
  "wide text around thresholds": [1, 24, 25, 32, 33].map((n) => `${"ж".repeat(n)}a`),
  "latin1 text": "\u0000é\u00ff".repeat(20),
  "lone surrogates": ["\ud800", "a\udc00b", "😀".repeat(40), "\udfff\ud83d"],
  "wide unit at the end of long text": `${"a".repeat(1000)}Ж`,
  "nested empties": [{}, [], [[]], { a: {} }, new Map(), new Set()],
  "keys that mean something": {
    constructor: 1,
    length: 2,
    toString: 3,
    "": 4,
    7: 5,
    hasOwnProperty: 6,
  },
  "wide keys": { Ж: 1, "\ud800": 2, [`${"long".repeat(100)}é`]: 3 },
  holes: withHoles([1, "-", 2, "-", "-", undefined, "-"]),
  "only holes": new Array(3),
  "many holes": [1, ...new Array(100), 2].map((v) => v),
  "holes in front": Object.assign([], { 2000: "x", length: 2100 }),
  sparse,
  date: [new Date(0), new Date(-1.5e12), new Date(Number.NaN)],
  regexp: [/a\/b/giu, /(?:)/],
  map: new Map<unknown, unknown>([
    [{ k: 1 }, [1]],
    [Number.NaN, undefined],
    [null, new Map()],
  ]),
  set: new Set<unknown>([1, "a", { x: 1 }, [2]]),
  boxed: [Object(1), Object("s"), Object(false), Object(2n), Object(-0)],
  buffers: [new ArrayBuffer(0), new Uint8Array([1, 2, 3]).buffer],
  resizable: new ArrayBuffer(4, { maxByteLength: 64 }),
  views: [
    new Int8Array([-1]),
    new Uint8ClampedArray([255]),
    new Int16Array([-2]),
    new Uint16Array([3]),
    new Int32Array([-4]),
    new Uint32Array([5]),
    new Float32Array([0.5]),
    new Float64Array([Math.PI]),
    new BigInt64Array([-6n]),
    new BigUint64Array([7n]),
    new DataView(new ArrayBuffer(9), 2, 3),
  ],
  "part of a buffer": new Uint16Array(new ArrayBuffer(64), 8, 4),
  "match of a regexp": "key=value".match(/(\w+)=(\w+)/),
}

describe("Codec", () => {
  for (const [name, value] of Object.entries(values)) {
    it(`copies like structured clone: ${name}`, () => {
      assert.deepStrictEqual(roundTrip(value), structuredClone(value))
    })
  }

  it("copies an own property named __proto__ as such", () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')
    const copy = roundTrip(value)
    assert.deepStrictEqual(Object.keys(copy), ["__proto__", "a"])
    assert.equal(Object.getPrototypeOf(copy), Object.prototype)
    for (let i = 0; i < 300; i++) assert.deepStrictEqual(roundTrip(value), value)
    assert.equal(({} as { polluted?: boolean }).polluted, undefined)
  })

  it("keeps null prototypes and ignores what is not own and enumerable", () => {
    const bare = Object.assign(Object.create(null), { a: 1 })
    assert.equal(Object.getPrototypeOf(roundTrip(bare)), null)
    assert.deepStrictEqual(roundTrip(bare), bare)
    const value = Object.defineProperty({ seen: 1, [Symbol("s")]: 2 }, "hidden", { value: 3 })
    assert.deepStrictEqual(Reflect.ownKeys(roundTrip(value)), ["seen"])
  })

  it("keeps Node's Buffer and copies only its window of the pool", () => {
    const copy = roundTrip({ bytes: Buffer.from("heddle") })
    assert.ok(Buffer.isBuffer(copy.bytes))
    assert.equal(copy.bytes.toString(), "heddle")
    assert.equal(copy.bytes.buffer.byteLength, 6)
  })

  it("keeps cycles and identity", () => {
    const cyclic: Record<string, unknown> = {
      list: [] as unknown[],
      map: new Map(),
      set: new Set(),
    }
    cyclic.self = cyclic
    ;(cyclic.list as unknown[]).push(cyclic, cyclic.map)
    ;(cyclic.map as Map<unknown, unknown>).set(cyclic, cyclic.list)
    ;(cyclic.set as Set<unknown>).add(cyclic).add(cyclic.set)
    const copy = roundTrip(cyclic) as typeof cyclic
    assert.equal(copy.self, copy)
    assert.equal((copy.list as unknown[])[0], copy)
    assert.equal((copy.list as unknown[])[1], copy.map)
    assert.equal((copy.map as Map<unknown, unknown>).get(copy), copy.list)
    assert.ok((copy.set as Set<unknown>).has(copy.set))
  })

  it("keeps identity of every class of object, however many lie between", () => {
    const shared = [
      {},
      [],
      new Map(),
      new Set(),
      new Date(1),
      /x/,
      Object(1),
      new ArrayBuffer(8),
      new Uint8Array(4),
      new DataView(new ArrayBuffer(4)),
      Buffer.from("b"),
      new Error("e"),
      Object.create(null),
      "m".match(/m/),
      AbortSignal.abort().reason,
    ]
    const copy = roundTrip([shared, Array.from({ length: 100 }, () => ({})), [...shared]])
    copy[0].forEach((object, i) => {
      assert.equal(object, copy[2][i])
    })
  })

  it("keeps views of one buffer on one buffer", () => {
    const buffer = new ArrayBuffer(16)
    const copy = roundTrip({ a: new Uint8Array(buffer, 4), b: new Int32Array(buffer), buffer })
    copy.b[1] = 7
    assert.equal(copy.a[0], 7)
    assert.equal(copy.buffer, copy.a.buffer)
  })

  it("copies objects of another realm", () => {
    const foreign = runInNewContext(
      "({ list: [1, { a: 2 }], map: new Map([[1, 2]]), date: new Date(3), " +
        "bytes: new Uint8Array([4]), error: new RangeError('far') })",
    )
    const copy = roundTrip(foreign)
    const { error, ...rest } = copy
    assert.deepStrictEqual(rest, {
      list: [1, { a: 2 }],
      map: new Map([[1, 2]]),
      date: new Date(3),
      bytes: new Uint8Array([4]),
    })
    assert.ok(error instanceof RangeError)
    assert.equal(error.message, "far")
  })

  it("copies nesting deeper than any stack", () => {
    let chain: unknown = "end"
    for (let i = 0; i < 60_000; i++) {
      const inner = chain
      chain = [{ inner }, [inner], new Map([["inner", inner]]), new Set([inner])][i % 4]
    }
    const copy = roundTrip(chain)
    let depth = 0
    let at: unknown = copy
    while (at !== "end") {
      if (Array.isArray(at)) at = at[0]
      else if (at instanceof Map) at = at.get("inner")
      else if (at instanceof Set) at = [...at][0]
      else at = (at as { inner: unknown }).inner
      depth++
    }
    assert.equal(depth, 60_000)
  })

  it("keeps the order of keys in deep objects, and cycles through them", () => {
    const root: Record<string, unknown> = {}
    let at = root
    for (let i = 0; i < 500; i++) {
      const inner: Record<string, unknown> = { before: i }
      at.inner = inner
      at.after = root
      at = inner
    }
    let copy = roundTrip(root)
    const first = copy
    for (let i = 0; i < 499; i++) {
      copy = copy.inner as typeof root
      assert.deepStrictEqual(Object.keys(copy), ["before", "inner", "after"])
      assert.equal(copy.after, first)
    }
  })

  it("copies random values as structured clone does", () => {
    for (let seed = 1; seed <= 3000; seed++) {
      const value = randomValue(generator(seed))
      assert.deepStrictEqual(roundTrip(value), structuredClone(value), `seed ${seed}`)
    }
  })

  it("copies random text exactly, at every alignment", () => {
    const below = generator(7)
    for (let i = 0; i < 2000; i++) {
      const texts = [randomText(below), randomText(below)]
      assert.deepStrictEqual(roundTrip(texts), texts)
    }
  })

  it("copies text of a megabyte and more units than a payload counts", () => {
    for (const text of ["n".repeat(1 << 20), `${"w".repeat(1 << 20)}Ж`])
      assert.ok(roundTrip(text) === text)
    const big = new Codec(memoryOver(new SharedArrayBuffer(0x110_0000)))
    const text = "y".repeat(0x100_0001)
    const end = big.encode(text, 0, 0x100_0100)
    assert.ok(end > 0)
    assert.ok(big.decode(0) === text)
  })

  it("says -1 for every limit below the need, and touches nothing beyond it", () => {
    const value = {
      id: 5,
      text: "some text",
      wide: "Жуж",
      long: "l".repeat(50),
      n: 0.5,
      i: 1e6,
      big: 2n ** 70n,
      b: 3n,
      list: withHoles([1, "-", { x: 1 }]),
      map: new Map([[1, new Set([2])]]),
      d: new Date(1),
      r: /x/g,
      box: Object(1),
      bytes: new Uint8Array([1, 2, 3]),
      node: Buffer.from("n"),
      e: new RangeError("r"),
      m: "m".match(/m/),
      abort: AbortSignal.abort().reason,
    }
    const end = codec.encode(value, START, LIMIT)
    for (let limit = START; limit < end; limit += 4) {
      memory.bytes.fill(0xaa, limit, end + 64)
      assert.equal(codec.encode(value, START, limit), -1, `limit ${limit}`)
      assert.ok(memory.bytes.subarray(limit, end + 64).every((byte) => byte === 0xaa))
    }
    assert.equal(codec.encode(value, START, end), end)
    assert.deepStrictEqual(other.decode(START), { ...value })
  })

  it("stays right with more shapes than it remembers", () => {
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 6000; i++) {
        const value = { [`key${i}`]: i, common: { [`other${i % 70}`]: i } }
        assert.deepStrictEqual(roundTrip(value), value)
      }
    }
    const dictionary = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]))
    assert.deepStrictEqual(roundTrip([dictionary, dictionary]), [dictionary, dictionary])
  })

  it("may be used by getters and toString while it is being used", () => {
    const inner = new Codec(memory)
    const value = {
      get nested() {
        const end = codec.encode({ inside: [1, { x: "y" }] }, 1 << 20, LIMIT)
        assert.ok(end > 0)
        return inner.decode(1 << 20)
      },
      x: 1,
      inside: 2,
    }
    assert.deepStrictEqual(roundTrip([value, { x: "z" }]), [
      { nested: { inside: [1, { x: "y" }] }, x: 1, inside: 2 },
      { x: "z" },
    ])
  })

  it("reads what any codec of this version wrote, in any order", () => {
    const messages = Array.from({ length: 50 }, (_, i) => randomValue(generator(i + 9000)))
    const starts = messages.map((message, i) => {
      const start = START + i * 64 * 1024
      assert.ok(codec.encode(message, start, start + 64 * 1024) > 0)
      return start
    })
    const fresh = new Codec(memory)
    for (let i = 49; i >= 0; i--) {
      assert.deepStrictEqual(fresh.decode(starts[i]), structuredClone(messages[i]))
    }
  })

  it("works where code may not be generated", () => {
    const support = JSON.stringify(import.meta.resolve("./support.ts"))
    const script = `
      import assert from "node:assert/strict"
      import { generator, randomValue, roundTrip } from ${support}
      assert.throws(() => new Function(""))
      for (let seed = 1; seed < 400; seed++) {
        const value = randomValue(generator(seed))
        assert.deepStrictEqual(roundTrip(value), structuredClone(value))
      }
      for (let a = 0; a < 300; a++) assert.deepStrictEqual(roundTrip({ a, b: "x" }), { a, b: "x" })
    `
    const args = [
      "--conditions=source",
      "--disallow-code-generation-from-strings",
      "--input-type=module",
    ]
    execFileSync(process.execPath, [...args, "--eval", script], { stdio: "pipe" })
  })
})
