/** Sends every buffer back, transferred or copied, after writing its first byte. */
import { parentPort } from "node:worker_threads"

parentPort?.on("message", ({ bytes, transfer }: { bytes: Uint8Array; transfer: boolean }) => {
  bytes[0]++
  parentPort?.postMessage(bytes, transfer ? [bytes.buffer as ArrayBuffer] : [])
})
