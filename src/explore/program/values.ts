/**
 * Values on their way between simulated isolates: through the codec of real messages.
 *
 * Numbers and their like need no copy. Everything else is encoded into bytes of its own and decoded
 * by whoever receives it, so that a receiver never holds its sender's objects.
 */
import { memoryOver } from "../../internal/memory/memory.ts"
import { Codec } from "../../internal/wire/codec.ts"

const FIRST_BYTES = 1 << 18
/** Where messages are encoded and decoded: offset 0 names nothing. */
const START = 64

/** A value that has left its isolate. */
export type Parcel = { readonly plain: unknown } | { readonly bytes: Uint8Array }

let memory = memoryOver(new SharedArrayBuffer(FIRST_BYTES))
let codec = new Codec(memory)

function isPlain(value: unknown): boolean {
  return (
    (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol") ||
    value === null
  )
}

/**
 * Copies a value out of its isolate.
 *
 * @throws {NotSendableError} naming the path to what cannot be sent
 */
export function pack(value: unknown, root: string): Parcel {
  if (isPlain(value)) return { plain: value }
  for (;;) {
    const end = codec.encode(value, START, memory.bytes.length, root)
    if (end >= 0) {
      codec.commit()
      return { bytes: memory.bytes.slice(START, end) }
    }
    grow(memory.bytes.length * 4)
  }
}

/** @throws {NotSendableError} naming the path to what cannot be sent; nothing is copied or moved */
export function checkSendable(value: unknown, root: string): void {
  if (isPlain(value)) return
  while (codec.encode(value, START, memory.bytes.length, root) < 0) grow(memory.bytes.length * 4)
}

/** Makes the value in the isolate that runs now. */
export function unpack(parcel: Parcel): unknown {
  if ("plain" in parcel) return parcel.plain
  if (parcel.bytes.length + START > memory.bytes.length) grow(parcel.bytes.length + START)
  memory.bytes.set(parcel.bytes, START)
  return codec.decode(START)
}

function grow(bytes: number): void {
  memory = memoryOver(new SharedArrayBuffer(Math.ceil(bytes / 8) * 8))
  codec = new Codec(memory)
}
