/** The process's own standard streams, written at once from whatever thread. */
import { readSync, writeSync } from "node:fs"

/** Milliseconds before a stream that takes nothing now is asked again. */
const FULL_NAP_MS = 1

const nap = new Int32Array(new SharedArrayBuffer(4))

/** Writes all bytes to a stream of the process; waits while the stream is full. */
export function writeStream(fd: 1 | 2, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(fd, bytes, written)
    } catch (error) {
      if (!isBusy(error)) throw error
      Atomics.wait(nap, 0, 0, FULL_NAP_MS)
    }
  }
}

/** Reads what standard input has, waiting for something; 0 at its end. */
export function readStream(buffer: Uint8Array): number {
  for (;;) {
    try {
      return readSync(0, buffer)
    } catch (error) {
      if (Reflect.get(error as object, "code") === "EOF") return 0
      if (!isBusy(error)) throw error
      Atomics.wait(nap, 0, 0, FULL_NAP_MS)
    }
  }
}

function isBusy(error: unknown): boolean {
  return Reflect.get(error as object, "code") === "EAGAIN"
}
