/** A program whose actor ticks for ever: it ends when nobody waits for anything. */
import { writeSync } from "node:fs"
import { Actor, actor, spawn } from "../../src/actor/index.ts"

export class Ticking extends Actor {
  static {
    actor(import.meta.url, "Ticking", Ticking)
  }
  ticks = 0
  third: PromiseWithResolvers<number> = Promise.withResolvers<number>()
  override onStart(): void {
    this.every(1, "tick")
    this.after(3_600_000, "tick")
  }
  tick(): void {
    if (++this.ticks === 3) this.third.resolve(this.ticks)
  }
}

export class Listener extends Ticking {
  static {
    actor(import.meta.url, "Listener", Listener)
  }
  override onStart(): void {
    super.onStart()
    void this.third.promise.then((ticks) => this.self.stop(ticks))
  }
}

if (import.meta.main) {
  const on = process.argv[2] === "main" ? "main" : 1
  await spawn(Ticking, [], { on })
  const listener = await spawn(Listener, [], { on })
  const { detail } = await listener.exited
  writeSync(1, `ticks: ${detail}\n`)
}
