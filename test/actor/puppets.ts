/** Children without isolates: they start, end and obey at once, and write what happened. */

import type { Life, MakeLife } from "../../src/actor/child-life.ts"
import type { ExitReason } from "../../src/actor/exit.ts"
import type { ChildSpec } from "../../src/actor/spec.ts"
import type { How, ScenarioChild } from "./erlang/scenario.ts"
import type { Theatre } from "./erlang/walk.ts"

/** How each way to die is told to a supervisor. */
const REASONS: Readonly<Record<How, ExitReason>> = {
  normal: { reason: "normal" },
  shutdown: { reason: "shutdown" },
  boom: { reason: "failed", error: new Error("boom") },
  killed: { reason: "killed" },
}

/** A child that does what the test says. */
export class Puppet implements Life {
  readonly subject: this = this
  readonly id: string
  isUp = false
  starts = 0
  retired: ExitReason | undefined
  readonly #log: string[]
  readonly #child: ScenarioChild
  readonly #onExit: (reason: ExitReason) => void

  constructor(id: string, child: ScenarioChild, log: string[], onExit: (r: ExitReason) => void) {
    this.id = id
    this.#child = child
    this.#log = log
    this.#onExit = onExit
  }

  async start(): Promise<void> {
    if (this.#child.failing.includes(++this.starts)) {
      this.#log.push(`fail ${this.id}`)
      throw new Error(`${this.id} refused`)
    }
    this.isUp = true
    this.#log.push(`start ${this.id}`)
  }

  stop(): void {
    if (!this.#child.stubborn) this.die("shutdown")
  }

  kill(): void {
    this.die("killed")
  }

  die(how: How): void {
    if (!this.isUp) return
    this.isUp = false
    this.#log.push(`exit ${this.id} ${how}`)
    this.#onExit(REASONS[how])
  }

  retire(reason: ExitReason): void {
    this.retired = reason
  }
}

/** A stage for scenarios; `all` has the last puppet of each name. */
export function puppets(log: string[]): Theatre & { readonly all: Map<string, Puppet> } {
  const all = new Map<string, Puppet>()
  const starts = new Map<string, number>()
  function child(given: ScenarioChild, dynamic: boolean): ChildSpec {
    const { id, restart, significant, shutdown: shutdownMs } = given
    const make =
      (more: readonly unknown[]): MakeLife =>
      (onExit) => {
        const name = dynamic ? String(more[0]) : id
        const puppet = new Puppet(name, given, log, onExit)
        puppet.starts = starts.get(name) ?? 0
        const start = puppet.start.bind(puppet)
        puppet.start = () => start().finally(() => starts.set(name, puppet.starts))
        all.set(name, puppet)
        return puppet
      }
    return { id, restart, significant, shutdownMs, kind: "actor", make }
  }
  return {
    all,
    child,
    haste: 10,
    die: async (id, how) => all.get(id)?.die(how),
    subject: (id) => all.get(id) ?? id,
  }
}
