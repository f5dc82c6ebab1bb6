/** Two actors ask each other while they handle a message; each handles one at a time. */
import { Actor, type ActorRef, spawn } from "../../../../src/actor/index.ts"
import { go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "gen_server:call/2 between two servers, as every Erlang handbook warns",
}

class Peer extends Actor {
  #other: ActorRef<Peer> | undefined
  #version = 1

  meet(other: ActorRef<Peer>): void {
    this.#other = other
  }
  async compare(): Promise<boolean> {
    return (await this.#other?.ask.version()) === this.#version
  }
  isSameAs(version: number): boolean {
    return version === this.#version
  }
  version(): number {
    return this.#version
  }
}

async function compare(one: ActorRef<Peer>, other: ActorRef<Peer>, asks: boolean): Promise<void> {
  if (asks) await one.ask.compare()
  else await other.ask.isSameAs(await one.ask.version())
}

async function run(asks: boolean): Promise<void> {
  const [a, b] = [await spawn(Peer), await spawn(Peer)]
  await a.ask.meet(b)
  await b.ask.meet(a)
  await Promise.all([go(compare, a, b, asks), go(compare, b, a, asks)])
}

export const broken = () => run(true)
export const fixed = () => run(false)
