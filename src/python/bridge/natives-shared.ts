/** The builtins beneath `heddle.SharedBytes`: memory that TypeScript shares, read and written. */
import { type Arguments, type Builtin, raise } from "../builtins.ts"
import { OFFSET } from "../c-api.ts"
import { none, numberOf } from "../numbers.ts"
import type { Bridge } from "./bridge.ts"
import { sure } from "./c-api.ts"
import { memoryOf } from "./memory-of.ts"
import { formatOf } from "./to-python.ts"

/** What is shared under the first argument, as bytes. */
function viewOf(bridge: Bridge, args: Arguments): Uint8Array {
  const { buffer, byteOffset, byteLength } = bridge.handle(args, 0) as ArrayBufferView
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/**
 * The part of what is shared from a place on that is as long as the memory of the third argument,
 * and that memory; undefined, with an exception set, when it does not fit.
 */
function fitting(
  bridge: Bridge,
  args: Arguments,
  writable: boolean,
): [shared: Uint8Array, own: Uint8Array] | undefined {
  const { c } = bridge
  const view = viewOf(bridge, args)
  const at = numberOf(c, args.pointer(1)) ?? 0
  const { from, byteLength } = memoryOf(c, args.pointer(2), "data", writable)
  if (at + byteLength <= view.length)
    return [view.subarray(at, at + byteLength), c.HEAPU8.subarray(from, from + byteLength)]
  const message = `${byteLength} bytes do not fit at ${at} in shared memory of ${view.length}`
  raise(c, c._PyExc_ValueError, message)
  return undefined
}

/** The builtins on shared memory, each of which copies once. */
export function sharedBuiltins(bridge: Bridge): Record<string, Builtin> {
  const { c, toPython, carried } = bridge
  const number = (args: Arguments, index: number): number => numberOf(c, args.pointer(index)) ?? 0
  return {
    /** `shared_new(bytes)` */
    shared_new: bridge.builtin((args) => toPython.value(carried.make(number(args, 0)), "shared")),
    /** `shared_info(n)`: [bytes, bytes of an element, its format]. */
    shared_info: bridge.builtin((args) => {
      const view = bridge.handle(args, 0) as Uint8Array
      const format = formatOf(view) ?? "B"
      return toPython.value([view.byteLength, view.BYTES_PER_ELEMENT ?? 1, format], "info")
    }),
    /** `shared_read(n, start, stop)`: those bytes. */
    shared_read: bridge.builtin((args) => {
      const bytes = viewOf(bridge, args).subarray(number(args, 1), number(args, 2))
      const object = sure(c._PyBytes_FromStringAndSize(0, bytes.length))
      c.HEAPU8.set(bytes, object + OFFSET.BYTES)
      return object
    }),
    /** `shared_write(n, start, data)` */
    shared_write: bridge.builtin((args) => {
      const memory = fitting(bridge, args, false)
      if (memory === undefined) return 0
      const [shared, own] = memory
      shared.set(own)
      return none(c)
    }),
    /** `shared_into(n, start, buffer)`: fills the buffer. */
    shared_into: bridge.builtin((args) => {
      const memory = fitting(bridge, args, true)
      if (memory === undefined) return 0
      const [shared, own] = memory
      own.set(shared)
      return none(c)
    }),
  }
}
