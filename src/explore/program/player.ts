/** A task of an explored program, in a simulated isolate of its own; the first is the program. */
import type { TaskContext } from "../../task/context.ts"
import type { Entry } from "./entry.ts"

/** How a task has ended. */
export type Ending =
  | { readonly state: "completed"; readonly value: unknown }
  | { readonly state: "failed"; readonly error: unknown }
  | { readonly state: "died"; readonly error: unknown }

/** One task. */
export class Player {
  /** Stable across the executions of one exploration. */
  readonly key: number
  /** Order of creation in this execution: the simulated isolate, 0 is main. */
  readonly isolate: number
  readonly name: string
  readonly parent: Player | undefined
  /** The place that all its steps write. */
  readonly place: number
  readonly entries: (Entry | undefined)[] = []
  /** Tasks started so far. */
  children = 0
  ending: Ending | undefined
  /** Somebody has asked what became of it. */
  heard = false
  context: TaskContext | undefined
  /** Its code is running or its deed is being done. */
  begun = false

  constructor(
    key: number,
    isolate: number,
    name: string,
    parent: Player | undefined,
    place: number,
  ) {
    this.key = key
    this.isolate = isolate
    this.name = name
    this.parent = parent
    this.place = place
  }

  /** How reports call it. */
  get title(): string {
    return this.isolate === 0 ? "main" : `${this.isolate} ${this.name}`
  }
}
