import type { Channel } from "../../src/channel/index.ts"
import { current, task } from "../../src/task/index.ts"

/** Says in `flag` that it began, receives until it has `count` values, and says so too. */
export const countTo = task(
  import.meta.url,
  "countTo",
  async (numbers: Channel<number>, count: number, flag: Int32Array): Promise<number> => {
    signal(flag, 0)
    let seen = 0
    while (seen < count) {
      if (numbers.tryReceive().state === "ok") seen++
      else await current().yield()
    }
    signal(flag, 1)
    return seen
  },
)

function signal(flag: Int32Array, place: number): void {
  Atomics.store(flag, place, 1)
  Atomics.notify(flag, place)
}
