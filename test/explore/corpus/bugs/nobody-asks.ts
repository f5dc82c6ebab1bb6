/** A task fails and nobody asks what became of it. */
import { go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "unbounded wait",
  finds: "unhandled error",
  source: "Node.js documentation: unhandled rejections",
}

function parse(words: Int32Array): void {
  if (Atomics.add(words, 0, 1) === 1) throw new SyntaxError("second line")
}

async function run(asks: boolean): Promise<void> {
  const words = sharedArray(Int32Array, 1)
  const tasks = [go(parse, words), go(parse, words)]
  if (asks) await Promise.allSettled(tasks)
}

export const broken = () => run(false)
export const fixed = () => run(true)
