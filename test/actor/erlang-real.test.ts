/** The scenarios again, with real actors; what Erlang/OTP did is what they must do. */

import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { after, test } from "node:test"
import { setImmediate } from "node:timers/promises"
import { type ActorRef, child, monitor } from "../../src/actor/index.ts"
import type { ChildSpec } from "../../src/actor/spec.ts"
import { shutdown, start } from "../../src/isolate/index.ts"
import type { ScenarioChild } from "./erlang/scenario.ts"
import { scenarios } from "./erlang/scenarios.ts"
import { loosely, run, type Theatre } from "./erlang/walk.ts"
import { Player, starts, written } from "./troupe.ts"

await start({ isolates: 1 })
after(() => shutdown())

const recorded: { outcomes: Record<string, string[]> } = JSON.parse(
  readFileSync(new URL("erlang/outcomes.json", import.meta.url), "utf8"),
)

/** How Erlang's log names our reasons. */
const WORDS: Readonly<Record<string, string>> = { failed: "boom" }

function stage(log: string[]): Theatre {
  const refs = new Map<string, ActorRef<Player>>()
  function spec(given: ScenarioChild, dynamic: boolean): ChildSpec {
    const { id, restart, significant, shutdown: shutdownMs } = given
    const made = child(Player, [given], { id, restart, significant, shutdownMs, on: "here" })
    return {
      ...made,
      make: (more) => (onExit) => {
        const name = dynamic ? String(more[0]) : id
        const life = made.make(more)((reason) => {
          onExit(reason)
        })
        refs.set(name, life.subject as ActorRef<Player>)
        monitor(life.subject as ActorRef<Player>, ({ ref, reason, final }) => {
          if (final || written.at(-1) === `fail ${name}`) return
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
      await setImmediate()
    },
  }
}

for (const scenario of scenarios) {
  test(`as Erlang/OTP, with actors: ${scenario.name}`, async () => {
    const log = written
    log.length = 0
    starts.clear()
    await run(scenario, log, stage(log))
    const expected = recorded.outcomes[scenario.name] as string[]
    const free = scenario.strategy === "simple-one-for-one"
    assert.deepEqual(free ? loosely(log) : log, free ? loosely(expected) : expected)
  })
}
