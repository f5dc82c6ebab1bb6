/** An actor that starts many beside itself, and stops them. */

import { Actor, type ActorRef, actor, spawn } from "../../src/actor/index.ts"
import { residents } from "../../src/actor/residents.ts"
import { here } from "../../src/internal/loop/here.ts"
import { collectGarbage } from "../../src/internal/platform/heap.ts"

export class Member extends Actor {
  static {
    actor(import.meta.url, "Member", Member)
  }
  sum = 0
  add(n: number): number {
    this.sum += n
    return this.sum
  }
}

/** What is left after a crowd has gone. */
export interface Left {
  readonly actors: number
  readonly usedBytes: number
}

export class Host extends Actor {
  static {
    actor(import.meta.url, "Host", Host)
  }
  /** Starts so many, asks each, stops all; what that left behind. */
  async crowd(count: number): Promise<Left> {
    const before = residents().length
    const members: ActorRef<Member>[] = []
    for (let i = 0; i < count; i++) members.push(await spawn(Member, [], { on: "here" }))
    const sums = await Promise.all(members.map((member, i) => member.ask.add(i)))
    if (sums.some((sum, i) => sum !== i)) throw new Error("somebody did not add up")
    for (const [i, member] of members.entries()) if (i % 2 === 0) member.stop()
    for (const [i, member] of members.entries()) if (i % 2 === 1) member.kill()
    await Promise.all(members.map(({ exited }) => exited))
    return { actors: residents().length - before, usedBytes: await this.#settled(members) }
  }

  /** Bytes of shared memory in use once the collector has seen that nobody has the references. */
  async #settled(members: ActorRef<Member>[]): Promise<number> {
    members.length = 0
    for (let i = 0; i < 5; i++) {
      collectGarbage()
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    return here().arena.statistics().usedBytes
  }
}
