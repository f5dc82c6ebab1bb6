/**
 * A program of two trees, for tests of how it ends: `tree-program.ts [wait] [stubborn] [dying]
 * [abroad]`; abroad, the second lives in another isolate.
 */
import { writeSync } from "node:fs"
import { Actor, type ActorRef, actor, child, spawn, supervise } from "../../src/actor/index.ts"
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
    if (this.number < 0) process.exit(3)
    writeSync(1, `stop ${this.number}\n`)
    return undefined
  }
}

function numbered(...numbers: number[]) {
  return numbers.map((number) => child(Leaf, [number], { id: `${number}`, on: 2 }))
}

function second(last: readonly string[]) {
  const stubborn = child(Leaf, [0], { id: "stubborn", shutdownMs: "infinity" })
  const dying = child(Leaf, [-1], { id: "dying", on: 1 })
  const more = [stubborn, dying].filter(({ id }) => last.includes(id))
  const children = [...numbered(3, 4), ...more]
  return supervise({ name: "second", children })
}

/** Makes the second tree where it lives. */
export class Gardener extends Actor {
  static {
    actor(import.meta.url, "Gardener", Gardener)
  }

  async plant(last: readonly string[]): Promise<void> {
    await second(last)
  }

  /** A child in another isolate. */
  async raise(on: number): Promise<ActorRef<Leaf>> {
    const tree = await supervise({ children: [child(Leaf, [5], { id: "far", on })] })
    return tree.child("far")
  }

  die(): never {
    process.exit(3)
  }
}

if (import.meta.main) {
  const flags = process.argv.slice(2)
  await start({ isolates: 2 })
  await supervise({ name: "first", children: numbered(1, 2) })
  const isStubborn = flags.includes("stubborn")
  const gardener = await spawn(Gardener, [], { on: 1 })
  let ended: Promise<unknown> = gardener.exited
  if (flags.includes("abroad")) await gardener.ask.plant(flags)
  else ended = (await second(flags)).exited
  writeSync(1, "ready\n")
  if (flags.includes("wait")) await ended
  else {
    const graceMs = isStubborn ? 50 : 60_000
    await shutdown({ graceMs }).catch(({ code, message }) => {
      writeSync(1, `${code} ${message}\n`)
    })
    writeSync(1, "over\n")
  }
}
