/**
 * Bytes that lie in memory of another kind, such as that of a WebAssembly module: written from
 * there and read to there without a buffer in between.
 */

/** A typed array or its bytes, lent for the time of one encoding: it arrives as an array. */
export class Lent {
  /** The name of the array's class. */
  readonly className: string
  readonly memory: LentMemory

  /** @param read gives the bytes when they are written: their memory may have moved by then */
  constructor(className: string, byteLength: number, read: () => Uint8Array) {
    this.className = className
    this.memory = new LentMemory(byteLength, read)
  }
}

/** The buffer of what is lent. */
export class LentMemory {
  readonly byteLength: number
  readonly read: () => Uint8Array

  constructor(byteLength: number, read: () => Uint8Array) {
    this.byteLength = byteLength
    this.read = read
  }
}

/** A `Uint8Array` that was read to where this isolate wants its bytes. */
export abstract class Landed {
  abstract readonly byteLength: number
  /** A copy, for whatever else in the message names the same buffer. */
  abstract toBuffer(): ArrayBuffer
}

/** Takes the bytes of a `Uint8Array`, or refuses them: then they become an array. */
export type Landing = (bytes: Uint8Array) => Landed | undefined

let landing: Landing | undefined

/** Says where this isolate wants the bytes of arrays that arrive. */
export function landBytes(land: Landing): void {
  landing = land
}

/** Where the bytes landed; undefined when they shall become an array. */
export function landed(bytes: Uint8Array): Landed | undefined {
  return landing?.(bytes)
}

/** Whether this isolate wants bytes elsewhere. */
export function landsBytes(): boolean {
  return landing !== undefined
}
