/** Shuts down while questions are open: `ending-program.ts here|1|relay|itself [ms [graceMs]]`. */
import { writeSync } from "node:fs"
import { Actor, type ActorRef, actor, spawn } from "../../src/actor/index.ts"
import type { ShutdownTimeoutError } from "../../src/errors.ts"
import { shutdown } from "../../src/isolate/index.ts"

export class Clerk extends Actor {
  static {
    actor(import.meta.url, "Clerk", Clerk)
  }
  async work(ms: number): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, ms))
    return "worked"
  }
  async close(): Promise<string> {
    await shutdown({ graceMs: 600_000 })
    return "closed"
  }
  async pass(to: ActorRef<Clerk>, ms: number): Promise<void> {
    writeSync(1, `${await to.ask.work(ms)}\n`)
  }
}

if (import.meta.main) {
  const [where, ms = "20", graceMs = "10000"] = process.argv.slice(2)
  const clerk = await spawn(Clerk, [], { on: where === "here" ? "here" : 1 })
  if (where === "itself") {
    const closing = await spawn(Clerk, [], { on: "here" })
    writeSync(1, `${await closing.ask.close()}\n`)
  } else if (where === "relay") {
    const other = await spawn(Clerk, [], { on: 2 })
    await clerk.tell.pass(other, Number(ms))
    while (other.statistics().handled === 0) await new Promise(setImmediate)
  } else
    void clerk.ask.work(Number(ms)).then(
      (answer) => writeSync(1, `${answer}\n`),
      () => writeSync(1, "lost\n"),
    )
  await shutdown({ graceMs: Number(graceMs) }).then(
    () => writeSync(1, "shut down\n"),
    ({ busy }: ShutdownTimeoutError) => writeSync(1, `busy: ${busy}\n`),
  )
}
