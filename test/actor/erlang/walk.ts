/** Does to a supervisor of ours what a scenario says, and writes the log. */

import assert from "node:assert/strict"
import type { Strategy } from "../../../src/actor/restart.ts"
import type { ChildSpec } from "../../../src/actor/spec.ts"
import { type Supervisor, subtree, supervise } from "../../../src/actor/supervisor.ts"
import { ChildStartError, ChildStateError } from "../../../src/errors.ts"
import type { How, Scenario, ScenarioChild, Step } from "./scenario.ts"

/** Makes children and hurts them; writes `start`, `fail` and `exit` lines. */
export interface Theatre {
  child(child: ScenarioChild, dynamic: boolean): ChildSpec
  /** Makes a child end, and resolves when its supervisor has heard of it. */
  die(id: string, how: How): Promise<void>
  /** What a call of `stopChild` takes. */
  subject(id: string): object | string
  /** How often ours is faster than Erlang, whose periods are whole seconds. */
  readonly haste: number
}

/** Resolves when the jobs of a tree that were known when it was called are done. */
export async function settle(root: Supervisor): Promise<void> {
  await idle(root)
  const inner = root.children().find(({ kind }) => kind === "supervisor")?.subject
  if (inner === undefined) return
  await idle(inner as Supervisor)
  await idle(root)
}

/** A request that changes nothing is answered when all before it are done. */
async function idle(supervisor: Supervisor): Promise<void> {
  await assert.rejects(supervisor.removeChild("nobody"), ChildStateError)
}

/** Runs one scenario. */
export async function run(scenario: Scenario, log: string[], theatre: Theatre): Promise<void> {
  const { strategy, restarts, withinS, autoShutdown, nested } = scenario
  const dynamic = strategy === "simple-one-for-one"
  const children = scenario.children.map((each) => theatre.child(each, dynamic))
  const intensity = { restarts, withinMs: (withinS * 1000) / theatre.haste }
  const tree = { strategy, intensity, autoShutdown, children }
  const options =
    nested === undefined
      ? tree
      : {
          intensity: { restarts: 1, withinMs: 3_600_000 },
          children: [subtree(tree, { id: "inner", restart: nested })],
        }
  const root: Supervisor | undefined = await supervise(options).catch((error: unknown) => {
    if (!(error instanceof ChildStartError)) throw error
    log.push("end shutdown")
    return undefined
  })
  if (root !== undefined) await play(root, scenario, log, theatre)
}

async function play(
  root: Supervisor,
  scenario: Scenario,
  log: string[],
  theatre: Theatre,
): Promise<void> {
  const asked = scenario.steps.at(-1)?.[0] === "shutdown"
  for (const each of scenario.steps) {
    if (each[0] === "counts") log.push(counted(root, scenario.strategy))
    else await step(root, each, log, theatre)
    await settle(root)
  }
  if (root.isAlive) {
    if (!asked) log.push("alive")
    await root.stop()
  }
  log.push(`end ${(await root.exited).reason}`)
}

/** Erlang counts the one template of a simple-one-for-one, not its children. */
function counted(root: Supervisor, strategy: Strategy): string {
  const { active, all } = root.counts()
  return `counts ${active} of ${strategy === "simple-one-for-one" ? 1 : all}`
}

async function step(root: Supervisor, step: Step, log: string[], theatre: Theatre): Promise<void> {
  switch (step[0]) {
    case "die":
      return theatre.die(step[1], step[2])
    case "wait":
      await new Promise((resolve) => setTimeout(resolve, step[1] / theatre.haste))
      return
    case "counts":
    case "shutdown":
      return
    case "add":
      return call(log, "add", step[1].id, () => root.add(theatre.child(step[1], false)))
    case "spawn":
      return call(log, "add", step[1], () => root.spawn(step[1]))
    case "stop":
      return call(log, "stop", step[1], () => root.stopChild(theatre.subject(step[1])))
    case "restart":
      return call(log, "restart", step[1], () => root.restartChild(step[1]))
    default:
      return call(log, "remove", step[1], () => root.removeChild(step[1]))
  }
}

async function call(
  log: string[],
  verb: string,
  id: string,
  made: () => Promise<unknown>,
): Promise<void> {
  const answer = await made().then(
    () => "ok",
    (error: unknown) => {
      if (error instanceof ChildStartError) return "refused"
      if (error instanceof ChildStateError) return error.problem.replaceAll(" ", "_")
      throw error
    },
  )
  log.push(`${verb} ${id}: ${answer}`)
}
