/** A thread that collects its garbage when the others do, several times anew. */
import { parentPort, workerData } from "node:worker_threads"

const { words, threads, rounds } = workerData as {
  words: Int32Array
  threads: number
  rounds: number
}
for (let round = 0; round < rounds; round++) {
  // A fresh module each time: it has to find the collector again.
  const { collectGarbage } = await import(`../../../src/internal/platform/heap.ts?${round}`)
  Atomics.add(words, round, 1)
  while (Atomics.load(words, round) < threads);
  collectGarbage()
}
parentPort?.postMessage("done")
