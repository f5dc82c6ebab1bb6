/** An actor whose method blocks its thread. */
import { actor } from "../../src/actor/index.ts"
import type { Receiver } from "../../src/channel/index.ts"
import { Telling } from "./telling.ts"

export class Blocker extends Telling {
  static {
    actor(import.meta.url, "Blocker", Blocker)
  }
  readonly log: string[] = []

  /** Blocks until something is sent. */
  block(source: Receiver<number>): number {
    this.log.push("begin")
    Atomics.add(this.told, 0, 1)
    const value = source.receiveSync()
    this.log.push("end")
    return value
  }

  note(n: number): number {
    this.log.push(`note ${n}`)
    return n
  }

  read(): string[] {
    return this.log
  }
}
