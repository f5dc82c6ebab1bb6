/**
 * What it costs to turn an object of about 107 JSON bytes into bytes and back, on one core.
 *
 *   node --expose-gc --conditions=source bench/micro/codec.ts
 *
 * Every round runs every rival once, in turn, over the same 64 objects; the table shows the median
 * round in nanoseconds per object. `both` encodes and decodes each object, as a message does; for
 * the first two columns the messages lie in memory one after the other. Garbage is collected before
 * each measurement (v8.serialize leaves so much of it that the next in turn would pay); what a
 * rival leaves during its own turn counts. structuredClone does all its work in `encode`.
 */

import { availableParallelism } from "node:os"
import { deserialize, serialize } from "node:v8"
import { memoryOver } from "../../src/internal/memory/memory.ts"
import { Codec } from "../../src/internal/wire/codec.ts"
import { bool, f64, list, struct, text, u32 } from "../../src/internal/wire/struct.ts"

const ROUNDS = 15
const OBJECTS_PER_ROUND = 40_000
const MESSAGE_BYTES = 512

const objects = Array.from({ length: 64 }, (_, i) => ({
  id: 1_000_003 * i,
  name: `customer-${1000 + i}`,
  tags: ["retail", "priority", `region-${i}`],
  pos: { x: i + 0.5, y: i * -1.25, ok: i % 2 === 0 },
}))
type Sample = (typeof objects)[number]

const memory = memoryOver(new SharedArrayBuffer(1 << 20))
const codec = new Codec(memory)
const Shape = struct({
  id: u32,
  name: text(32),
  tags: list(text(16), 4),
  pos: struct({ x: f64, y: f64, ok: bool }),
})
const write = Shape.writer(memory)
const read = Shape.reader(memory)

/** One way to make bytes of an object and an object of bytes; `i` says which object and place. */
interface Rival {
  readonly name: string
  encode(object: Sample, i: number): void
  decode(i: number): Sample
}

const texts: string[] = []
const buffers: Buffer[] = []
const clones: Sample[] = []
const rivals: readonly Rival[] = [
  {
    name: "struct",
    encode: (object, i) => write(object, i * MESSAGE_BYTES),
    decode: (i) => read(i * MESSAGE_BYTES),
  },
  {
    name: "Codec",
    encode: (object, i) => void codec.encode(object, i * MESSAGE_BYTES, (i + 1) * MESSAGE_BYTES),
    decode: (i) => codec.decode(i * MESSAGE_BYTES) as Sample,
  },
  {
    name: "JSON",
    encode(object, i) {
      texts[i] = JSON.stringify(object)
    },
    decode: (i) => JSON.parse(texts[i]) as Sample,
  },
  {
    name: "structuredClone",
    encode(object, i) {
      clones[i] = structuredClone(object)
    },
    decode: (i) => clones[i],
  },
  {
    name: "v8.serialize",
    encode(object, i) {
      buffers[i] = serialize(object)
    },
    decode: (i) => deserialize(buffers[i]) as Sample,
  },
]

let sink = 0

function nanoseconds(run: () => void): number {
  globalThis.gc?.()
  const begin = process.hrtime.bigint()
  run()
  return Number(process.hrtime.bigint() - begin) / OBJECTS_PER_ROUND
}

function measure(rival: Rival): [encode: number, decode: number, both: number] {
  const encode = nanoseconds(() => {
    for (let n = 0; n < OBJECTS_PER_ROUND; n++) rival.encode(objects[n & 63], n & 63)
  })
  const decode = nanoseconds(() => {
    for (let n = 0; n < OBJECTS_PER_ROUND; n++) sink += rival.decode(n & 63).id
  })
  const both = nanoseconds(() => {
    for (let n = 0; n < OBJECTS_PER_ROUND; n++) {
      rival.encode(objects[n & 63], n & 63)
      sink += rival.decode(n & 63).id
    }
  })
  return [encode, decode, both]
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

const results = rivals.map((rival) => ({ rival, rounds: [] as [number, number, number][] }))
for (let round = -3; round < ROUNDS; round++) {
  for (const { rival, rounds } of results) {
    const times = measure(rival)
    if (round >= 0) rounds.push(times)
  }
}

console.log(
  `Node ${process.version}, ${availableParallelism()} cores, ns per object, medians of ${ROUNDS}`,
)
console.table(
  Object.fromEntries(
    results.map(({ rival, rounds }) => {
      const [encode, decode, both] = [0, 1, 2].map((i) => median(rounds.map((times) => times[i])))
      return [rival.name, { encode: round(encode), decode: round(decode), both: round(both) }]
    }),
  ),
)
if (sink === 0) throw new Error("nothing was decoded")

function round(value: number): number {
  return Math.round(value)
}
