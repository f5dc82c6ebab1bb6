/** Scenarios played by actors: their class, and how they are made and hurt. */
import assert from "node:assert/strict"
import { Actor, type ActorRef, child, monitor } from "../../../src/actor/index.ts"
import type { ChildSpec } from "../../../src/actor/spec.ts"
import type { ScenarioChild } from "./scenario.ts"
import type { Theatre } from "./walk.ts"

/** How Erlang's log names our reasons. */
const WORDS: Readonly<Record<string, string>> = { failed: "boom" }

/** A class of children that write into `log`; `starts` counts those of each name. */
export function playerOf(log: string[], starts: Map<string, number>) {
  return class extends Actor {
    readonly #given: ScenarioChild
    readonly #name: string
    constructor(given: ScenarioChild, name = given.id) {
      super()
      this.#given = given
      this.#name = name
    }
    override onStart(): void {
      const count = (starts.get(this.#name) ?? 0) + 1
      starts.set(this.#name, count)
      const fails = this.#given.failing.includes(count)
      log.push(`${fails ? "fail" : "start"} ${this.#name}`)
      if (fails) throw new Error(`${this.#name} refused`)
    }
    override onStop(reason: { readonly reason: string }): unknown {
      if (!this.#given.stubborn || reason.reason !== "shutdown") return undefined
      return new Promise(() => {})
    }
    boom(): never {
      throw new Error("boom")
    }
  }
}

type PlayerClass = ReturnType<typeof playerOf>
type Player = InstanceType<PlayerClass>

/**
 * A theatre of such actors, in this isolate. `turn` lets pass what a supervisor needs to hear of an
 * exit.
 */
export function troupeOf(Class: PlayerClass, log: string[], turn: () => Promise<unknown>): Theatre {
  const refs = new Map<string, ActorRef<Player>>()
  function spec(given: ScenarioChild, dynamic: boolean): ChildSpec {
    const { id, restart, significant, shutdown: shutdownMs } = given
    const made = child(Class, [given], { id, restart, significant, shutdownMs, on: "here" })
    return {
      ...made,
      make: (more) => (onExit) => {
        const name = dynamic ? String(more[0]) : id
        const life = made.make(more)(onExit)
        refs.set(name, life.subject as ActorRef<Player>)
        monitor(life.subject as ActorRef<Player>, ({ ref, reason, final }) => {
          if (final || log.at(-1) === `fail ${name}`) return
          assert.equal(ref, life.subject)
          log.push(`exit ${name} ${WORDS[reason.reason] ?? reason.reason}`)
        })
        return life
      },
    }
  }
  return {
    child: spec,
    haste: 10,
    subject: (id) => refs.get(id) ?? id,
    async die(id, how) {
      const ref = refs.get(id) as ActorRef<Player>
      const gone = new Promise<void>((resolve) => {
        const end = monitor(ref, () => {
          end()
          resolve()
        })
      })
      if (how === "boom") void ref.tell.boom()
      else if (how === "killed") ref.kill()
      else ref.stop(how)
      await gone
      await turn()
    },
  }
}
