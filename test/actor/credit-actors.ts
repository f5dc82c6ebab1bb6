/** Actors that name their sender. */
import { Actor, type ActorRef, actor } from "../../src/actor/index.ts"

const url = import.meta.url

export class Hearer extends Actor {
  static {
    actor(url, "Hearer", Hearer)
  }
  senders: (number | undefined)[] = []
  hear(): void {
    this.senders.push(this.sender?.id)
  }
  heard(): (number | undefined)[] {
    return this.senders
  }
}

export class Teller extends Actor {
  static {
    actor(url, "Teller", Teller)
  }
  async tell(hearer: ActorRef<Hearer>, times: number): Promise<void> {
    for (let i = 0; i < times; i++) await hearer.tell.hear()
  }
  exitProcess(): never {
    process.exit(3)
  }
}
