/** The process's own standard streams, written at once from whatever thread. */
import { fstatSync, readSync, writeSync } from "node:fs"

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

/** Whether standard input is a file, whose reading waits for nobody. */
export function inputIsFile(): boolean {
  try {
    return fstatSync(0).isFile()
  } catch {
    return false
  }
}

/** Standard input, as the event loop of main reads it. */
export interface Input {
  /** Whether more is read. */
  flow(on: boolean): void
}

/** `take` gets what standard input has, and undefined at its end. */
export function listenToInput(take: (bytes: Uint8Array | undefined) => void): Input {
  const { stdin } = process
  const end = (): void => take(undefined)
  stdin.on("data", (bytes: Buffer) => take(bytes))
  stdin.once("end", end)
  stdin.once("error", end)
  return {
    flow: (on) => {
      if (on) stdin.resume()
      else stdin.pause()
    },
  }
}

function isBusy(error: unknown): boolean {
  return Reflect.get(error as object, "code") === "EAGAIN"
}
