/** The program waits for all workers after starting each. */
import { go, type Latch, latch, type Task } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "Tu et al., ASPLOS 2019: WaitGroup.Wait inside of the loop (Docker)",
}

function work(done: Latch): void {
  done.countDown()
}

async function run(within: boolean): Promise<void> {
  const done = latch(2)
  const tasks: Task<void>[] = []
  for (let i = 0; i < 2; i++) {
    tasks.push(go(work, done))
    if (within) await done.wait()
  }
  await done.wait()
  await Promise.all(tasks)
}

export const broken = () => run(true)
export const fixed = () => run(false)
