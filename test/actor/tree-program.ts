/** A program of two trees, for tests of how it ends: `tree-program.ts [wait] [stubborn]`. */
import { writeSync } from "node:fs"
import { isMainThread } from "node:worker_threads"
import { Actor, actor, child, supervise } from "../../src/actor/index.ts"
import { shutdown, start } from "../../src/isolate/index.ts"

export class Leaf extends Actor {
  static {
    actor(import.meta.url, "Leaf", Leaf)
  }
  readonly number: number
  constructor(number: number) {
    super()
    this.number = number
  }
  override onStop(): Promise<never> | undefined {
    if (this.number === 0) return new Promise(() => {})
    writeSync(1, `stop ${this.number}\n`)
    return undefined
  }
}

if (isMainThread) {
  const flags = process.argv.slice(2)
  await start({ isolates: 2 })
  const numbered = (...numbers: number[]) =>
    numbers.map((number) => child(Leaf, [number], { id: `${number}` }))
  const stubborn = child(Leaf, [0], { id: "stubborn", shutdownMs: "infinity" })
  const more = flags.includes("stubborn") ? [stubborn] : []
  await supervise({ name: "first", children: numbered(1, 2) })
  const second = await supervise({ name: "second", children: [...numbered(3, 4), ...more] })
  writeSync(1, "ready\n")
  if (flags.includes("wait")) await second.exited
  else {
    const graceMs = flags.includes("stubborn") ? 50 : 5_000
    await shutdown({ graceMs }).catch(({ code, message }) => {
      writeSync(1, `${code} ${message}\n`)
    })
    writeSync(1, "over\n")
  }
}
