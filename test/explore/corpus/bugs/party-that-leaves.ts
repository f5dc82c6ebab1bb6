/** One party leaves before the barrier; the others wait for it. */
import { type Barrier, barrier, go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "unbounded wait",
  finds: "deadlock",
  source: "Tu et al., ASPLOS 2019: early return before the group is told",
}

async function work(all: Barrier, words: Int32Array, leaves: boolean): Promise<void> {
  const first = Atomics.add(words, 0, 1) === 0
  if (first && leaves) return
  await all.wait()
}

async function run(leaves: boolean): Promise<void> {
  const all = barrier(2)
  const words = sharedArray(Int32Array, 1)
  await Promise.all([go(work, all, words, leaves), go(work, all, words, leaves)])
}

export const broken = () => run(true)
export const fixed = () => run(false)
