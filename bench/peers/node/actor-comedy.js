/** Comedy: actors in memory, or in a process or thread of their own. */
import comedy from "comedy"
import { check, nanoseconds, repeated, sumBelow } from "../../harness/measure.ts"

class Leaf {
  /** @param {number} n */
  increment(n) {
    return n + 1
  }
}

/** @param {"in-memory" | "threaded"} mode */
async function leafOf(mode) {
  const system = comedy.createSystem({ test: true, log: () => {} })
  const root = await system.rootActor()
  return root.createChild(Leaf, { mode })
}

/**
 * @param {import("../../harness/scenario.ts").Context} context
 * @param {"in-memory" | "threaded"} mode
 */
export async function measurePing(context, mode) {
  const count = context.count(mode === "in-memory" ? 50_000 : 10_000)
  const leaf = await leafOf(mode)
  return repeated(context, count, async () => {
    const begin = nanoseconds()
    let sum = 0
    for (let n = 0; n < count; n++) sum += await leaf.sendAndReceive("increment", n)
    check("sum", sum, sumBelow(count) + count)
    return (nanoseconds() - begin) / 1e9
  })
}
