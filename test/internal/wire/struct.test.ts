import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { describe, it } from "node:test"
import {
  bool,
  bytes,
  f32,
  f64,
  type Infer,
  i8,
  i16,
  i32,
  i64,
  list,
  optional,
  type Schema,
  schemaFrom,
  struct,
  text,
  u8,
  u16,
  u32,
  u64,
} from "../../../src/internal/wire/struct.ts"
import { generator, memory, randomText } from "./support.ts"

const AT = 4096

function roundTrip<T>(schema: Schema<T>, value: T): T {
  const guard = AT + schema.byteLength
  memory.bytes.fill(0x55, AT, guard + 16)
  schema.writer(memory)(value, AT)
  assert.ok(
    memory.bytes.subarray(guard, guard + 16).every((byte) => byte === 0x55),
    "stays inside",
  )
  return schema.reader(memory)(AT)
}

const Point = struct({ x: f64, y: f64, id: u32, label: text(32) })
type Point = Infer<typeof Point>

const Everything = struct({
  flag: bool,
  a: i8,
  b: u8,
  c: i16,
  d: u16,
  e: i32,
  f: u32,
  g: f32,
  h: f64,
  i: i64,
  j: u64,
  name: text(20),
  blob: bytes(5),
  point: Point,
  path: list(Point, 3),
  sizes: list(u8, 9),
  names: list(list(text(8), 2), 2),
  maybe: optional(f64),
  maybePoint: optional(Point),
  "odd name": u8,
})
const point = (id: number): Point => ({ x: id + 0.5, y: -id, id, label: `p${id}` })
const everything: Infer<typeof Everything> = {
  flag: true,
  a: -128,
  b: 255,
  c: -32768,
  d: 65535,
  e: -(2 ** 31),
  f: 2 ** 32 - 1,
  g: 0.5,
  h: Math.PI,
  i: -(2n ** 63n),
  j: 2n ** 64n - 1n,
  name: "Жук",
  blob: new Uint8Array([1, 2, 3]),
  point: point(1),
  path: [point(2), point(3)],
  sizes: [1, 2, 255],
  names: [["a"], []],
  maybe: 1,
  maybePoint: point(4),
  "odd name": 3,
}

