/**
 * The scenarios that Erlang/OTP has run, with explored actors: whatever the schedule, the events
 * are those that were recorded.
 */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { Actor, type ActorRef, child, monitor } from "../../../src/actor/index.ts"
import type { ChildSpec } from "../../../src/actor/spec.ts"
import { explore } from "../../../src/explore/index.ts"
import type { ScenarioChild } from "../../actor/erlang/scenario.ts"
import { scenarios } from "../../actor/erlang/scenarios.ts"
import { loosely, run, type Theatre } from "../../actor/erlang/walk.ts"

const SCHEDULES = process.env.HEDDLE_LONG === "1" ? 50 : 3

const recorded: { outcomes: Record<string, string[]> } = JSON.parse(
  readFileSync(new URL("../../actor/erlang/outcomes.json", import.meta.url), "utf8"),
)

/** How Erlang's log names our reasons. */
const WORDS: Readonly<Record<string, string>> = { failed: "boom" }

/** A class of children that write into this log; made anew in each run of a program. */
function playerOf(log: string[], starts: Map<string, number>) {
  return class Player extends Actor {
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

type Player = InstanceType<ReturnType<typeof playerOf>>

function stage(log: string[]): Theatre {
  const refs = new Map<string, ActorRef<Player>>()
  const Class = playerOf(log, new Map())
  function spec(given: ScenarioChild, dynamic: boolean): ChildSpec {
    const { id, restart, significant, shutdown: shutdownMs } = given
    const made = child(Class, [given], { id, restart, significant, shutdownMs, on: "here" })
    return {
      ...made,
      make: (more) => (onExit) => {
        const name = dynamic ? String(more[0]) : id
        const life = made.make(more)(onExit)
        refs.set(name, life.subject as ActorRef<Player>)
        monitor(life.subject as ActorRef<Player>, ({ reason, final }) => {
          if (final || log.at(-1) === `fail ${name}`) return
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
      await new Promise((resolve) => setTimeout(resolve, 0))
    },
  }
}

for (const scenario of scenarios) {
  test(`explored, as Erlang/OTP: ${scenario.name}`, async () => {
    const expected = recorded.outcomes[scenario.name]
    const free = scenario.strategy === "simple-one-for-one"
    await explore(
      async () => {
        const log: string[] = []
        await run(scenario, log, stage(log))
        assert.deepEqual(free ? loosely(log) : log, free ? loosely(expected) : expected)
      },
      { strategy: "random", schedulesMax: SCHEDULES, name: scenario.name },
    )
  })
}
