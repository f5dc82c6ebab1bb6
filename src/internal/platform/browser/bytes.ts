/** What Node adds to bytes, without Node: the loops are as fast as the engine's calls of Node. */

/** Copies between strings and the bytes of one memory. */
export interface HostBytes {
  /** Writes the units of `text`, one or two bytes each; returns how many bytes it wrote. */
  write(text: string, byte: number, size: number, encoding: "latin1" | "utf16le"): number
  /** The text whose units are these bytes. */
  latin1Slice(start: number, end: number): string
  /** The text whose units are these pairs of bytes. */
  ucs2Slice(start: number, end: number): string
}

/** Units that are turned into text with one call. */
const CHUNK = 4096

/** Copying over one memory. A text of pairs begins at an even byte. */
export function hostBytes(memory: SharedArrayBuffer): HostBytes {
  const bytes = new Uint8Array(memory)
  const pairs = new Uint16Array(memory)
  return {
    write(text, byte, size, encoding) {
      if (encoding === "latin1") writeUnits(bytes, byte, text, size)
      else writeUnits(pairs, byte >>> 1, text, size >>> 1)
      return size
    },
    latin1Slice: (start, end) => textOf(bytes, start, end),
    ucs2Slice: (start, end) => textOf(pairs, start >>> 1, end >>> 1),
  }
}

function writeUnits(units: Uint8Array | Uint16Array, at: number, text: string, count: number) {
  for (let i = 0; i < count; i++) units[at + i] = text.charCodeAt(i)
}

function textOf(units: Uint8Array | Uint16Array, start: number, end: number): string {
  let text = ""
  for (let at = start; at < end; at += CHUNK)
    text += String.fromCharCode(...units.subarray(at, Math.min(at + CHUNK, end)))
  return text
}

/** A browser has no class of bytes of its own: nothing is an instance of this. */
export const ownBytes: { readonly prototype: object } = class OwnBytes {}

/** What an isolate in Node would have as its own class of bytes. */
export function ownBytesOver(
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length)
}

/** Bytes that every function of the host takes: none in shared memory. */
export function readable(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof SharedArrayBuffer ? bytes.slice() : bytes
}