describe("struct", () => {
  it("has a fixed size without padding between fields, and a name", () => {
    assert.equal(Point.byteLength, 56)
    assert.equal(Point.alignment, 8)
    assert.equal(Point.name, "{ x: f64, y: f64, id: u32, label: text(32) }")
    assert.equal(struct({ a: u8, b: f64, c: u8, d: i32 }).byteLength, 16)
    assert.equal(f64.scalar, "f64")
    assert.equal(Point.scalar, undefined)
  })

  it("brings every kind of field back", () => {
    assert.deepStrictEqual(roundTrip(Everything, everything), everything)
    const { maybe, maybePoint, ...rest } = everything
    assert.deepStrictEqual(roundTrip(Everything, rest), {
      ...rest,
      maybe: undefined,
      maybePoint: undefined,
    })
    assert.deepStrictEqual(Object.keys(roundTrip(Everything, everything)), Object.keys(everything))
  })

  it("serves as schema alone, field by field", () => {
    assert.equal(roundTrip(i32, -5), -5)
    assert.equal(roundTrip(u32, 2 ** 31), 2 ** 31)
    assert.equal(roundTrip(i8, -1), -1)
    assert.equal(roundTrip(i16, -2), -2)
    assert.equal(roundTrip(f32, Math.fround(0.1)), Math.fround(0.1))
    assert.ok(Object.is(roundTrip(f64, -0), -0))
    assert.ok(Number.isNaN(roundTrip(f64, Number.NaN)))
    assert.equal(roundTrip(u64, 7n), 7n)
    assert.equal(roundTrip(bool, false), false)
    assert.deepStrictEqual(roundTrip(list(f64, 4), [0.5, 1]), [0.5, 1])
    assert.equal(roundTrip(optional(text(4)), undefined), undefined)
  })

  it("brings text back exactly that fits", () => {
    const below = generator(3)
    const schema = text(400)
    for (let i = 0; i < 2000; i++) {
      const value = randomText(below)
      const size = /[\u0100-\uffff]/.test(value) ? value.length * 2 : value.length
      if (size <= 400) assert.equal(roundTrip(schema, value), value)
      else assert.throws(() => roundTrip(schema, value), RangeError)
    }
    assert.equal(roundTrip(text(3), "abc"), "abc")
  })

  it("ignores properties that are no fields", () => {
    const value = { ...point(1), extra: () => 1 }
    assert.deepStrictEqual(roundTrip(Point, value), point(1))
  })

  it("names path and value of what does not fit", () => {
    const bad: [change: object, error: RegExp][] = [
      [{ a: 128 }, /^RangeError: value\.a must be an integer from -128 to 127, received 128$/],
      [{ b: -1 }, /^RangeError: value\.b must be/],
      [{ c: 1.5 }, /^RangeError: value\.c must be .*received 1\.5$/],
      [{ d: 65536 }, /^RangeError: value\.d/],
      [{ e: 2 ** 31 }, /^RangeError: value\.e/],
      [{ f: -1 }, /^RangeError: value\.f/],
      [{ f: Number.NaN }, /^RangeError: value\.f must be .*received NaN$/],
      [{ e: "1" }, /^TypeError: value\.e must be .*received "1"$/],
      [{ g: undefined }, /^TypeError: value\.g must be a number, received undefined$/],
      [{ i: 5 }, /^TypeError: value\.i must be a bigint/],
      [{ i: 2n ** 63n }, /^RangeError: value\.i must be a bigint .*received 9223372036854775808n$/],
      [{ j: -1n }, /^RangeError: value\.j/],
      [{ flag: 1 }, /^TypeError: value\.flag must be a boolean, received 1$/],
      [{ name: "x".repeat(21) }, /^RangeError: value\.name must be a string of at most 20 bytes/],
      [{ name: "Ж".repeat(11) }, /^RangeError: value\.name/],
      [{ name: null }, /^TypeError: value\.name .*received null$/],
      [{ blob: new Uint8Array(6) }, /^RangeError: value\.blob/],
      [{ blob: [1] }, /^TypeError: value\.blob .*received an array of 1$/],
      [{ point: null }, /^TypeError: value\.point must be an object, received null$/],
      [{ path: [point(1), { ...point(2), id: -2 }] }, /^RangeError: value\.path\[1\]\.id/],
      [{ path: [1, 2, 3, 4] }, /^RangeError: value\.path must be an array of at most 3 elements/],
      [{ names: [["a"], ["b", 5]] }, /^TypeError: value\.names\[1\]\[1\] must be a string/],
      [{ maybePoint: { x: 1 } }, /^TypeError: value\.maybePoint\.y/],
      [{ "odd name": 256 }, /^RangeError: value\["odd name"\]/],
    ]
    const write = Everything.writer(memory) as (value: unknown, byte: number) => void
    for (const [change, message] of bad) {
      assert.throws(() => write({ ...everything, ...change }, AT), message)
    }
    assert.throws(() => write(null, AT), /^TypeError: value must be an object, received null$/)
  })

  it("refuses mistakes in the definition", () => {
    assert.throws(() => struct({}), TypeError)
    assert.throws(
      () => struct({ a: "f64" as never }),
      /field a of a struct must be a schema such as f64 or text\(32\), received "f64"$/,
    )
    assert.throws(() => struct(null as never), /struct takes an object of schemas, received null$/)
    assert.throws(() => text(Symbol("s") as never), /maxBytes of text .*, received Symbol\(s\)$/)
    assert.throws(() => struct({ ["__proto__"]: f64 }), /__proto__/)
    for (const size of [0, -1, 1.5, Number.NaN, 2 ** 31]) {
      assert.throws(() => text(size), RangeError)
      assert.throws(() => bytes(size), RangeError)
      assert.throws(() => list(u8, size), RangeError)
    }
    assert.throws(() => list(Everything, 2 ** 28), /too large/)
    const none = undefined as unknown as typeof u8
    assert.throws(() => list(none, 2), /^TypeError: list takes a schema .* received undefined$/)
    assert.throws(
      () => optional(none),
      /^TypeError: optional takes a schema .* received undefined$/,
    )
  })

  it("is made again from its description in another isolate", () => {
    const description = structuredClone(Everything.description)
    const again = schemaFrom(description)
    assert.equal(again.name, Everything.name)
    Everything.writer(memory)(everything, AT)
    assert.deepStrictEqual(again.reader(memory)(AT), everything)
    assert.equal(schemaFrom("i32"), i32)
    assert.throws(() => schemaFrom("i128"), TypeError)
    assert.throws(() => schemaFrom(["tuple"]), TypeError)
  })

  it("does the same where code may not be generated", () => {
    if (process.execArgv.includes("--disallow-code-generation-from-strings")) return
    const options = ["--conditions=source", "--disallow-code-generation-from-strings"]
    execFileSync(process.execPath, [...options, import.meta.filename], { stdio: "pipe" })
  })
})
