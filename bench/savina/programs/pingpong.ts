/** Two actors send one message to and fro. Checked: both have counted every round. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { expect, me, type Program } from "../kit.ts"

export class Ping extends Actor {
  static {
    actor(import.meta.url, "Ping", Ping)
  }
  left: number
  answered = 0
  readonly pong: ActorRef<Pong>
  readonly report: ActorRef<Takes<number>>
  constructor(rounds: number, pong: ActorRef<Pong>, report: ActorRef<Takes<number>>) {
    super()
    this.left = rounds
    this.pong = pong
    this.report = report
  }
  send(): void {
    this.left--
    void this.pong.tell.ping(me<Ping>(this))
  }
  answer(): void {
    this.answered++
    if (this.left > 0) this.send()
    else void this.report.tell(this.answered)
  }
}

export class Pong extends Actor {
  static {
    actor(import.meta.url, "Pong", Pong)
  }
  count = 0
  ping(from: ActorRef<Ping>): void {
    this.count++
    void from.tell.answer()
  }
  counted(): number {
    return this.count
  }
}

interface Sizes {
  readonly rounds: number
}

export const program: Program<Sizes> = {
  name: "pingpong",
  suite: { rounds: 40_000 },
  small: { rounds: 300 },
  async run({ rounds }, stage) {
    const { report, all } = await stage.gather<number>(1)
    const pong = await stage.spawn(Pong, [])
    const ping = await stage.spawn(Ping, [rounds, pong, report])
    await ping.tell.send()
    expect("answers", (await all)[0], rounds)
    expect("pings", await pong.ask.counted(), rounds)
  },
}
