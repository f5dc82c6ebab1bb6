/**
 * A program of two trees, for tests of how it ends: `tree-program.ts [wait] [stubborn] [dying]
 * [late] [abroad]`; abroad, the second lives in another isolate; late, a third begins meanwhile.
 */
import { writeSync } from "node:fs"
import { Actor, type ActorRef, actor, child, spawn, supervise } from "../../src/actor/index.ts"
import { sharedArray, shutdown, start } from "../../src/isolate/index.ts"
import { readPorts } from "../../src/isolate/mesh.ts"

export class Leaf extends Actor {
  static {
    actor(import.meta.url, "Leaf", Leaf)
  }
  readonly number: number
  readonly asked: Int32Array | undefined
  constructor(number: number, asked?: Int32Array) {
    super()
    this.number = number
    this.asked = asked
  }
  override onStop(): Promise<never> | undefined {
    if (this.asked !== undefined) Atomics.store(this.asked, 0, 1)
    if (this.number === 0) return new Promise(() => {})
    if (this.number < 0) process.exit(3)
    writeSync(1, `stop ${this.number}\n`)
    return undefined
  }
}

function numbered(...numbers: number[]) {
  return numbers.map((number) => child(Leaf, [number], { id: `${number}`, on: 2 }))
}

function second(last: readonly string[], asked: Int32Array) {
  const stubborn = child(Leaf, [0, asked], { id: "stubborn", shutdownMs: "infinity" })
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

  async plant(last: readonly string[], asked: Int32Array): Promise<void> {
    await second(last, asked)
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

const GRACE_MS = 60_000

/** Time is over when the stubborn one has been asked, and main has heard who stands there. */
function hastenWhen(asked: Int32Array): void {
  const looking = setInterval(() => {
    if (Atomics.load(asked, 0) === 0) return
    clearInterval(looking)
    readPorts()
    const now = performance.now.bind(performance)
    performance.now = () => now() + GRACE_MS
  }, 1)
}

if (import.meta.main) {
  const flags = process.argv.slice(2)
  await start({ isolates: 2 })
  await supervise({ name: "first", children: numbered(1, 2) })
  const asked = sharedArray(Int32Array, 1)
  const gardener = await spawn(Gardener, [], { on: 1 })
  let ended: Promise<unknown> = gardener.exited
  if (flags.includes("abroad")) await gardener.ask.plant(flags, asked)
  else ended = (await second(flags, asked)).exited
  writeSync(1, "ready\n")
  if (flags.includes("stubborn")) hastenWhen(asked)
  if (flags.includes("wait")) await ended
  else {
    const over = shutdown({ graceMs: GRACE_MS }).catch(({ code, message }) => {
      writeSync(1, `${code} ${message}\n`)
    })
    if (flags.includes("late")) await supervise({ name: "late", children: numbered(5) })
    await over
    writeSync(1, "over\n")
  }
}
