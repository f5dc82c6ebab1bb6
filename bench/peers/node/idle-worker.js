/** A worker that answers one message and stays. */
import { parentPort } from "node:worker_threads"

parentPort?.on("message", (value) => parentPort?.postMessage(value + 1))
