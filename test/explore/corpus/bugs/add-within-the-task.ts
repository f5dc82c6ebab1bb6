/** Tasks count themselves in when they begin; whoever waits for none has seen none yet. */
import assert from "node:assert/strict"
import { current, go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "order",
  finds: "error",
  source: "Tu et al., ASPLOS 2019: WaitGroup.Add inside of the goroutine (etcd)",
}

function work(words: Int32Array, countsItself: boolean): void {
  if (countsItself) Atomics.add(words, 0, 1)
  Atomics.add(words, 1, 1)
  Atomics.sub(words, 0, 1)
}

async function run(countsItself: boolean): Promise<void> {
  const words = sharedArray(Int32Array, 2)
  if (!countsItself) Atomics.add(words, 0, 2)
  const tasks = [go(work, words, countsItself), go(work, words, countsItself)]
  while (Atomics.load(words, 0) > 0) await current().yield()
  assert.equal(Atomics.load(words, 1), 2, "waited for all")
  await Promise.all(tasks)
}

export const broken = () => run(true)
export const fixed = () => run(false)
