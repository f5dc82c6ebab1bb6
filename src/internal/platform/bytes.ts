/** What the host adds to bytes: copying strings into and out of them, and its own class of them. */

/** Copies between strings and the bytes of one memory. */
export interface HostBytes {
  /** Writes the units of `text`, one or two bytes each; returns how many bytes it wrote. */
  write(text: string, byte: number, size: number, encoding: "latin1" | "utf16le"): number
  /** The text whose units are these bytes. */
  latin1Slice(start: number, end: number): string
  /** The text whose units are these pairs of bytes. */
  ucs2Slice(start: number, end: number): string
}

/** The host's copying, over one memory. */
export function hostBytes(memory: SharedArrayBuffer): HostBytes {
  // Node's types leave the two readers out; `toString(encoding)` ends in them.
  return Buffer.from(memory as unknown as ArrayBuffer) as Buffer as unknown as HostBytes
}

/** The host's own class of bytes beside `Uint8Array`. */
export const ownBytes: { readonly prototype: object } = Buffer

/** A view of that class. */
export function ownBytesOver(
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): Uint8Array {
  // Node's types say ArrayBuffer only; it takes a SharedArrayBuffer as well.
  return Buffer.from(buffer as ArrayBuffer, byteOffset, length)
}

/** Bytes that every function of the host takes: here those in shared memory too. */
export function readable(bytes: Uint8Array): Uint8Array {
  return bytes
}
