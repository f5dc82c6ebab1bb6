/** A task looks an actor up by a name that it gets only after it has started. */
import assert from "node:assert/strict"
import { Actor, register, spawn, whereis } from "../../../../src/actor/index.ts"
import { go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "use before start",
  finds: "error",
  source:
    "Christakis, Sagonas: Static detection of race conditions in Erlang, 2010: whereis/register",
}

class Log extends Actor {
  #lines = 0

  note(): number {
    return ++this.#lines
  }
}

async function note(): Promise<void> {
  const log = whereis<Log>("log")
  assert.ok(log !== undefined, "there is a log")
  await log.ask.note()
}

async function run(atOnce: boolean): Promise<void> {
  const log = atOnce ? await spawn(Log, [], { name: "log" }) : undefined
  const task = go(note)
  if (log === undefined) register("log", await spawn(Log))
  await task
}

export const broken = () => run(false)
export const fixed = () => run(true)
